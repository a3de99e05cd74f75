"""The ladder: when deadlines reach their marks, the right people are notified, once, in batches as large as they come;
and if a mark turns out void, the same people are notified of that.

At close of business tens of thousands of deadlines break at the same instant; a batch is a handful of statements.
"""

from collections.abc import Sequence

from schemas.events.deadlines import MarkReached, MarkVoided
from schemas.events.notices import NoticeRequested
from schemas.events.tickets import EscalationVoided, TicketEscalated
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.messaging.failures import NotYet
from services.routing import store
from services.routing.actions.tickets import centers_of
from services.routing.rules.deadlines import DeadlineEvent
from services.routing.rules.ladder import is_outdated, mark_of, recipients
from services.routing.rules.roster import duty_leader
from services.routing.store.deadlines import escalation_key
from services.routing.store.timeline import record

VOIDED = "escalation.voided"
"""The template of the notice that takes an earlier one back."""


def keep_deadlines(tx: Transaction, events: Sequence[DeadlineEvent]) -> None:
    """Remember what became of deadlines, and when the assignments of their tickets are due next."""
    tickets = {event.ticket_id for event in events}
    store.tickets.lock_all(tx, tickets)
    store.deadlines.merge(tx, events)
    store.assignments.refresh_next_due(tx, tickets)


def escalate(tx: Transaction, events: Sequence[MarkReached]) -> None:
    """Notify whom the ladder names, of every mark that is not outdated. Raises NotYet when a ticket is unknown."""
    facts = store.deadlines.facts_of(tx, {event.ticket_id for event in events})
    if early := [event for event in events if event.ticket_id not in facts]:
        raise NotYet("the ticket is not known yet", early)
    deadlines = store.deadlines.merge(tx, events)
    current = {
        escalation_key(event): event
        for event in events
        if not is_outdated(event, deadlines[event.deadline_id], facts[event.ticket_id])
    }
    if not current:
        return
    by_code = centers_of(tx, current.values())
    leaders = {code: duty_leader(center, tx.now) for code, center in by_code.items()}
    escalated = []
    for event in current.values():
        to, skipped = recipients(by_code[event.center], event, facts[event.ticket_id], leaders[event.center])
        escalated.append(
            TicketEscalated(
                center=event.center,
                ticket_id=event.ticket_id,
                deadline_id=event.deadline_id,
                kind=event.kind,
                level=event.level,
                revision=event.revision,
                to=to,
                skipped=skipped,
                escalated_at=tx.now,
            )
        )
    new = store.deadlines.insert_escalations(tx, escalated)
    escalated = [each for each in escalated if escalation_key(each) in new]
    record(tx, escalated)
    for each in escalated:
        tx.announce(each, _notice(tx, each, f"deadline.{mark_of(current[escalation_key(each)])}"))


def void(tx: Transaction, events: Sequence[MarkVoided]) -> None:
    """Notify those who were notified of a mark that it was not reached."""
    store.deadlines.merge(tx, events)
    center_of = {event.ticket_id: event.center for event in events}
    voided = [
        EscalationVoided(
            center=center_of[row.ticket_id],
            ticket_id=row.ticket_id,
            deadline_id=row.deadline_id,
            kind=row.kind,
            level=row.level,
            revision=row.revision,
            to=tuple(row.recipients),
            voided_at=tx.now,
        )
        for row in store.deadlines.void_escalations(tx, events)
    ]
    record(tx, voided)
    for each in voided:
        tx.announce(each, _notice(tx, each, VOIDED))


def _notice(tx: Transaction, escalated: TicketEscalated | EscalationVoided, template: str) -> NoticeRequested:
    return NoticeRequested(
        center=escalated.center,
        ticket_id=escalated.ticket_id,
        notice_id=new_id(),
        recipients=escalated.to,
        template=template,
        level=escalated.level,
        requested_at=tx.now,
    )
