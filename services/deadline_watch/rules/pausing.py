"""Waiting for the applicant's materials, and what a deadline does by itself as time passes. Pure.

Every turn is taken at the instant at which it happened, after whatever fell due before that instant (`catch_up`).
"""

from dataclasses import replace
from datetime import datetime

from schemas.enums import DeadlineState
from services.deadline_watch.rules.counting import count, revised
from services.deadline_watch.rules.deadline import Deadline, Outcome, Policy, Transition
from services.deadline_watch.rules.marks import armed, reach


def catch_up(deadline: Deadline, at: datetime, policy: Policy) -> Outcome:
    """What the deadline does by itself up to ``at``: a pause that is as long as it may be ends, marks are reached."""
    resumed = Outcome(deadline)
    if deadline.state is DeadlineState.PAUSED and deadline.pause_ends_at is not None and deadline.pause_ends_at <= at:
        resumed = resume(deadline, deadline.pause_ends_at, "cap", policy)
    reached = reach(resumed.deadline, at)
    return Outcome(reached.deadline, (*resumed.transitions, *reached.transitions))


def pause(deadline: Deadline, at: datetime, working_days_left: int, policy: Policy) -> Outcome:
    """The applicant was asked for materials: the working time left is kept, for ``working_days_left`` at most.

    Asking does not mend a broken promise.
    """
    deadline, transitions = catch_up(deadline, at, policy)
    if deadline.ended_at is not None or deadline.state is DeadlineState.PAUSED:
        return Outcome(deadline, transitions)
    if at > deadline.due_at:
        return Outcome(replace(deadline, asked_at=at), transitions)
    at = max(at, deadline.counted_from)
    paused = replace(
        deadline,
        state=DeadlineState.PAUSED,
        asked_at=at,
        remaining=policy.of(deadline).calendar.remaining(at, deadline.due_at),
        counted_from=at,
        extended=0,
        pause_ends_at=policy.calendar.after(at, working_days_left),
    )
    return Outcome(armed(paused, at), (*transitions, Transition("paused", paused)))


def resume(deadline: Deadline, at: datetime, why: str, policy: Policy) -> Outcome:
    """The deadline goes on from ``at``."""
    again = replace(deadline, counted_from=at, pause_ends_at=None, state=DeadlineState.RUNNING)
    again = revised(again, count(again, policy.calendar), at, why, policy)
    return Outcome(again, (Transition("resumed", again, why),))


def supply(deadline: Deadline, at: datetime, policy: Policy) -> Outcome:
    """The applicant brought the materials."""
    deadline, transitions = catch_up(deadline, at, policy)
    if deadline.state is not DeadlineState.PAUSED:
        return Outcome(deadline, transitions)
    resumed = resume(deadline, at, "supplied", policy)
    return Outcome(resumed.deadline, (*transitions, *resumed.transitions))
