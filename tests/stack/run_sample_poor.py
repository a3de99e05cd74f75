"""The sample service's process with few files to open: ``python -m tests.stack.run_sample_poor 127.0.0.1:PORT``."""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import os
import resource
import sys

from services.plumbing.runtime.runner import Placed, run
from tests.stack.sample import SampleService

FILES = 256
"""Which allows (256 - 128) / 3 = 42 connections."""

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    run({SampleService.name: Placed(SampleService, sys.argv[1])}, os.environ["BANCHENG_OPERATIONS_ADDRESS"])
