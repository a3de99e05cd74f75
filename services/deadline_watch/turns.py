"""What else can become of one clock: set, extended, recounted, stopped, cancelled, turned into a report's. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from schemas.words import DeadlineKind, DeadlineState
from services.calendar import Due
from services.deadline_watch.clocks import Clock, Policy, Ticket, Transition, Turn
from services.deadline_watch.counting import as_limit, count, further, revised
from services.deadline_watch.marks import armed, on_ladder
from services.deadline_watch.pausing import catch_up, resume


def id_of(about: UUID, kind: DeadlineKind, round: int) -> UUID:
    """A clock's id: the same whoever sets it, and in the order of time that the id of what it is about has."""
    return UUID(bytes=about.bytes[:6] + uuid5(about, f"{kind}/{round}").bytes[6:])


def start(
    kind: DeadlineKind, ticket: Ticket, policy: Policy, *, about: UUID, round: int, department: str | None, at: datetime
) -> Turn:
    """A new clock, running since ``at``."""
    limit = policy.center.limits[kind]
    due = policy.calendar.due(at, limit)
    clock = Clock(
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
    clock = armed(clock, at)
    return Turn(clock, (Transition("set", clock, "set"),))


def extend(clock: Clock, working_days: int, at: datetime, policy: Policy) -> Turn:
    """More time was granted, before the due time; afterwards it is too late."""
    clock, transitions = catch_up(clock, at, policy)
    is_paused = clock.state is DeadlineState.PAUSED
    if clock.ended_at is not None or (at > clock.due_at and not is_paused):
        return Turn(clock, transitions)
    due = further(Due(clock.due_at, clock.counted, clock.provisional), working_days, policy.calendar)
    if is_paused:
        granted = policy.calendar.remaining(clock.due_at, due.due_at)
        longer = replace(clock, remaining=(clock.remaining or timedelta()) + granted)
    else:
        longer = replace(clock, extended=clock.extended + working_days, state=DeadlineState.RUNNING)
    moved = revised(longer, due, at, "extension", policy)
    return Turn(moved, (*transitions, Transition("moved", moved, moved.why)))


def recount(clock: Clock, at: datetime, policy: Policy) -> Turn:
    """The calendar became known, or is another one: the same limit by the new one. What is broken stays broken."""
    clock, transitions = catch_up(clock, at, policy)
    if clock.state not in (DeadlineState.RUNNING, DeadlineState.PAUSED):
        return Turn(clock, transitions)
    due = count(clock, policy.calendar)
    if clock.state is DeadlineState.PAUSED:
        clock = replace(clock, pause_ends_at=_pause_end(clock, policy))
    if due.due_at != clock.due_at:
        moved = revised(clock, due, at, "calendar", policy)
        return Turn(moved, (*transitions, Transition("moved", moved, moved.why)))
    confirmed = replace(
        clock,
        counted=due.counted,
        provisional=due.provisional,
        calendar_version=policy.calendar.version,
        center_version=policy.version,
    )
    return Turn(confirmed, transitions)


def _pause_end(clock: Clock, policy: Policy) -> datetime | None:
    """The end of as many working days as the pause had by the calendar under which it began."""
    if clock.pause_ends_at is None:
        return None
    days = policy.of(clock).calendar.working_days_between(clock.counted_from, clock.pause_ends_at)
    return policy.calendar.after(clock.counted_from, days)


def _pause_by(clock: Clock, policy: Policy) -> datetime:
    """When a pause has lasted as long as it may: as many working days of the new calendar as it was of the old one."""
    assert clock.pause_ends_at
    old = policy.of(clock).calendar
    first, last = (old.days.count_to(old.local(at).date()) for at in (clock.counted_from, clock.pause_ends_at))
    return policy.calendar.after(clock.counted_from, last - first)


def stop(clock: Clock, at: datetime, policy: Policy) -> Turn:
    """It was done at ``at``: met if that is not after the due time."""
    if clock.ended_at is not None:
        return Turn(clock)
    clock, transitions = catch_up(clock, at, policy)
    if clock.state is DeadlineState.PAUSED:  # while it waits for the applicant nothing can be late
        clock = resume(clock, at, "ended", policy).clock
        transitions = (*transitions, Transition("ended", clock, "ended"))
    if at > clock.due_at:
        return Turn(replace(clock, ended_at=at), transitions)
    met = replace(clock, state=DeadlineState.MET, light=None, ended_at=at)
    return Turn(met, (*transitions, Transition("met", met)))


def cancel(clock: Clock, at: datetime, why: str, policy: Policy) -> Turn:
    """The clock applies no longer. What was broken before stays broken, but goes no further."""
    if clock.ended_at is not None:
        return Turn(clock)
    clock, transitions = catch_up(clock, at, policy)
    if clock.state is DeadlineState.BREACHED:
        return Turn(replace(clock, ended_at=at), transitions)
    ended = replace(clock, state=DeadlineState.CANCELLED, light=None, ended_at=at, pause_ends_at=None)
    return Turn(ended, (*transitions, Transition("cancelled", ended, why)))


def report_instead(answer: Clock, ticket: Ticket, at: datetime, policy: Policy) -> Turn:
    """The clock of the report that is owed instead of ``answer``: from the same start, so that no time is given back.

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
    ).clock
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
    return Turn(report, transitions if is_paused else transitions[:1])
