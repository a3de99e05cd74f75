"""What is decided for a ticket beside the rules: who handles it (arbitration), and more time (extensions)."""

from datetime import datetime
from uuid import UUID

from schemas.events.event import Event
from schemas.reasons import ArbitrationReason

BY_SIMILAR_CASES = "similar.cases"
"""What stands for a leader where there was none; no staff id has a full stop."""


class ArbitrationRequested(Event, type="arbitration.requested.v1", by="routing"):
    """Nobody is responsible yet: the ticket lies on the duty leader's docket, with a deadline of its own."""

    ticket_id: UUID
    arbitration_id: UUID
    round: int
    reason: ArbitrationReason
    requested_at: datetime


class ArbitrationDecided(Event, type="arbitration.decided.v1", by="routing"):
    """The duty leader decided who handles the ticket; the decision is final. ``ticket.routed`` says the rest.

    Where solved tickets like it decided and no leader, ``decided_by`` is BY_SIMILAR_CASES, and it may be returned.
    """

    ticket_id: UUID
    arbitration_id: UUID
    round: int
    decided_by: str
    decided_at: datetime


class ExtensionRequested(Event, type="extension.requested.v1", by="routing"):
    """The lead department asked for more time; a leader decides. The promise runs on as it is."""

    ticket_id: UUID
    extension_id: UUID
    round: int
    department: str
    working_days: int
    reason: str
    legal_basis: str
    requested_by: str
    requested_at: datetime


class ExtensionGranted(Event, type="extension.granted.v1", by="routing"):
    """A leader, ``approved_by``, gave the time that was asked for: the promise moves by ``working_days``."""

    ticket_id: UUID
    extension_id: UUID
    round: int
    working_days: int
    reason: str
    legal_basis: str
    requested_by: str
    approved_by: str
    granted_at: datetime


class ExtensionRefused(Event, type="extension.refused.v1", by="routing"):
    """A leader gave no more time."""

    ticket_id: UUID
    extension_id: UUID
    round: int
    why: str
    refused_by: str
    refused_at: datetime
