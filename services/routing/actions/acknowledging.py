"""Whoever was told that a level of the ladder was reached acknowledges it: it is known who knows, and since when."""

from uuid import UUID

from schemas.enums import DeadlineKind
from schemas.errors import Conflict, NotFound
from schemas.events.escalations import EscalationAcknowledged
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.store.timeline import record_and_announce


def acknowledge(call: Call, escalation_id: UUID) -> None:
    """The actor knows of it. Raises NotFound for who was not told, Conflict where nothing is left to acknowledge."""
    tx, actor = call.tx, call.actor
    is_new = store.escalations.acknowledge(tx, actor.center, actor.staff, escalation_id)
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
