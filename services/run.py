"""The process that runs services: ``python -m services.run intake routing deadline_watch``."""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import sys

from services.composition import SERVICES, operations_address
from services.plumbing.runtime.runner import run

if __name__ == "__main__":
    run({name: SERVICES[name].placed(name) for name in sys.argv[1:]}, operations_address(sys.argv[1]))
