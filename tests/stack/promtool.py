"""Prometheus's own judge of its files: checks configurations and rules, and runs the unit tests of alerts."""

import subprocess
from pathlib import Path

from tests.stack.distribution import in_path, require

_ADVICE = """These tests need promtool. Any one of these will do:
  - put it into the PATH: apt-get install prometheus, dnf install golang-github-prometheus, brew install prometheus
  - run the tests as root on Debian or Ubuntu, and they install it"""


def promtool(*arguments: str | Path) -> None:
    """Run it. Raises AssertionError with what it says when it finds something wrong, or ProgramMissing."""
    program = require(lambda: in_path("promtool"), "prometheus", _ADVICE)
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
