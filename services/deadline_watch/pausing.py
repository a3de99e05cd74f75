"""Waiting for the applicant's materials, and what a clock does by itself as time passes. Pure.

News may come late. So every turn is taken at the instant at which it happened, and whatever fell due before that
instant is announced first (`catch_up`).
"""

from dataclasses import replace
from datetime import datetime

from schemas.words import DeadlineState
from services.deadline_watch.clocks import Clock, Policy, Turn
from services.deadline_watch.counting import count, revised
from services.deadline_watch.marks import armed, reach
from services.deadline_watch.said import was_paused, was_resumed


def catch_up(clock: Clock, at: datetime, policy: Policy) -> Turn:
    """What the clock does by itself up to ``at``: a pause that has lasted as long as it may ends, marks are reached."""
    resumed = Turn(clock)
    if clock.state is DeadlineState.PAUSED and clock.pause_ends_at is not None and clock.pause_ends_at <= at:
        resumed = resume(clock, clock.pause_ends_at, "cap", policy)
    reached = reach(resumed.clock, at)
    return Turn(reached.clock, (*resumed.said, *reached.said))


def pause(clock: Clock, at: datetime, working_days_left: int, policy: Policy) -> Turn:
    """The applicant was asked for materials: the working time left is kept, for ``working_days_left`` at most.

    Asking does not mend a broken promise.
    """
    clock, said = catch_up(clock, at, policy)
    if clock.ended_at is not None or clock.state is DeadlineState.PAUSED:
        return Turn(clock, said)
    if at > clock.due_at:
        return Turn(replace(clock, asked_at=at), said)
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
    return Turn(armed(paused, at), (*said, was_paused(paused)))


def resume(clock: Clock, at: datetime, why: str, policy: Policy) -> Turn:
    """The clock goes on from ``at``, or went on from then if that is known only now."""
    again = replace(clock, counted_from=at, pause_ends_at=None, state=DeadlineState.RUNNING)
    again = revised(again, count(again, policy.calendar), at, why, policy)
    return Turn(again, (was_resumed(again),))


def supply(clock: Clock, at: datetime, policy: Policy) -> Turn:
    """The applicant brought the materials. If they came before the cap that has ended the pause, they ended it."""
    clock, said = catch_up(clock, at, policy)
    if clock.asked_at is None or at < clock.asked_at:
        return Turn(clock, said)
    came_before_cap = clock.remaining is not None and at < clock.counted_from
    if clock.state is DeadlineState.PAUSED or (clock.state is DeadlineState.RUNNING and came_before_cap):
        resumed = resume(clock, at, "supplied", policy)
        return Turn(resumed.clock, (*said, *resumed.said))
    return Turn(clock, said)
