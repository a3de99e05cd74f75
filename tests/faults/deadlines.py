"""The checker of deadlines: every mark that was due was announced once, not early and not late, and every deadline says
of what was done what is true.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.faults.observations import FaultPeriod, Observations, grouped

LATE_S = 10.0
_MARKS = ("deadline.approaching", "deadline.breached", "deadline.overdue")


def marks(observations: Observations) -> Iterator[str]:
    """Each (deadline, rung, revision) at most once, not before its instant, at most 10 s after it or the recovery."""
    announced = grouped(observations.events(*_MARKS), "deadline_id", "level", "revision")
    for key, events in announced.items():
        if len(events) > 1:
            yield f"C {key} was announced {len(events)} times"
    for event in observations.events(*_MARKS):
        at, fired = datetime.fromisoformat(event["data"]["mark_at"]), datetime.fromisoformat(event["time"])
        if fired < at:
            yield f"C {event['type']} of {event['subject']} was announced {at - fired} early"
        late = observations.real(fired) - _in_time(observations, at)
        if late > LATE_S:
            yield f"C {event['type']} of {event['subject']} was announced {late:.1f} s late"
    for row in observations.tables["deadlines"]:
        for mark in _due(row, observations.now):
            if (row["id"], mark["level"], row["revision"]) not in announced:
                yield f"C {row['kind']} of {row['ticket_id']}: {mark['mark']} was due at {mark['at']}, never announced"


def told_for_nothing(observations: Observations) -> Iterator[str]:
    """What was announced as certain was true: only a mark that was announced as unconfirmed is ever taken back."""
    announced = grouped(observations.events(*_MARKS), "deadline_id", "level", "revision")
    for event in observations.events("mark.voided"):
        key = tuple(event["data"][name] for name in ("deadline_id", "level", "revision"))
        if any(mark["data"]["confirmed"] for mark in announced.get(key, [])):
            yield f"C {event['data']['mark']} of {event['subject']} was announced and had not been reached"


def _in_time(observations: Observations, at: datetime) -> float:
    """From when on a mark's lateness is counted: its instant, or the recovery if a fault was in the way."""
    due = observations.real(at)
    for fault in sorted(observations.faults, key=lambda fault: fault.began):
        if due + LATE_S >= fault.began and due < _over(fault):
            due = _over(fault)
    return due


def _over(fault: FaultPeriod) -> float:
    return max(fault.recovered, fault.ended)


def _due(row: dict[str, Any], now: datetime) -> Iterator[dict[str, Any]]:
    """The marks of the present revision that must have been announced by now.

    Warnings that were past when the revision began are none of its marks. At the instant of the end nothing is late
    yet, and while the deadline waits for the applicant nothing is due.
    """
    # A pause begins a count without a new revision: what was cancelled with such a count was cancelled while it waited.
    waited = row["state"] == "paused" or (row["state"] == "cancelled" and row["counted_from"] > row["revised_at"])
    until = row["counted_from"] if waited else row["ended_at"] or now
    began = max(row["revised_at"], row["counted_from"]) if row["state"] == "paused" else row["revised_at"]
    for mark in row["marks"]:
        if "old_revision" in mark:
            continue
        at = datetime.fromisoformat(mark["at"])
        is_warning = mark["mark"] == "approaching"
        if (is_warning and began < at <= until) or (not is_warning and at < until and until > row["due_at"]):
            yield mark


def deadlines_agree(observations: Observations) -> Iterator[str]:
    """A deadline is met exactly if what it asks for was done by its due time: one legal outcome, whoever was first."""
    assignments = {row["id"]: row for row in observations.tables["assignments"]}
    answered = grouped(observations.events("ticket.answered"), "ticket_id", "round")
    filed = grouped(observations.events("report.filed"), "ticket_id", "round")
    for row in observations.tables["deadlines"]:
        done: datetime | None = None
        key = (row["ticket_id"], row["round"])
        match row["kind"]:
            case "acknowledge":
                part = assignments.get(row["about"])
                if part is None:
                    yield f"C a deadline runs for {row['about']}, which is no assignment"
                    continue
                done = part["accepted_at"] or part["returned_at"]
            case "answer" if key in answered:
                done = datetime.fromisoformat(answered[key][0]["data"]["answered_at"])
            case "report" if key in filed:
                done = datetime.fromisoformat(filed[key][0]["data"]["filed_at"])
        if row["state"] == "cancelled" or (row["ended_at"] and done and row["ended_at"] < done):
            continue
        if row["state"] == "paused" and not done:
            continue
        expected = {"met"} if done and done <= row["due_at"] else {"breached"} if done else {"running", "breached"}
        if row["kind"] != "arbitrate" and row["state"] not in expected:
            yield f"C {row['kind']} of {row['ticket_id']} is {row['state']}, done {done}, due {row['due_at']}"
        if row["state"] == "running" and row["due_at"] < observations.now:
            yield f"C {row['kind']} of {row['ticket_id']} runs on after {row['due_at']}"
