"""The ladder: when a deadline reaches a mark, it is announced, once, who is to be notified. If the mark turns out to be
void, it is announced that the same people are to be notified of that.

At close of business tens of thousands of deadlines break at the same instant; a batch takes a few statements.
"""

from collections.abc import Sequence
from typing import Any

from schemas.enums import Light
from schemas.events.deadlines import MarkReached, MarkVoided
from schemas.events.tickets import EscalationVoided, TicketEscalated
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import NotYet
from services.routing import duty, store
from services.routing.actions import acknowledging
from services.routing.actions.tickets import centers_of
from services.routing.rules.deadlines import DeadlineEvent
from services.routing.rules.ladder import Recipients, is_outdated, light_of, mark_of, recipients
from services.routing.store.escalations import key_of
from services.routing.store.timeline import record_and_announce


def keep_deadlines(tx: Transaction, events: Sequence[DeadlineEvent]) -> None:
    """Store what happened to deadlines, and when the assignments of their tickets are due next."""
    tickets = {event.ticket_id for event in events}
    store.tickets.lock_all(tx, tickets)
    store.deadlines.merge(tx, events)
    store.assignments.refresh_next_due(tx, tickets)


def escalate(tx: Transaction, events: Sequence[MarkReached]) -> None:
    """Announce whom the ladder names, of every mark that is not outdated. Raises NotYet when a ticket is unknown."""
    facts = store.deadlines.facts_of(tx, {event.ticket_id for event in events})
    if early := [event for event in events if event.ticket_id not in facts]:
        raise NotYet("the ticket is not known yet", early)
    deadlines = store.deadlines.merge(tx, events)
    current = {
        key_of(event): event
        for event in events
        if not is_outdated(event, deadlines[event.deadline_id], facts[event.ticket_id])
    }
    if not current:
        return
    by_code = centers_of(tx, current.values())
    leaders = {code: duty.duty_leader(tx, center) for code, center in by_code.items()}
    # In a burst many marks have the same recipients: each combination is looked up in the center file once.
    known: dict[Any, tuple[Recipients, Light, str]] = {}
    escalated = {}
    for key, event in current.items():
        of_ticket = facts[event.ticket_id]
        alike = (
            *(event.center, type(event), event.kind, event.level, event.working_days),
            *(event.department or of_ticket.departments, of_ticket.first_responsible),
        )
        if alike not in known:
            center = by_code[event.center]
            known[alike] = (
                recipients(center, event, of_ticket, leaders[event.center]),
                light_of(center, event),
                f"deadline.{mark_of(event)}",
            )
        (to, skipped), light, template = known[alike]
        escalated[key] = TicketEscalated(
            center=event.center,
            ticket_id=event.ticket_id,
            deadline_id=event.deadline_id,
            kind=event.kind,
            level=event.level,
            revision=event.revision,
            due_at=event.due_at,
            light=light,
            template=template,
            to=to,
            skipped=skipped,
            escalated_at=tx.now,
        )
    acknowledge_by = {code: acknowledging.due(center, tx.now) for code, center in by_code.items()}
    new = store.escalations.insert(tx, escalated, acknowledge_by)
    record_and_announce(tx, *(each for key, each in escalated.items() if key in new))


def void(tx: Transaction, events: Sequence[MarkVoided]) -> None:
    """Announce to those who were notified of a mark that it was not reached."""
    store.deadlines.merge(tx, events)
    center_of = {event.ticket_id: event.center for event in events}
    record_and_announce(
        tx,
        *(
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
            for row in store.escalations.void(tx, events)
        ),
    )
