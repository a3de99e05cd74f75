"""What else can become of one deadline: set, extended, recounted, stopped, cancelled, turned into a report's. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from schemas.enums import DeadlineKind, DeadlineState
from services.calendar.calendar import Due
from services.deadline_watch.rules.counting import as_limit, count, further, revised
from services.deadline_watch.rules.deadline import Deadline, Outcome, Policy, Ticket, Transition
from services.deadline_watch.rules.marks import armed, on_ladder
from services.deadline_watch.rules.pausing import catch_up, resume


def id_of(about: UUID, kind: DeadlineKind, round: int) -> UUID:
    """A deadline's id: the same whoever sets it, and in the order of time that the id of what it is about has."""
    return UUID(bytes=about.bytes[:6] + uuid5(about, f"{kind}/{round}").bytes[6:])


def start(
    kind: DeadlineKind, ticket: Ticket, policy: Policy, *, about: UUID, round: int, department: str | None, at: datetime
) -> Outcome:
    """A new deadline, running since ``at``."""
    limit = policy.center.limits[kind]
    due = policy.calendar.due(at, limit)
    deadline = Deadline(
        id=id_of(about, kind, round),
        center=ticket.center,
        ticket_id=ticket.ticket_id,
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
        marks=on_ladder(policy.center.ladder[kind], due.due_at, policy.calendar),
        counted_from=at,
    )
    deadline = armed(deadline, at)
    return Outcome(deadline, (Transition("set", deadline, "set"),))


def extend(deadline: Deadline, working_days: int, at: datetime, policy: Policy) -> Outcome:
    """More time was granted, before the due time; afterwards it is too late."""
    deadline, transitions = catch_up(deadline, at, policy)
    is_paused = deadline.state is DeadlineState.PAUSED
    if deadline.ended_at is not None or (at > deadline.due_at and not is_paused):
        return Outcome(deadline, transitions)
    due = further(Due(deadline.due_at, deadline.counted, deadline.provisional), working_days, policy.calendar)
    if is_paused:
        granted = policy.calendar.remaining(deadline.due_at, due.due_at)
        longer = replace(deadline, remaining=(deadline.remaining or timedelta()) + granted)
    else:
        longer = replace(deadline, extended=deadline.extended + working_days, state=DeadlineState.RUNNING)
    moved = revised(longer, due, at, "extension", policy)
    return Outcome(moved, (*transitions, Transition("moved", moved, moved.why)))


def recount(deadline: Deadline, at: datetime, policy: Policy) -> Outcome:
    """The calendar became known, or is another one: the same limit by the new one. What is broken stays broken."""
    deadline, transitions = catch_up(deadline, at, policy)
    if deadline.state not in (DeadlineState.RUNNING, DeadlineState.PAUSED):
        return Outcome(deadline, transitions)
    due = count(deadline, policy.calendar)
    if deadline.state is DeadlineState.PAUSED:
        deadline = replace(deadline, pause_ends_at=_pause_end(deadline, policy))
    if due.due_at != deadline.due_at:
        moved = revised(deadline, due, at, "calendar", policy)
        return Outcome(moved, (*transitions, Transition("moved", moved, moved.why)))
    confirmed = replace(
        deadline,
        counted=due.counted,
        provisional=due.provisional,
        calendar_version=policy.calendar.version,
        center_version=policy.version,
    )
    return Outcome(confirmed, transitions)


def _pause_end(deadline: Deadline, policy: Policy) -> datetime | None:
    """The end of as many working days as the pause had by the calendar under which it began."""
    if deadline.pause_ends_at is None:
        return None
    days = policy.of(deadline).calendar.working_days_between(deadline.counted_from, deadline.pause_ends_at)
    return policy.calendar.after(deadline.counted_from, days)


def _pause_by(deadline: Deadline, policy: Policy) -> datetime:
    """When a pause has lasted as long as it may: as many working days of the new calendar as it was of the old one."""
    assert deadline.pause_ends_at
    old = policy.of(deadline).calendar
    first, last = (old.days.count_to(old.local(at).date()) for at in (deadline.counted_from, deadline.pause_ends_at))
    return policy.calendar.after(deadline.counted_from, last - first)


def stop(deadline: Deadline, at: datetime, policy: Policy) -> Outcome:
    """It was done at ``at``: met if that is not after the due time."""
    if deadline.ended_at is not None:
        return Outcome(deadline)
    deadline, transitions = catch_up(deadline, at, policy)
    if deadline.state is DeadlineState.PAUSED:  # while it waits for the applicant nothing can be late
        deadline = resume(deadline, at, "ended", policy).deadline
        transitions = (*transitions, Transition("ended", deadline, "ended"))
    if at > deadline.due_at:
        return Outcome(replace(deadline, ended_at=at), transitions)
    met = replace(deadline, state=DeadlineState.MET, light=None, ended_at=at)
    return Outcome(met, (*transitions, Transition("met", met)))


def cancel(deadline: Deadline, at: datetime, why: str, policy: Policy) -> Outcome:
    """The deadline applies no longer. What was broken before stays broken, but goes no further."""
    if deadline.ended_at is not None:
        return Outcome(deadline)
    deadline, transitions = catch_up(deadline, at, policy)
    if deadline.state is DeadlineState.BREACHED:
        return Outcome(replace(deadline, ended_at=at), transitions)
    ended = replace(deadline, state=DeadlineState.CANCELLED, light=None, ended_at=at, pause_ends_at=None)
    return Outcome(ended, (*transitions, Transition("cancelled", ended, why)))


def report_instead(answer: Deadline, ticket: Ticket, at: datetime, policy: Policy) -> Outcome:
    """The deadline of the report that is owed instead of ``answer``: from the same start, so that no time is given
    back.

    What was paused stays paused, and what was granted stays granted.
    """
    report = start(
        DeadlineKind.REPORT,
        ticket,
        policy,
        about=answer.about,
        round=answer.round,
        department=ticket.lead,
        at=answer.started_at,
    ).deadline
    spent = as_limit(answer, report.time_limit, policy.calendar)
    report = replace(
        report,
        revised_at=at,
        state=DeadlineState.PAUSED if answer.state is DeadlineState.PAUSED else DeadlineState.RUNNING,
        counted=spent.counted,
        counted_from=spent.counted_from,
        remaining=spent.remaining,
        extended=spent.extended,
        asked_at=spent.asked_at,
        pause_ends_at=spent.pause_ends_at,
    )
    due = count(report, policy.calendar)
    marks = on_ladder(policy.center.ladder[DeadlineKind.REPORT], due.due_at, policy.calendar)
    report = replace(report, due_at=due.due_at, counted=due.counted, provisional=due.provisional, marks=marks)
    report = armed(report, at)
    is_paused = report.state is DeadlineState.PAUSED
    transitions = (Transition("set", report, "set"), Transition("paused", report))
    return Outcome(report, transitions if is_paused else transitions[:1])
