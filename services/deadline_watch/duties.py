"""What each event does to the duties inside the house: to sign for an assignment, to arbitrate. Pure, like `rules`.

These clocks never wait for the applicant.
"""

from datetime import datetime
from uuid import UUID

from schemas.assignments import AssignmentAccepted, AssignmentMade, AssignmentReplaced, AssignmentReturned
from schemas.tickets import ArbitrationDecided, ArbitrationRequested
from schemas.words import DeadlineKind
from services.deadline_watch import turns
from services.deadline_watch.clocks import Clock, Decision, Policy, Ticket
from services.deadline_watch.rules import TooEarly


def assigned(ticket: Ticket, event: AssignmentMade, policy: Policy) -> Decision:
    """A department has to sign for its assignment."""
    if ticket.ended_at is not None or ticket.about(event.assignment_id):
        return Decision(ticket)
    return Decision(ticket).then(
        turns.start(
            DeadlineKind.ACKNOWLEDGE,
            ticket,
            policy,
            about=event.assignment_id,
            round=event.round,
            department=event.department,
            at=event.made_at,
        )
    )


def signed(ticket: Ticket, event: AssignmentAccepted, policy: Policy) -> Decision:
    """The department has signed."""
    return _done(ticket, event.assignment_id, event.accepted_at, policy)


def returned(ticket: Ticket, event: AssignmentReturned, policy: Policy) -> Decision:
    """The department has sent it back, which settles it too. The promise to the citizen goes on."""
    return _done(ticket, event.assignment_id, event.returned_at, policy)


def replaced(ticket: Ticket, event: AssignmentReplaced, policy: Policy) -> Decision:
    """The department need not sign any more."""
    clock = _known(ticket, event.assignment_id)
    if clock is None:
        return Decision(ticket)
    return Decision(ticket).then(turns.cancel(clock, event.replaced_at, "replaced", policy))


def arbitration_requested(ticket: Ticket, event: ArbitrationRequested, policy: Policy) -> Decision:
    """The duty leader has to say who is responsible."""
    if ticket.ended_at is not None or ticket.about(event.arbitration_id):
        return Decision(ticket)
    return Decision(ticket).then(
        turns.start(
            DeadlineKind.ARBITRATE,
            ticket,
            policy,
            about=event.arbitration_id,
            round=event.round,
            department=None,
            at=event.requested_at,
        )
    )


def arbitration_decided(ticket: Ticket, event: ArbitrationDecided, policy: Policy) -> Decision:
    """The duty leader has said who is."""
    return _done(ticket, event.arbitration_id, event.decided_at, policy)


def _done(ticket: Ticket, about: UUID, at: datetime, policy: Policy) -> Decision:
    clock = _known(ticket, about)
    return Decision(ticket).then(turns.stop(clock, at, policy)) if clock else Decision(ticket)


def _known(ticket: Ticket, about: UUID) -> Clock | None:
    """The clock; None where a ticket that has ended never got it. Raises TooEarly where it will come."""
    clock = ticket.about(about)
    if clock is None and ticket.ended_at is None:
        raise TooEarly("what must be done is not known")
    return clock
