"""What all tests share: the real servers that they may ask for, and the report's line on the examples at hand."""

import signal
from collections.abc import Generator

import pytest

from tests.stack.distribution import ProgramMissing

pytest_plugins = ("tests.stack.fixtures", "tests.unit.worked_examples")

# A shell has what it runs in the background ignore Ctrl-C, and whatever that starts would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """End the run where a program is missing that cannot be installed: a thousand tests would only say it again."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, ProgramMissing):
        pytest.exit(str(call.excinfo.value), returncode=pytest.ExitCode.TESTS_FAILED)
    return report
