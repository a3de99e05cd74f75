"""The judge is judged: of a house that kept its promises it says nothing; where anything is forged, it says what."""

import copy
import dataclasses
import re
import shutil
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.faults.evidence import Evidence, Window
from tests.faults.invariants import violations
from tests.faults.run import Run, Size

Forgery = Callable[[Evidence], None]


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
def truth(run: Run) -> Evidence:
    """What the house left behind."""
    assert run.result.violations == [_SEEN]
    return run.evidence


def test_the_logs_of_a_failed_run_are_kept(run: Run) -> None:
    logs = sorted(run.folder.glob("*.log"))
    assert len(logs) == 3
    assert all('"event": "started"' in log.read_text() for log in logs)


def _forged(truth: Evidence, forge: Forgery) -> list[str]:
    copied = copy.deepcopy(truth)
    forge(copied)
    return violations(dataclasses.replace(copied))  # made anew, so that the events are looked through again


def _lose_a_ticket(evidence: Evidence) -> None:
    evidence.tables["routing_tickets"].pop()


def _lose_a_ticket_everywhere(evidence: Evidence) -> None:
    for name in ("intake_tickets", "routing_tickets", "watched_tickets"):
        evidence.tables[name].sort(key=lambda row: str(row["id"]))
        evidence.tables[name].pop()


def _store_a_ticket_twice(evidence: Evidence) -> None:
    evidence.tables["intake_tickets"].append(evidence.tables["intake_tickets"][0] | {"id": "another", "number": "BC-1"})


def _give_a_number_twice(evidence: Evidence) -> None:
    first, second = evidence.tables["intake_tickets"][:2]
    second["number"] = first["number"]


def _swallow(type_: str) -> Forgery:
    def swallow(evidence: Evidence) -> None:
        evidence.heard.remove(next(each for each in evidence.heard if each["type"] == f"{type_}.v1"))

    return swallow


def _repeat(type_: str, times: int = 1) -> Forgery:
    def repeat(evidence: Evidence) -> None:
        """The first event of a type is said again, as if it were another."""
        said = next(each for each in evidence.heard if each["type"] == f"{type_}.v1")
        evidence.heard.extend(copy.deepcopy(said) | {"id": str(uuid.uuid4())} for _ in range(times))

    return repeat


def _forget_a_delivery(evidence: Evidence) -> None:
    evidence.taken["routing"].remove(next(e["id"] for e in evidence.heard if e["type"] == "ticket.registered.v1"))


def _be_early(evidence: Evidence) -> None:
    said = next(each for each in evidence.heard if each["type"] == "deadline.breached.v1")
    said["time"] = (evidence.starts_at).isoformat()


def _be_late(evidence: Evidence) -> None:
    evidence.faults.clear()
    said = next(each for each in evidence.heard if each["type"] == "deadline.breached.v1")
    said["time"] = (evidence.now + timedelta(days=3)).isoformat()


def _turn_a_deadline(evidence: Evidence) -> None:
    next(row for row in evidence.tables["deadlines"] if row["state"] == "met")["state"] = "breached"


def _park(evidence: Evidence) -> None:
    evidence.parked["intake"] += 1


def _leave_in_the_outbox(evidence: Evidence) -> None:
    evidence.outbox["routing"] += 1


def _leave_in_a_queue(evidence: Evidence) -> None:
    evidence.queued += 1


def _put_aside(evidence: Evidence) -> None:
    evidence.dead_lettered = 1


def _never_recover(evidence: Evidence) -> None:
    evidence.faults.append(Window("a fault", evidence.started, evidence.started + 1))


def _recover_slowly(evidence: Evidence) -> None:
    evidence.faults.append(Window("a fault", evidence.started, evidence.started + 1, evidence.started + 32))


def _answer_500(evidence: Evidence) -> None:
    evidence.journal.append(dataclasses.replace(evidence.journal[0], status=500))


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
def test_a_broken_promise_is_found(truth: Evidence, forge: Forgery, said: str) -> None:
    found = _forged(truth, forge)
    assert any(re.match(said, each) for each in found), found


def test_what_is_only_published_twice_is_no_broken_promise(truth: Evidence) -> None:
    """A relay killed between confirm and mark publishes the same events again; readers know them by their ids."""
    assert _forged(truth, lambda evidence: evidence.heard.extend(evidence.heard[:50])) == []
