"""What happens to one deadline: it is set, pauses, goes on, is extended, counted again, met, cancelled. Pure.

Each function takes the deadline as it was at the instant of the transition (`catch_up`).
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from schemas.enums import DeadlineKind, DeadlineState, Mark
from services.calendar.calendar import Due
from services.deadline_watch.rules.counting import count, ladder_of, revised, without_past_warnings
from services.deadline_watch.rules.deadline import Deadline, DeadlineChange, Policy, Transition


def id_of(about: UUID, kind: DeadlineKind, round: int) -> UUID:
    """A deadline's id: always the same for the same deadline, and sorted by time like the id of what it is about."""
    return UUID(bytes=about.bytes[:6] + uuid5(about, f"{kind}/{round}").bytes[6:])


def start(
    kind: DeadlineKind,
    policy: Policy,
    *,
    center: str,
    ticket_id: UUID,
    about: UUID,
    round: int,
    department: str | None,
    at: datetime,
) -> DeadlineChange:
    """A new deadline, running since ``at``. Here the first due time is made: the limit by the policy's calendar."""
    limit = policy.center.limits[kind]
    due = policy.calendar.due(at, limit)
    deadline = Deadline(
        id=id_of(about, kind, round),
        center=center,
        ticket_id=ticket_id,
        kind=kind,
        round=round,
        about=about,
        department=department,
        started_at=at,
        time_limit=limit,
        due_at=due.due_at,
        counted=due.counted,
        provisional=due.provisional,
        calendar_version=policy.calendar.version,
        center_version=policy.version,
        revised_at=at,
        counted_from=at,
    )
    deadline = without_past_warnings(deadline._replace(marks=ladder_of(deadline, policy)), at)
    return DeadlineChange(deadline, (Transition("set", deadline, "set"),))


def report_instead(answer: Deadline, lead: str | None, at: datetime, policy: Policy) -> DeadlineChange:
    """The deadline of the report that is owed instead of ``answer``. It has the same start, so that no time is given
    back. A paused deadline stays paused, and extensions that were granted stay granted.
    """
    is_paused = answer.state is DeadlineState.PAUSED
    limit, calendar = policy.center.limits[DeadlineKind.REPORT], policy.calendar
    remaining = answer.remaining
    if remaining is not None:
        due_at, report_due_at = (calendar.due(answer.started_at, each).due_at for each in (answer.time_limit, limit))
        remaining = max(remaining + calendar.remaining(due_at, report_due_at), timedelta())
    report = answer._replace(
        id=id_of(answer.about, DeadlineKind.REPORT, answer.round),
        kind=DeadlineKind.REPORT,
        department=lead,
        time_limit=limit,
        remaining=remaining,
        calendar_version=calendar.version,
        center_version=policy.version,
        revision=1,
        revised_at=at,
        why="set",
        state=DeadlineState.PAUSED if is_paused else DeadlineState.RUNNING,
        ended_at=None,
    )
    due = count(report, calendar)
    report = report._replace(due_at=due.due_at, counted=due.counted, provisional=due.provisional)
    report = without_past_warnings(report._replace(marks=ladder_of(report, policy)), at)
    paused = (Transition("paused", report),) if is_paused else ()
    return DeadlineChange(report, (Transition("set", report, "set"), *paused))


def catch_up(deadline: Deadline, at: datetime, policy: Policy) -> DeadlineChange:
    """What happens to the deadline by itself up to ``at``: a pause ends after its longest duration, marks are reached.

    A reached mark is announced by `store.firing`, not from here.

    What is done exactly at the due time is done in time, so at that instant nothing is broken yet.
    """
    transitions: list[Transition] = []
    if deadline.state is DeadlineState.PAUSED and deadline.pause_ends_at is not None and deadline.pause_ends_at <= at:
        deadline, resumed = resume(deadline, deadline.pause_ends_at, "cap", policy)
        transitions += resumed
    for mark in deadline.marks_ahead:
        if mark.at > at or (mark.mark is not Mark.APPROACHING and at <= deadline.due_at):
            break
        transitions.append(Transition("reached", deadline, mark=mark))
        deadline = deadline._replace(next_mark=deadline.next_mark + 1).showing(mark)
    return DeadlineChange(deadline, tuple(transitions))


def pause(deadline: Deadline, at: datetime, working_days_left: int, policy: Policy) -> DeadlineChange:
    """The applicant was asked for materials: the deadline waits, for ``working_days_left`` at most, and the working
    time that is left is kept.

    A broken promise stays broken.
    """
    if deadline.ended_at is not None or deadline.state is DeadlineState.PAUSED:
        return DeadlineChange(deadline)
    if at > deadline.due_at:
        return DeadlineChange(deadline._replace(asked_at=at))
    at = max(at, deadline.counted_from)
    paused = deadline._replace(
        state=DeadlineState.PAUSED,
        asked_at=at,
        remaining=policy.of(deadline).calendar.remaining(at, deadline.due_at),
        counted_from=at,
        extended=0,
        pause_ends_at=policy.calendar.after(at, working_days_left),
    )
    return DeadlineChange(without_past_warnings(paused, at), (Transition("paused", paused),))


def resume(deadline: Deadline, at: datetime, why: str, policy: Policy) -> DeadlineChange:
    """A paused deadline goes on from ``at``; a deadline that is not paused stays as it is."""
    if deadline.state is not DeadlineState.PAUSED:
        return DeadlineChange(deadline)
    resumed = deadline._replace(counted_from=at, pause_ends_at=None, state=DeadlineState.RUNNING)
    resumed = revised(resumed, count(resumed, policy.calendar), at, why, policy)
    return DeadlineChange(resumed, (Transition("resumed", resumed, why),))


def extend(deadline: Deadline, at: datetime, working_days: int, policy: Policy) -> DeadlineChange:
    """More time was granted. After the due time that is too late, and nothing changes."""
    is_paused = deadline.state is DeadlineState.PAUSED
    if deadline.ended_at is not None or (at > deadline.due_at and not is_paused):
        return DeadlineChange(deadline)
    due = policy.calendar.extend(Due(deadline.due_at, deadline.counted, deadline.provisional), working_days)
    if is_paused:
        granted = policy.calendar.remaining(deadline.due_at, due.due_at)
        deadline = deadline._replace(remaining=(deadline.remaining or timedelta()) + granted)
    else:
        deadline = deadline._replace(extended=deadline.extended + working_days, state=DeadlineState.RUNNING)
    moved = revised(deadline, due, at, "extension", policy)
    return DeadlineChange(moved, (Transition("moved", moved, moved.why),))


def recount(deadline: Deadline, at: datetime, policy: Policy) -> DeadlineChange:
    """A newer calendar is in force: the same limit is counted by it, and a pause keeps its number of working days. What
    is broken stays broken.
    """
    if deadline.state not in (DeadlineState.RUNNING, DeadlineState.PAUSED):
        return DeadlineChange(deadline)
    due = count(deadline, policy.calendar)
    if deadline.state is DeadlineState.PAUSED and deadline.pause_ends_at is not None:
        old = policy.of(deadline).calendar
        days = old.working_days_between(deadline.counted_from, deadline.pause_ends_at)
        deadline = deadline._replace(pause_ends_at=policy.calendar.after(deadline.counted_from, days))
    if due.due_at != deadline.due_at:
        moved = revised(deadline, due, at, "calendar", policy)
        return DeadlineChange(moved, (Transition("moved", moved, moved.why),))
    settled = deadline._replace(
        counted=due.counted,
        provisional=due.provisional,
        calendar_version=policy.calendar.version,
        center_version=policy.version,
    )
    return DeadlineChange(settled)


def stop(deadline: Deadline, at: datetime, policy: Policy) -> DeadlineChange:
    """It was done: met if ``at`` is not after the due time. What is done during a pause is never late."""
    if deadline.ended_at is not None:
        return DeadlineChange(deadline)
    transitions: tuple[Transition, ...] = ()
    if deadline.state is DeadlineState.PAUSED:
        deadline = resume(deadline, at, "ended", policy).deadline
        transitions = (Transition("ended", deadline, "ended"),)
    if at > deadline.due_at:
        return DeadlineChange(deadline._replace(ended_at=at), transitions)
    met = deadline._replace(state=DeadlineState.MET, light=None, ended_at=at)
    return DeadlineChange(met, (*transitions, Transition("met", met)))


def cancel(deadline: Deadline, at: datetime, why: str) -> DeadlineChange:
    """The deadline does not apply any more. If it was broken before, it stays broken, but reaches no further mark."""
    if deadline.ended_at is not None:
        return DeadlineChange(deadline)
    if deadline.state is DeadlineState.BREACHED:
        return DeadlineChange(deadline._replace(ended_at=at))
    ended = deadline._replace(state=DeadlineState.CANCELLED, light=None, ended_at=at, pause_ends_at=None)
    return DeadlineChange(ended, (Transition("cancelled", ended, why),))
