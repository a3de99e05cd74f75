"""What is asked of a department's share of a ticket over HTTP, and what is replied. Texts in replies are masked."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.center.center import Code
from schemas.enums import AssignmentState, Complexity, DepartmentRole
from schemas.reasons import ReturnReason
from schemas.record.record import Record, Reply
from schemas.values import Cursor, Explanation, PageSize, not_blank


class AssignmentOrder(StrEnum):
    """How a list of assignments is ordered: the earliest due first, or the oldest first."""

    DUE = "due"
    MADE = "made"


class AcceptAssignment(Record):
    """The department signs for it (签收); there is nothing to say."""


class ReturnAssignment(Record):
    """The department sends it back, with a reason that the next reader can judge, and may name the right lead."""

    reason: ReturnReason
    explanation: Explanation
    suggest: Code | None = None


class CompleteAssignment(Record):
    """The department has done its part; an assisting one reports to the lead this way."""

    result: Annotated[str, Length(min=1, max=5000), not_blank]


class ReportProgress(Record):
    """How far the department has come; more often is better."""

    progress: Annotated[str, Length(min=2, max=2000), not_blank]


class HandOverAssignment(Record):
    """Another liaison of the same department takes over, and why."""

    to: Code
    why: Explanation


class AssignmentQuery(Record):
    """Which assignments: of a department or state. A liaison sees the own department's only. ``mine`` are those that
    one handles oneself.

    ``order``: due lists open ones, the earliest due first; made lists any, oldest first. Without it, open ones
    that are asked for by their state come by due time, and everything else oldest first.
    """

    department: Code | None = None
    state: AssignmentState | None = None
    mine: bool = False
    order: AssignmentOrder | None = None
    limit: PageSize = 50
    after: Cursor | None = None


class TicketAssignment(Reply):
    """One department's share of a ticket, which its liaison ``handled_by`` handles; ``progress`` is what was last
    reported. ``due_at`` is the promise's, ``next_due_at`` the earliest due time, the
    department's signature included; None if nothing of it is due.
    """

    id: UUID
    ticket_id: UUID
    round: int
    complexity: Complexity | None = None
    department: str
    role: DepartmentRole
    state: AssignmentState
    made_at: datetime
    due_at: datetime | None = None
    next_due_at: datetime | None = None
    final: bool
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    returned_at: datetime | None = None
    returned_by: str | None = None
    completed_at: datetime | None = None
    completed_by: str | None = None
    reason: ReturnReason | None = None
    explanation: str | None = None
    result: str | None = None
    handled_by: str | None = None
    progress: str | None = None
    progress_at: datetime | None = None
    progress_by: str | None = None


class AssignmentView(TicketAssignment):
    """One department's share of a ticket, with what the ticket says."""

    number: str
    title: str
    text: str


class AssignmentPage(Reply):
    """Some assignments, and where the next page begins."""

    items: tuple[AssignmentView, ...]
    next: str | None = None
