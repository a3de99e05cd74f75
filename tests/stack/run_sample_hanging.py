"""The sample service's process, whose only thread hangs in C from SIGUSR1 on, with limits shortened to 2 s.

``python -m tests.stack.run_sample_hanging 127.0.0.1:PORT``
"""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import os
import signal
import sys
from typing import Any

from eventlet import patcher

from services.plumbing.runtime import hard_limits, telemetry
from services.plumbing.runtime.runner import Placed, run
from tests.stack.sample import SampleService

LIMIT_S = 2.0


def _hang(_number: int, _frame: Any) -> None:
    telemetry.STALLED_AFTER_SECONDS = 2 * LIMIT_S
    print("hanging", file=sys.stderr, flush=True)
    patcher.original("time").sleep(600)


if __name__ == "__main__":
    hard_limits.STOP_SECONDS = LIMIT_S
    signal.signal(signal.SIGUSR1, _hang)
    run({SampleService.name: Placed(SampleService, sys.argv[1])}, os.environ["BANCHENG_OPERATIONS_ADDRESS"])
