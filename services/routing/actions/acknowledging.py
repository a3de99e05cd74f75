"""Whoever was told that a level of the ladder was reached acknowledges it: it is known who knows, and since when. When
nobody does within the center's limit, or nobody could be reached, those of the next level are told too.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from schemas.center.center import Center
from schemas.enums import DeadlineKind, DeadlineState
from schemas.errors import Conflict, NotFound
from schemas.events.escalations import EscalationAcknowledged, EscalationPassedUp
from schemas.events.notices import NoticeFailed, escalation_notice_id, passed_up_notice_id
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.http.group_commit import Call
from services.routing import duty, store
from services.routing.actions.tickets import centers_of
from services.routing.rules.passing_up import NextLevel, Unacknowledged, mark_at, next_level
from services.routing.store.timeline import record_and_announce

AT_ONCE = 100
"""How many escalations are passed up in one transaction."""


def acknowledge(call: Call, escalation_id: UUID) -> None:
    """The actor knows of it. Raises NotFound for who was not told, Conflict where nothing is left to acknowledge."""
    tx, actor = call.tx, call.actor
    is_new = store.acknowledgements.acknowledge(tx, actor.center, actor.staff, escalation_id)
    escalation = store.escalations.escalation(tx, actor.center, escalation_id)
    if escalation is None or actor.staff not in escalation.to:
        raise NotFound("no escalation of which you were told")
    if not is_new:
        raise Conflict(
            "this level had not been reached after all, which needs no acknowledgement"
            if escalation.voided_at
            else "you have acknowledged this already"
        )
    record_and_announce(
        tx,
        EscalationAcknowledged(
            center=actor.center,
            ticket_id=escalation.ticket_id,
            escalation_id=escalation.id,
            deadline_id=escalation.deadline_id,
            kind=DeadlineKind(escalation.kind),
            level=escalation.level,
            revision=escalation.revision,
            acknowledged_by=actor.staff,
            acknowledged_at=tx.now,
        ),
    )


def due(center: Center, now: datetime) -> datetime | None:
    """By when somebody acknowledges what they are told ``now``; None where the center sets no limit."""
    limit = center.escalation_acknowledgement
    return work_calendar(center.calendar).due(now, limit).due_at if limit else None


def note_failed(tx: Transaction, events: Sequence[NoticeFailed]) -> None:
    """Somebody could not be notified: the timeline says so, and an escalation that reached nobody is passed up next."""
    store.timeline.record(tx, events)
    notices = {}
    for row in store.acknowledgements.of_tickets(tx, {event.ticket_id for event in events if event.ticket_id}):
        notice = escalation_notice_id(row.deadline_id, row.level, row.revision)
        notices[notice] = row.id
        if row.passed_up_to is not None:
            notices[passed_up_notice_id(notice, row.passed_up_to)] = row.id
    for event in events:
        if event.notice_id in notices:
            store.acknowledgements.note_unreached(tx, notices[event.notice_id], event.recipient)


def pass_up_unacknowledged(tx: Transaction) -> int:
    """Tell those of the next level of what nobody acknowledged in time, or nobody got; how many were looked at.

    Nobody is told of what needs nobody any more: a deadline that ended, or a higher level that was reached since, or is
    at this instant, which has a time of its own. While a deadline waits for papers the time begins anew.
    """
    rows = store.acknowledgements.unacknowledged(tx, AT_ONCE)
    by_code = centers_of(tx, rows)
    leaders = {code: duty.duty_leader(tx, center) for code, center in by_code.items()}
    facts = store.deadlines.facts_of(tx, {row.ticket_id for row in rows})
    for row in rows:
        center, state = by_code[row.center], DeadlineState(row.state)
        is_over = row.is_overtaken or state in (DeadlineState.MET, DeadlineState.CANCELLED)
        following = None
        if not is_over and state != DeadlineState.PAUSED:
            level = Unacknowledged(DeadlineKind(row.kind), row.department, row.reached_level, row.recipients)
            reached_at = mark_at(center, level.kind, level.reached_level + 1, row.due_at)
            if reached_at is None or reached_at > tx.now:
                following = next_level(center, level, facts[row.ticket_id], leaders[row.center])
            is_over = following is None
        if following:
            _pass_up(tx, row, following)
        store.acknowledgements.set_time(tx, row.id, None if is_over else due(center, tx.now))
    return len(rows)


def _pass_up(tx: Transaction, row: Row, following: NextLevel) -> None:
    store.acknowledgements.pass_up(tx, row.center, row.id, following.to, following.level)
    record_and_announce(
        tx,
        EscalationPassedUp(
            center=row.center,
            ticket_id=row.ticket_id,
            escalation_id=row.id,
            deadline_id=row.deadline_id,
            kind=DeadlineKind(row.kind),
            level=row.level,
            revision=row.revision,
            due_at=row.due_at,
            light=following.light,
            to=following.to,
            to_level=following.level,
            unacknowledged_by=tuple(row.recipients),
            passed_up_at=tx.now,
        ),
    )
