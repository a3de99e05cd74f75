"""What all tests share: the real servers that they may ask for, and the report's line on the examples at hand."""

import fcntl
import gc
import signal
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.stack.distribution import ProgramMissing

LONGEST_NAME = 40
TESTS = Path(__file__).parent
SLOW = (
    "faults/test_selection.py",
    "integration/test_any_order_on_the_broker.py",
    "faults/test_close_of_business.py",
    "faults/test_broker_outages.py",
    "faults/test_database_outages.py",
    "faults/test_dead_letters.py",
    "faults/test_reconciliation.py",
    "faults/test_checker.py",
    "histories/test_histories.py",
    "histories/test_races.py",
    "histories/test_long_run.py",
    "e2e/test_openapi.py",
    "browser/test_pages.py",
    "browser/test_day.py",
    "e2e/test_demo.py",
    "e2e/test_demo_desks.py",
    "e2e/test_journeys.py",
    "e2e/test_replay.py",
    "e2e/test_timeline.py",
    "e2e/test_selfcheck.py",
    "integration/test_bench_smoke.py",
    "integration/test_stack.py",
    "integration/test_http_hostile.py",
    "integration/test_http_wire.py",
    "integration/test_http_bodies.py",
    "integration/test_http_abuse.py",
    "integration/test_intake_keys.py",
    "integration/test_logins.py",
    "integration/test_desk_login.py",
    "integration/test_broker_users.py",
    "integration/test_broker_definitions.py",
    "integration/test_deadline_watch.py",
    "integration/test_unconfirmed_marks.py",
    "integration/test_watch_held.py",
    "integration/test_stopping.py",
    "integration/test_event_loop_failures.py",
    "integration/test_no_request_holds_up_others.py",
    "integration/test_intake_gives_way.py",
    "integration/test_watermarks.py",
    "integration/test_replicas.py",
    "integration/test_retry_queue.py",
    "integration/test_inbox_poison.py",
    "integration/test_forged_events.py",
    "integration/test_foreign_centers.py",
    "integration/test_operations_port.py",
    "integration/test_clock.py",
    "integration/routing/test_timeline_pages.py",
    "integration/notify/test_killed.py",
    "integration/routing/test_gone_departments.py",
    "contract/test_monitoring.py",
)
"""Files of tests that take long, the longest first. They begin first, so that none is left over at the end of a run,
and are marked ``slow``.
"""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests, and put them first, the longest before all; the order within a file stays.

    Files with a test that is to be alone come last: each of them would stop the others in the middle of theirs.
    """
    places = {TESTS / name: place for place, name in enumerate(SLOW)}
    if gone := [str(path) for path in places if not path.exists()]:
        raise pytest.UsageError(f"SLOW names files that are not there: {gone}")
    for item in items:
        if item.path in places:
            item.add_marker(pytest.mark.slow)
    alone = {item.path for item in items if item.get_closest_marker("alone")}
    items.sort(key=lambda item: (item.path in alone, places.get(item.path, len(places))))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test that is marked ``alone`` measures time: while it runs, no other process of a run begins a test.

    Whoever wants to begin waits at the gate, so that those who come later cannot keep a test that waits from its turn.
    """
    if not hasattr(item.config, "workerinput"):
        return (yield)
    # Of this run alone: a test may start a run of its own, which must not wait for the one that waits for it.
    place = Path(tempfile.gettempdir()) / f"bancheng-tests-{item.config.workerinput['testrunuid']}"
    with place.with_suffix(".gate").open("w") as gate, place.with_suffix(".turn").open("w") as lock:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        return (yield)


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
