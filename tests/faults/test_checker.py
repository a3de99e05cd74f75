"""The checker is checked: of a house that kept its promises it says nothing; where anything is forged, it says what."""

import copy
import dataclasses
import re
import shutil
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.faults.checker import violations
from tests.faults.observations import FaultPeriod, Observations
from tests.faults.result import Size
from tests.faults.run import Run

Forgery = Callable[[Observations], None]


_SEEN = "only the row itself can see this"


@pytest.fixture(scope="module")
def run() -> Run:
    """A house without a fault, after a day and a half; its row has something to complain about all the same."""
    run = Run(0, "nothing is broken", 1, Size(tickets=80, seconds=22))
    shutil.rmtree(run.folder, ignore_errors=True)
    with run.house(), run.fault("none at all"):
        run.expect(False, _SEEN)
    return run


@pytest.fixture(scope="module")
def truth(run: Run) -> Observations:
    """What the house left behind."""
    assert run.result.violations == [_SEEN]
    return run.observations


def test_the_logs_of_a_failed_run_are_kept(run: Run) -> None:
    logs = sorted(run.folder.glob("*.log"))
    assert len(logs) == 3
    assert all('"event": "started"' in log.read_text() for log in logs)


def _forged(truth: Observations, forge: Forgery) -> list[str]:
    copied = copy.deepcopy(truth)
    forge(copied)
    return violations(dataclasses.replace(copied))  # made anew, so that the events are looked through again


def _lose_a_ticket(observations: Observations) -> None:
    observations.tables["routing_tickets"].pop()


def _lose_a_ticket_everywhere(observations: Observations) -> None:
    for name in ("intake_tickets", "routing_tickets", "watched_tickets"):
        observations.tables[name].sort(key=lambda row: str(row["id"]))
        observations.tables[name].pop()


def _store_a_ticket_twice(observations: Observations) -> None:
    observations.tables["intake_tickets"].append(
        observations.tables["intake_tickets"][0] | {"id": "another", "number": "BC-1"}
    )


def _give_a_number_twice(observations: Observations) -> None:
    first, second = observations.tables["intake_tickets"][:2]
    second["number"] = first["number"]


def _swallow(type_: str) -> Forgery:
    def swallow(observations: Observations) -> None:
        observations.published.remove(next(each for each in observations.published if each["type"] == f"{type_}.v1"))

    return swallow


def _repeat(type_: str, times: int = 1) -> Forgery:
    def repeat(observations: Observations) -> None:
        """The first event of a type is said again, as if it were another."""
        said = next(each for each in observations.published if each["type"] == f"{type_}.v1")
        observations.published.extend(copy.deepcopy(said) | {"id": str(uuid.uuid4())} for _ in range(times))

    return repeat


def _forget_a_delivery(observations: Observations) -> None:
    observations.taken["routing"].remove(
        next(e["id"] for e in observations.published if e["type"] == "ticket.registered.v1")
    )


def _be_early(observations: Observations) -> None:
    said = next(each for each in observations.published if each["type"] == "deadline.breached.v1")
    said["time"] = (observations.starts_at).isoformat()


def _be_late(observations: Observations) -> None:
    observations.faults.clear()
    said = next(each for each in observations.published if each["type"] == "deadline.breached.v1")
    said["time"] = (observations.now + timedelta(days=3)).isoformat()


def _turn_a_deadline(observations: Observations) -> None:
    next(row for row in observations.tables["deadlines"] if row["state"] == "met")["state"] = "breached"


def _park(observations: Observations) -> None:
    observations.parked["intake"] += 1


def _leave_in_the_outbox(observations: Observations) -> None:
    observations.outbox["routing"] += 1


def _leave_in_a_queue(observations: Observations) -> None:
    observations.queued += 1


def _put_aside(observations: Observations) -> None:
    observations.dead_lettered = 1


def _never_recover(observations: Observations) -> None:
    observations.faults.append(FaultPeriod("a fault", observations.started, observations.started + 1))


def _recover_slowly(observations: Observations) -> None:
    observations.faults.append(
        FaultPeriod("a fault", observations.started, observations.started + 1, observations.started + 32)
    )


def _answer_500(observations: Observations) -> None:
    observations.journal.append(dataclasses.replace(observations.journal[0], status=500))


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (_lose_a_ticket, r"A .* is not in routing_tickets"),
        (_lose_a_ticket_everywhere, r"A .* is not in intake_tickets"),
        (_store_a_ticket_twice, r"A .* is stored 2 times"),
        (_give_a_number_twice, r"A the number .* was given 2 times"),
        (_swallow("assignment.accepted"), r"B accept of .* announced 0 times"),
        (_swallow("ticket.registered"), r"B stored and announced tickets differ by 1"),
        (_swallow("notice.requested"), r"B .* notices asked for"),
        (_swallow("deadline.breached"), r"C .*: breached was due at .*, never announced"),
        (_repeat("ticket.registered"), r"B .* was registered by 2 events"),
        (_repeat("ticket.routed"), r"B ticket.routed of .* on the timeline, \d announced"),
        (_repeat("ticket.routed", times=20), r"B .* was routed 2\d times"),
        (_repeat("assignment.made"), r"B assignments: "),
        (_repeat("assignment.accepted"), r"B accept of .* announced 2 times"),
        (_repeat("notice.requested"), r"B .* notices asked for"),
        (_repeat("deadline.set"), r"B deadlines: "),
        (_repeat("deadline.breached"), r"C .* was announced 2 times"),
        (_forget_a_delivery, r"B routing never took 1 events ticket.registered.v1"),
        (_be_early, r"C deadline.breached.v1 .* early"),
        (_be_late, r"C deadline.breached.v1 .* late"),
        (_turn_a_deadline, r"C .* is breached, done .*, due "),
        (_park, r"D intake parked 1, poison sent 0"),
        (_put_aside, r"D the broker put 1 messages aside"),
        (_leave_in_the_outbox, r"E the outbox of routing holds 1"),
        (_leave_in_a_queue, r"E the queues hold 1"),
        (_never_recover, r"F a fault: no recovery"),
        (_recover_slowly, r"F after a fault it took 31.0 s"),
        (_answer_500, r"A .* was answered 500"),
    ],
)
def test_a_broken_promise_is_found(truth: Observations, forge: Forgery, said: str) -> None:
    found = _forged(truth, forge)
    assert any(re.match(said, each) for each in found), found


def test_what_is_only_published_twice_is_no_broken_promise(truth: Observations) -> None:
    """A relay killed between confirm and mark publishes the same events again; readers know them by their ids."""
    assert _forged(truth, lambda observations: observations.published.extend(observations.published[:50])) == []
