"""What becomes of an escalation: that it was announced stands in ``ticket.escalated`` and ``escalation.voided``."""

from datetime import datetime
from uuid import UUID

from schemas.enums import DeadlineKind, Light
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


class EscalationPassedUp(Event, type="escalation.passed_up.v1", by="routing"):
    """Nobody of those who were told of a level of the ladder acknowledged it within the center's limit, or none of
    them could be reached: ``to``, who hold the posts of level ``to_level``, are told too. ``to_level`` is one more than
    the highest where that is the director, whom no level names.
    """

    ticket_id: UUID
    escalation_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    level: int
    revision: int
    due_at: datetime
    light: Light
    to: tuple[str, ...]
    to_level: int
    unacknowledged_by: tuple[str, ...]
    passed_up_at: datetime
