"""What all tests share: the real servers that they may ask for, and the report's line on the examples at hand."""

import gc
import signal
from collections.abc import Generator, Iterator

import pytest

from tests.stack.distribution import ProgramMissing

LONGEST_NAME = 40

pytest_plugins = ("tests.stack.fixtures", "tests.unit.worked_examples")

# A shell has what it runs in the background ignore Ctrl-C, and whatever that starts would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note in the report that a program is missing that cannot be installed."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, ProgramMissing):
        report.program_missing = str(call.excinfo.value)  # type: ignore[attr-defined]
    return report


class EndOfRun:
    """Ends the run when a program is missing: a thousand tests would only say it again."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if message := getattr(report, "program_missing", None):
            pytest.exit(message, returncode=pytest.ExitCode.TESTS_FAILED)


def pytest_configure(config: pytest.Config) -> None:
    """Of several processes that share the tests, the one that leads the others ends the run."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(EndOfRun())


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long texts may hold tokens or ids that are new in each process; all that share the tests must agree on names."""
    return argname if isinstance(val, str | bytes) and len(val) > LONGEST_NAME else None


@pytest.fixture(scope="module")
def nothing_to_collect() -> Iterator[None]:
    """For what measures short times: walking all that a thousand tests left in memory takes Python longer."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
