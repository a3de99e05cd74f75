"""What becomes of an escalation: that it was announced stands in ``ticket.escalated`` and ``escalation.voided``."""

from datetime import datetime
from uuid import UUID

from schemas.enums import DeadlineKind
from schemas.events.event import Event


class EscalationAcknowledged(Event, type="escalation.acknowledged.v1", by="routing"):
    """Somebody who was told that a level of the ladder was reached knows of it. Each of them acknowledges it alone."""

    ticket_id: UUID
    escalation_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    level: int
    revision: int
    acknowledged_by: str
    acknowledged_at: datetime
