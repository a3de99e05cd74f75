"""The process that runs services: ``python -m services.run intake routing deadline_watch``."""

import services.plumbing.patched  # noqa: F401  isort: skip

import sys

from services.house import ROOMS, operations_address
from services.plumbing.runner import run

if __name__ == "__main__":
    run({name: ROOMS[name].placed(name) for name in sys.argv[1:]}, operations_address(sys.argv[1]))
