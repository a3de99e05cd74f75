"""The marks on a deadline: at which instants somebody has to be told, and which light it shows meanwhile. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from schemas.center.center import Step
from schemas.enums import DeadlineState, Light, Mark
from services.calendar.calendar import WorkCalendar
from services.deadline_watch.rules.deadline import Deadline, MarkAt, Outcome, Transition


def instant_of(mark: Mark, working_days: int, due_at: datetime, calendar: WorkCalendar) -> datetime:
    """When a mark is reached: so many working days before or after ``due_at``, or at it."""
    match mark:
        case Mark.APPROACHING:
            return calendar.before(due_at, working_days)
        case Mark.BREACHED:
            return due_at
        case Mark.OVERDUE:
            return calendar.after(due_at, working_days)


def on_ladder(ladder: Iterable[Step], due_at: datetime, calendar: WorkCalendar) -> tuple[MarkAt, ...]:
    """The marks of a ladder for ``due_at``. A rung's level is its place on the ladder, from 1."""
    marks = (
        MarkAt(
            step.mark, level, step.working_days, step.light, instant_of(step.mark, step.working_days, due_at, calendar)
        )
        for level, step in enumerate(ladder, start=1)
    )
    return tuple(sorted(marks, key=lambda mark: (mark.at, mark.level)))


def moved(marks: Iterable[MarkAt], due_at: datetime, calendar: WorkCalendar) -> tuple[MarkAt, ...]:
    """The same rungs for another ``due_at``."""
    again = (
        mark._replace(at=instant_of(mark.mark, mark.working_days, due_at, calendar))
        for mark in sorted(marks, key=lambda mark: mark.level)
    )
    return tuple(sorted(again, key=lambda mark: (mark.at, mark.level)))


def armed(deadline: Deadline, at: datetime) -> Deadline:
    """The deadline as it goes on from ``at``: warnings for which it is too late are left out, a breach never is.

    So nobody is warned at the moment at which a deadline is set or moved; the light tells how little is left.
    """
    position = 0
    for mark in deadline.marks:
        if mark.mark is not Mark.APPROACHING or mark.at > at:
            break
        position += 1
    return replace(deadline, position=position, light=deadline.marks[position - 1].light if position else Light.GREEN)


def reach(deadline: Deadline, at: datetime) -> Outcome:
    """Which marks up to ``at`` the deadline has reached.

    What is done exactly at the due time is done in time, so at that instant nothing is broken yet.
    """
    transitions = []
    for mark in deadline.ahead:
        if mark.at > at or (mark.mark is not Mark.APPROACHING and at <= deadline.due_at):
            break
        transitions.append(Transition("reached", deadline, mark=mark))
        deadline = shown(replace(deadline, position=deadline.position + 1), mark)
    return Outcome(deadline, tuple(transitions))


def shown(deadline: Deadline, mark: MarkAt) -> Deadline:
    """The deadline with the light of a mark that it has reached."""
    state = DeadlineState.BREACHED if mark.mark is Mark.BREACHED else deadline.state
    return replace(deadline, light=mark.light, state=state)
