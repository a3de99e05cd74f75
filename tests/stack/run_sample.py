"""The sample service's process: ``python -m tests.stack.run_sample [before | poor] 127.0.0.1:PORT``.

``before`` is the version before, which knows no `NoteCopied` and runs beside a newer one in a release; ``poor`` may
open but few files.
"""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import os
import resource
import sys

from schemas.events.event import VOCABULARY
from services.plumbing.runtime.runner import Placed, run
from tests.stack.sample import NoteCopied, SampleService

FILES = 256
"""Which allows (256 - 128) / 3 = 42 connections."""

if __name__ == "__main__":
    *how, address = sys.argv[1:]
    if "before" in how:
        del SampleService.copy, VOCABULARY[NoteCopied.TYPE]
    if "poor" in how:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    run({SampleService.name: Placed(SampleService, address)}, os.environ["BANCHENG_OPERATIONS_ADDRESS"])
