"""What routing says when something was decided: the events, built in one place each. Pure."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from schemas.center.center import Center
from schemas.events.assignments import AssignmentMade, AssignmentReplaced
from schemas.events.notices import NoticeRequested
from schemas.events.tickets import TicketRouted
from services.routing.rules.routing import Decision
from services.routing.rules.ticket import Assignment, Ticket

ASSIGNED = "assignment.made"
DOCKETED = "arbitration.requested"
"""Templates of notices; those of the ladder are named for the mark, as in ``deadline.breached``."""


def routed(ticket: Ticket, decision: Decision, now: datetime) -> TicketRouted:
    """Who handles ``ticket`` in its present round."""
    return TicketRouted(
        center=ticket.center,
        ticket_id=ticket.id,
        round=ticket.round,
        complexity=decision.complexity,
        cause=ticket.cause,
        lead=decision.lead,
        assisting=decision.assisting,
        rule=decision.rule,
        decided_by=decision.decided_by,
        why=decision.why,
        routed_at=now,
    )


def made(ticket: Ticket, assignment: Assignment) -> AssignmentMade:
    """A department has a part to do."""
    return AssignmentMade(
        center=ticket.center,
        ticket_id=ticket.id,
        assignment_id=assignment.id,
        round=assignment.round,
        department=assignment.department,
        role=assignment.role,
        made_at=assignment.made_at,
    )


def replaced(ticket: Ticket, assignment: Assignment, now: datetime) -> AssignmentReplaced:
    """A department has no part any more."""
    return AssignmentReplaced(
        center=ticket.center,
        ticket_id=ticket.id,
        assignment_id=assignment.id,
        department=assignment.department,
        replaced_at=now,
    )


def notice(
    ticket: Ticket, notice_id: UUID, recipients: Iterable[str], template: str, now: datetime, level: int | None = None
) -> NoticeRequested:
    """People are to be told of ``ticket``, each once."""
    return NoticeRequested(
        center=ticket.center,
        ticket_id=ticket.id,
        notice_id=notice_id,
        recipients=tuple(dict.fromkeys(recipients)),
        template=template,
        level=level,
        requested_at=now,
    )


def liaisons_of(center: Center, departments: Iterable[str]) -> list[str]:
    """The people who receive assignments for these departments."""
    known = (center.departments.get(code) for code in departments)
    return [liaison for department in known if department for liaison in department.liaisons]
