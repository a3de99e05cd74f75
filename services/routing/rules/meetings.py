"""Which tickets a joint meeting is called for, and when a report is signed. Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.enums import MeetingState, TicketState
from schemas.errors import Conflict, Forbidden, Invalid
from services.routing.rules.ticket import Ticket


class Meeting(NamedTuple):
    """A joint meeting of the departments of a ticket, and whether it is still to come."""

    id: UUID
    ticket_id: UUID
    round: int
    state: MeetingState
    meets_at: datetime
    place: str
    departments: tuple[str, ...]
    called_by: str
    called_at: datetime


def ensure_may_call(ticket: Ticket, departments: Collection[str], *, has_one_to_come: bool) -> None:
    """A complex ticket that departments work on gets one meeting at a time. Raises Conflict, Invalid."""
    if not ticket.is_assigned:
        raise Conflict("a joint meeting is called while departments work on the ticket")
    if not ticket.is_complex:
        raise Conflict("an ordinary ticket needs no joint meeting; reclassify it if it is complex")
    if has_one_to_come:
        raise Conflict("a joint meeting is called already; move it, or cancel it")
    if not set(departments) <= {ticket.lead, *ticket.assisting}:
        raise Invalid("departments", "Must be departments that have a part in the ticket.")


def ensure_in_future(meets_at: datetime, now: datetime) -> None:
    """Nobody is called together for a time that has passed. Raises Invalid."""
    if meets_at <= now:
        raise Invalid("meets_at", "Must be in the future.")


def ensure_to_come(meeting: Meeting) -> None:
    """What was held or cancelled stays so. Raises Conflict."""
    if meeting.state != MeetingState.CALLED:
        raise Conflict(f"this meeting is {meeting.state} already")


def ensure_may_sign(ticket: Ticket, department: str, signed: Collection[str]) -> None:
    """Each department that assists signs the report once it is filed. Raises Conflict, Forbidden."""
    if ticket.reported_at is None:
        raise Conflict("the report has not been filed yet")
    if ticket.state not in (TicketState.ASSIGNED, TicketState.ANSWERED, TicketState.IN_ARBITRATION):
        raise Conflict(f"this ticket is {ticket.state} already")
    if department not in ticket.assisting:
        raise Forbidden("only a department that assists signs the report")
    if department in signed:
        raise Conflict("your department has signed the report already")
