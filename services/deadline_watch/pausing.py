"""Waiting for the applicant's materials, and what a clock does by itself as time passes. Pure.

Every turn is taken at the instant at which it happened, after whatever fell due before that instant (`catch_up`).
"""

from dataclasses import replace
from datetime import datetime

from schemas.words import DeadlineState
from services.deadline_watch.clocks import Clock, Policy, Transition, Turn
from services.deadline_watch.counting import count, revised
from services.deadline_watch.marks import armed, reach


def catch_up(clock: Clock, at: datetime, policy: Policy) -> Turn:
    """What the clock does by itself up to ``at``: a pause that has lasted as long as it may ends, marks are reached."""
    resumed = Turn(clock)
    if clock.state is DeadlineState.PAUSED and clock.pause_ends_at is not None and clock.pause_ends_at <= at:
        resumed = resume(clock, clock.pause_ends_at, "cap", policy)
    reached = reach(resumed.clock, at)
    return Turn(reached.clock, (*resumed.transitions, *reached.transitions))


def pause(clock: Clock, at: datetime, working_days_left: int, policy: Policy) -> Turn:
    """The applicant was asked for materials: the working time left is kept, for ``working_days_left`` at most.

    Asking does not mend a broken promise.
    """
    clock, transitions = catch_up(clock, at, policy)
    if clock.ended_at is not None or clock.state is DeadlineState.PAUSED:
        return Turn(clock, transitions)
    if at > clock.due_at:
        return Turn(replace(clock, asked_at=at), transitions)
    at = max(at, clock.counted_from)
    paused = replace(
        clock,
        state=DeadlineState.PAUSED,
        asked_at=at,
        remaining=policy.of(clock).calendar.remaining(at, clock.due_at),
        counted_from=at,
        extended=0,
        pause_ends_at=policy.calendar.after(at, working_days_left),
    )
    return Turn(armed(paused, at), (*transitions, Transition("paused", paused)))


def resume(clock: Clock, at: datetime, why: str, policy: Policy) -> Turn:
    """The clock goes on from ``at``."""
    again = replace(clock, counted_from=at, pause_ends_at=None, state=DeadlineState.RUNNING)
    again = revised(again, count(again, policy.calendar), at, why, policy)
    return Turn(again, (Transition("resumed", again, why),))


def supply(clock: Clock, at: datetime, policy: Policy) -> Turn:
    """The applicant brought the materials."""
    clock, transitions = catch_up(clock, at, policy)
    if clock.state is not DeadlineState.PAUSED:
        return Turn(clock, transitions)
    resumed = resume(clock, at, "supplied", policy)
    return Turn(resumed.clock, (*transitions, *resumed.transitions))
