"""What happens to a ticket: taken in by intake, decided and answered in routing.

An act carries who did it beside when, as in ``answered_by`` and ``answered_at``: the staff id of the access token,
never one from a body. It is None where the citizen acted with the ticket's code. What follows from an act by the
rules (routed, reopened, escalated) names a person only where one decided.
"""

from datetime import date, datetime
from uuid import UUID

import marshmallow

from schemas.enums import ApplicantKind, Cause, Channel, Complexity, Light, Outcome, Rating
from schemas.events.event import Event
from schemas.reasons import DeclineReason
from schemas.record.record import Record


class EarlierRefusal(Record, unknown=marshmallow.EXCLUDE):
    """Where the citizen was sent away before, a department's code or masked words, and how often."""

    where: str
    times: int


class TicketRegistered(Event, type="ticket.registered.v1", by="intake"):
    """A ticket was taken in; its texts are masked. The promise runs from ``registered_at``.

    With ``applicant_fingerprints`` a service that has the masking key hides the applicant's data in texts; from the
    fingerprints alone nobody can read the data.
    """

    ticket_id: UUID
    number: str
    title: str
    text: str
    matter: str | None = None
    cause: Cause | None = None
    channel: Channel
    applicant_kind: ApplicantKind
    first_responsible: str
    registered_by: str
    registered_at: datetime
    repeat_of: UUID | None = None
    refused_before: tuple[EarlierRefusal, ...] = ()
    missing_materials: tuple[str, ...] = ()
    applicant_fingerprints: tuple[str, ...] = ()


class TicketDeclined(Event, type="ticket.declined.v1", by="intake"):
    """The ticket was not accepted; the remedy was explained to the citizen."""

    ticket_id: UUID
    reason: DeclineReason
    remedy: str
    declined_by: str
    declined_at: datetime


class TicketWithdrawn(Event, type="ticket.withdrawn.v1", by="intake"):
    """The citizen withdrew the ticket; ``withdrawn_by`` is the clerk who was told, None when the citizen did it."""

    ticket_id: UUID
    round: int = 1
    withdrawn_by: str | None = None
    withdrawn_at: datetime


class MaterialsRequested(Event, type="materials.requested.v1", by="intake"):
    """The applicant was given the 《补正材料清单》, to be brought by ``due_on``; the deadline waits from
    ``requested_at``, for ``working_days_left`` at most."""

    ticket_id: UUID
    items: tuple[str, ...]
    due_on: date | None = None
    working_days_left: int
    requested_by: str
    requested_at: datetime


class MaterialsSupplied(Event, type="materials.supplied.v1", by="intake"):
    """The applicant brought the missing papers; the deadline goes on from ``supplied_at``."""

    ticket_id: UUID
    supplied_by: str
    supplied_at: datetime


class TicketRated(Event, type="ticket.rated.v1", by="intake"):
    """The citizen rated the handling of one round; ``recorded_by`` is the clerk who wrote it down, if one did."""

    ticket_id: UUID
    round: int
    rating: Rating
    comment: str = ""
    recorded_by: str | None = None
    rated_at: datetime


class TicketReopened(Event, type="ticket.reopened.v1", by="intake"):
    """A bad rating opened a new ``round``, with a deadline of its own from ``reopened_at``."""

    ticket_id: UUID
    round: int
    reopened_at: datetime


class TicketRouted(Event, type="ticket.routed.v1", by="routing"):
    """It is decided who handles the ticket: by ``rule`` of the center file, or by the leader ``decided_by``.

    ``why`` are the leader's own words, or RoutingReasons.
    """

    ticket_id: UUID
    round: int
    complexity: Complexity
    cause: Cause | None = None
    lead: str
    assisting: tuple[str, ...] = ()
    rule: str | None = None
    decided_by: str | None = None
    why: str
    routed_at: datetime


class TicketReclassified(Event, type="ticket.reclassified.v1", by="routing"):
    """An ordinary ticket became complex: the time already spent counts, the limit is now that of the report."""

    ticket_id: UUID
    round: int
    complexity: Complexity
    why: str
    reclassified_by: str
    reclassified_at: datetime


class TicketAnswered(Event, type="ticket.answered.v1", by="routing"):
    """The solution was fed back to the citizen."""

    ticket_id: UUID
    round: int
    department: str
    answer: str
    answered_by: str
    answered_at: datetime


class ReportFiled(Event, type="report.filed.v1", by="routing"):
    """The special-topic report of a complex ticket was filed."""

    ticket_id: UUID
    round: int
    department: str
    report: str
    filed_by: str
    filed_at: datetime


class TicketClosed(Event, type="ticket.closed.v1", by="routing"):
    """The ticket ended, with its outcome."""

    ticket_id: UUID
    round: int
    outcome: Outcome
    closed_by: str
    closed_at: datetime


class TicketEscalated(Event, type="ticket.escalated.v1", by="routing"):
    """A level of the ladder, counted from 1, was reached: ``to`` (staff ids) are to be notified, with ``template``.

    No `notice.requested` says it again. ``due_at`` is the deadline's; ``skipped`` names posts that nobody holds.
    """

    ticket_id: UUID
    deadline_id: UUID
    kind: str
    level: int
    revision: int
    due_at: datetime
    light: Light
    template: str
    to: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    escalated_at: datetime


class EscalationVoided(Event, type="escalation.voided.v1", by="routing"):
    """A level of the ladder had not been reached after all: ``to`` were notified that it had been reached, and
    are now to be notified that it had not.
    """

    ticket_id: UUID
    deadline_id: UUID
    kind: str
    level: int
    revision: int
    to: tuple[str, ...]
    voided_at: datetime
