"""One service's process: ``python -m tests.stack.run_one services.intake.service:IntakeService 127.0.0.1:PORT``.

Unlike `services.run` it imports no other service, so that a test of one stands for itself.
"""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import os
import sys
from importlib import import_module

from services.plumbing.runtime.runner import Placed, run

if __name__ == "__main__":
    module, _, name = sys.argv[1].partition(":")
    service = getattr(import_module(module), name)
    run({service.name: Placed(service, sys.argv[2])}, os.environ["BANCHENG_OPERATIONS_ADDRESS"])
