"""The sample service's process: ``python -m tests.stack.run_sample 127.0.0.1:PORT``."""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import os
import sys

from services.plumbing.runtime.runner import Placed, run
from tests.stack.sample import SampleService

if __name__ == "__main__":
    run({SampleService.name: Placed(SampleService, sys.argv[1])}, os.environ["BANCHENG_OPERATIONS_ADDRESS"])
