"""The sample service of the version before, which knows no `NoteCopied`: it runs beside a newer one in a release.

``python -m tests.stack.run_sample_before 127.0.0.1:PORT``
"""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import os
import sys

from schemas.events.event import VOCABULARY
from services.plumbing.runtime.runner import Placed, run
from tests.stack.sample import NoteCopied, SampleService

if __name__ == "__main__":
    del SampleService.copy, VOCABULARY[NoteCopied.TYPE]
    run({SampleService.name: Placed(SampleService, sys.argv[1])}, os.environ["BANCHENG_OPERATIONS_ADDRESS"])
