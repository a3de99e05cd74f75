"""Prometheus's own judge of its files: checks configurations and rules, and runs the unit tests of alerts."""

import functools
import shutil
import subprocess
from pathlib import Path

from tests.stack.distribution import NotInstallable, install

_HELP = """These tests need promtool. Any one of these will do:
  - put it into the PATH: apt-get install prometheus, dnf install golang-github-prometheus, brew install prometheus
  - run the tests as root on Debian or Ubuntu, and they install it"""


class PromtoolMissing(RuntimeError):
    """There is no promtool here and it could not be installed; the message says what to do."""


def promtool(*arguments: str | Path) -> None:
    """Run it. Raises AssertionError with what it says when it finds something wrong, or PromtoolMissing."""
    done = subprocess.run([_program(), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@functools.cache
def _program() -> str:
    found = shutil.which("promtool")
    if found is None:
        try:
            install("prometheus")
        except NotInstallable as error:
            raise PromtoolMissing(f"{_HELP}\n{error}") from None
        found = shutil.which("promtool")
    if found is None:
        raise PromtoolMissing(_HELP)
    return found
