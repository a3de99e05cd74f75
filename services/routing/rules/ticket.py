"""What the rules of routing look at: a ticket, a department's assignment, the deadline of a promise. Values only."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.enums import (
    AssignmentState,
    Cause,
    Complexity,
    DeadlineKind,
    DeadlineState,
    DepartmentRole,
    ExtensionState,
    TicketState,
)


class Ticket(NamedTuple):
    """A ticket as it is now. Answer and report are those of the present ``round``."""

    id: UUID
    center: str
    number: str
    title: str
    text: str
    matter: str | None
    cause: Cause | None
    first_responsible: str
    state: TicketState
    round: int = 1
    complexity: Complexity | None = None
    lead: str | None = None
    assisting: tuple[str, ...] = ()
    answered_at: datetime | None = None
    reported_at: datetime | None = None

    @property
    def is_complex(self) -> bool:
        """Whether it is promised a special-topic report."""
        return self.complexity == Complexity.COMPLEX

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in (TicketState.REGISTERED, TicketState.IN_ARBITRATION, TicketState.ASSIGNED)

    @property
    def is_assigned(self) -> bool:
        """Whether it is decided who handles it, and nobody asked the duty leader to decide it again."""
        return self.state == TicketState.ASSIGNED


class Assignment(NamedTuple):
    """What a department has to do in one round of a ticket. A ``final`` one was made by the duty leader's decision."""

    id: UUID
    ticket_id: UUID
    round: int
    department: str
    role: DepartmentRole
    state: AssignmentState
    final: bool
    made_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether the department still has to do something."""
        return self.state in (AssignmentState.MADE, AssignmentState.ACCEPTED)

    @property
    def is_valid(self) -> bool:
        """Whether it was neither returned nor replaced: open, or done."""
        return self.is_open or self.state == AssignmentState.COMPLETED


class Extension(NamedTuple):
    """More time that was asked for in one round of a ticket, and whether a leader has granted it."""

    id: UUID
    ticket_id: UUID
    round: int
    working_days: int
    reason: str
    legal_basis: str
    requested_by: str
    requested_at: datetime
    state: ExtensionState


class Promise(NamedTuple):
    """The deadline of a promise to the citizen, as deadline_watch last announced it."""

    kind: DeadlineKind
    state: DeadlineState
    due_at: datetime


class Scope(NamedTuple):
    """How far an actor sees: one center, and within it one ``department`` or, with None, all of them."""

    center: str
    department: str | None
