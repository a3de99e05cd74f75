"""The ladder of escalation: who is notified when a deadline reaches a mark, and which marks are outdated. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from schemas.center.center import Center, Step
from schemas.enums import PROMISES, DeadlineKind, DeadlineState, Light, Mark, Post, TicketState
from schemas.events.deadlines import DeadlineApproaching, DeadlineBreached, DeadlineOverdue, MarkReached

MARKS: dict[type[MarkReached], Mark] = {
    DeadlineApproaching: Mark.APPROACHING,
    DeadlineBreached: Mark.BREACHED,
    DeadlineOverdue: Mark.OVERDUE,
}


class TicketFacts(NamedTuple):
    """What is known of a ticket when one of its deadlines reaches a mark.

    ``departments`` have open assignments; ``signed`` says when each department signed for its newest, returned
    or lost it; ``decided_at`` is when the duty leader last decided, ``extended_at`` when the promise of this round was
    last extended, ``awaiting_since`` when the papers that are still awaited were asked for, ``ended_at`` when the
    ticket was declined or withdrawn.
    """

    first_responsible: str
    state: TicketState
    round: int
    answered_at: datetime | None
    reported_at: datetime | None
    departments: tuple[str, ...] = ()
    signed: Mapping[str, datetime] = MappingProxyType({})
    decided_at: datetime | None = None
    extended_at: datetime | None = None
    complex_since: datetime | None = None
    awaiting_since: datetime | None = None
    ended_at: datetime | None = None


class KnownDeadline(NamedTuple):
    """A deadline as far as it is known here: newest revision, state, and newest due time, if that is known."""

    revision: int
    state: DeadlineState
    due_at: datetime | None


class Recipients(NamedTuple):
    """The people (staff ids) to notify, and the posts that nobody holds."""

    to: tuple[str, ...]
    skipped: tuple[Post, ...]


def mark_of(event: MarkReached) -> Mark:
    """Which sort of mark an event is about."""
    return MARKS[type(event)]


def is_outdated(event: MarkReached, deadline: KnownDeadline, facts: TicketFacts) -> bool:
    """Whether nobody is to be notified: the deadline has changed since, or what the mark warns of was done by then.

    A breach counts however late its event arrives, unless the deadline was met or cancelled or is due at another time
    now: each of these makes it void. A newer revision or a pause does not, since what was paused overnight may be due
    when it was. A warning does not count once the thing is done, or the deadline waits or is a newer one.
    """
    is_warning = mark_of(event) is Mark.APPROACHING
    if deadline.state in (DeadlineState.MET, DeadlineState.CANCELLED):
        return True
    if event.revision < deadline.revision and (is_warning or event.due_at != deadline.due_at):
        return True
    if is_warning and deadline.state == DeadlineState.PAUSED:
        return True
    if event.round != facts.round:
        return event.round < facts.round and is_warning
    undone_by = [at for at in (*_done_at(event, facts), *_decided_here(event, facts)) if at is not None]
    return any(at <= event.mark_at for at in undone_by) or (is_warning and bool(undone_by))


def _decided_here(event: MarkReached, facts: TicketFacts) -> Iterator[datetime | None]:
    """When something was decided or known here by which the mark does not apply, whether deadline_watch knew it or not.

    What came after the due time mends no broken promise. What is older than the due time that the mark belongs to was
    known when that was counted; a pause may have ended at its cap since.
    """
    yield facts.ended_at
    changed_at = [facts.complex_since] if event.kind == DeadlineKind.ANSWER else []
    if event.kind in PROMISES:
        changed_at += [facts.awaiting_since, facts.extended_at]
    yield from (at for at in changed_at if at is not None and event.revised_at < at <= event.due_at)


def _done_at(event: MarkReached, facts: TicketFacts) -> tuple[datetime | None, ...]:
    """When the thing that the deadline asks for was done; an answer does away with every other duty too."""
    match event.kind:
        case DeadlineKind.REPORT:
            return facts.reported_at, facts.answered_at
        case DeadlineKind.ACKNOWLEDGE:
            return facts.signed.get(event.department or ""), facts.answered_at
        case DeadlineKind.ARBITRATE if facts.state != TicketState.IN_ARBITRATION:
            return facts.decided_at, facts.answered_at
        case _:
            return (facts.answered_at,)


def recipients(center: Center, event: MarkReached, facts: TicketFacts, duty_leader: str | None) -> Recipients:
    """Who is notified: the level's posts; if nobody holds any, those of the next level; at last the director."""
    skipped: list[Post] = []
    for step in _steps_from(center, event):
        people: dict[str, None] = {}
        for post in step.tell:
            found = holders(center, post, event.department, facts, duty_leader)
            people.update(dict.fromkeys(found))
            if not found and post not in skipped:
                skipped.append(post)
        if people:
            return Recipients(tuple(people), tuple(skipped))
    return Recipients((center.director,), tuple(skipped))


def light_of(center: Center, event: MarkReached) -> Light:
    """The light of the event's level of the ladder; if the file has no such level any more, that of its mark."""
    for step in _steps_from(center, event):
        return step.light
    return Light.YELLOW if mark_of(event) is Mark.APPROACHING else Light.RED


def _steps_from(center: Center, event: MarkReached) -> tuple[Step, ...]:
    """The event's level of the ladder and those above it. The file may have been changed since the deadline was set:
    look for the mark itself first, then for the number of the level, and never find nothing."""
    steps = center.ladder.get(event.kind, ())
    same = (
        at for at, step in enumerate(steps) if (step.mark, step.working_days) == (mark_of(event), event.working_days)
    )
    return steps[next(same, min(event.level, len(steps)) - 1) :] if steps else ()


def holders(
    center: Center, post: Post, department: str | None, facts: TicketFacts, duty_leader: str | None
) -> list[str]:
    """The people of a post, as far as a deadline of ``department``, or of all that have the ticket, is concerned."""
    match post:
        case Post.FIRST_RESPONSIBLE:
            # A ticket of a feed was registered by a system, which cannot be notified.
            return [facts.first_responsible] if facts.first_responsible in center.staff else []
        case Post.DUTY_LEADER:
            return [duty_leader] if duty_leader else []
        case Post.CENTER_DIRECTOR:
            return [center.director]
        case Post.SUPERVISION_OFFICE:
            return [center.supervision_office]
        case _:
            return list(_of_departments(center, post, (department,) if department else facts.departments))


def _of_departments(center: Center, post: Post, codes: Iterable[str]) -> Iterator[str]:
    for code in codes:
        department = center.departments.get(code)
        if department is None:
            continue
        if post == Post.LIAISON:
            yield from department.liaisons
        elif department.head:
            yield department.head
