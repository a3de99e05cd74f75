"""What happens to an assignment: one department's share of a ticket in one round."""

from datetime import datetime
from uuid import UUID

from schemas.enums import DepartmentRole
from schemas.events.event import Event
from schemas.reasons import ReturnReason


class AssignmentMade(Event, type="assignment.made.v1", by="routing"):
    """A department was given its share; it must sign for it in time."""

    ticket_id: UUID
    assignment_id: UUID
    round: int
    department: str
    role: DepartmentRole
    made_at: datetime


class AssignmentAccepted(Event, type="assignment.accepted.v1", by="routing"):
    """The department's liaison signed for it (签收)."""

    ticket_id: UUID
    assignment_id: UUID
    department: str
    accepted_by: str
    accepted_at: datetime


class AssignmentReturned(Event, type="assignment.returned.v1", by="routing"):
    """The department sent it back (退回). The promise to the citizen goes on all the same."""

    ticket_id: UUID
    assignment_id: UUID
    department: str
    reason: ReturnReason
    explanation: str
    returned_by: str
    returned_at: datetime


class AssignmentCompleted(Event, type="assignment.completed.v1", by="routing"):
    """The department did its part."""

    ticket_id: UUID
    assignment_id: UUID
    department: str
    result: str
    completed_by: str
    completed_at: datetime


class AssignmentReplaced(Event, type="assignment.replaced.v1", by="routing"):
    """The ticket was routed anew and this department has no part in it any more: its deadlines end."""

    ticket_id: UUID
    assignment_id: UUID
    department: str
    replaced_at: datetime


class ProgressReported(Event, type="progress.reported.v1", by="routing"):
    """A department that has signed for its assignment said how far it has come. No deadline changes by that."""

    ticket_id: UUID
    assignment_id: UUID
    department: str
    progress: str
    reported_by: str
    reported_at: datetime


class AssignmentHandedOver(Event, type="assignment.handed_over.v1", by="routing"):
    """Another liaison of the department, ``handed_to``, handles it from now on (B角). No deadline changes by that."""

    ticket_id: UUID
    assignment_id: UUID
    department: str
    handed_to: str
    why: str
    handed_over_by: str
    handed_over_at: datetime

    @property
    def handed_to_and_why(self) -> tuple[str, str]:
        """What a timeline says of it."""
        return self.handed_to, self.why


class ReportSigned(Event, type="report.signed.v1", by="routing"):
    """A department that assists has signed the special-topic report that the lead filed (会签)."""

    ticket_id: UUID
    round: int
    department: str
    signed_by: str
    signed_at: datetime
