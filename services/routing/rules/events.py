"""The events that several use cases announce, each built in one place, and how any event reads in a timeline. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.events import assignments, decisions, escalations, materials, meetings, tickets
from schemas.events.event import Event
from schemas.events.forgetting import TicketForgotten
from schemas.events.notices import NoticeFailed, NoticeRequested
from services.routing.rules.routing import RoutingDecision
from services.routing.rules.ticket import Assignment, Ticket

ASSIGNED = "assignment.made"
DOCKETED = "arbitration.requested"
HANDED_OVER = "assignment.handed_over"
PAPERS_LATE = "tolerance.lapsed"
"""Templates of notices."""


def routed(ticket: Ticket, decision: RoutingDecision, now: datetime) -> tickets.TicketRouted:
    """Who handles ``ticket`` in its present round."""
    return tickets.TicketRouted(
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


def made(ticket: Ticket, assignment: Assignment) -> assignments.AssignmentMade:
    """A department is asked to do something about ``ticket``."""
    return assignments.AssignmentMade(
        center=ticket.center,
        ticket_id=ticket.id,
        assignment_id=assignment.id,
        round=assignment.round,
        department=assignment.department,
        role=assignment.role,
        made_at=assignment.made_at,
    )


def replaced(ticket: Ticket, assignment: Assignment, now: datetime) -> assignments.AssignmentReplaced:
    """A department is no longer asked."""
    return assignments.AssignmentReplaced(
        center=ticket.center,
        ticket_id=ticket.id,
        assignment_id=assignment.id,
        department=assignment.department,
        replaced_at=now,
    )


def notice(ticket: Ticket, notice_id: UUID, recipients: Iterable[str], template: str, now: datetime) -> NoticeRequested:
    """People (staff ids) are to be notified about ``ticket``, each once."""
    return NoticeRequested(
        center=ticket.center,
        ticket_id=ticket.id,
        notice_id=notice_id,
        recipients=tuple(dict.fromkeys(recipients)),
        template=template,
        requested_at=now,
    )


class TimelineRow(NamedTuple):
    """One line: when, what (the event's type without its version), who (staff id or rule), department, text."""

    ticket_id: UUID
    center: str
    at: datetime
    what: str
    actor: str | None
    department: str | None
    text: str | None


class _Fields(NamedTuple):
    """Which fields of an event hold what; of ``actors`` the first that is set."""

    at: str
    actors: tuple[str, ...] = ()
    department: str | None = None
    text: str | None = None


_FIELDS: dict[type[Event], _Fields] = {
    tickets.TicketRegistered: _Fields("registered_at", ("registered_by",)),
    tickets.TicketDeclined: _Fields("declined_at", ("declined_by",), text="remedy"),
    tickets.TicketWithdrawn: _Fields("withdrawn_at", ("withdrawn_by",)),
    tickets.MaterialsRequested: _Fields("requested_at", ("requested_by",), text="items"),
    tickets.MaterialsSupplied: _Fields("supplied_at", ("supplied_by",)),
    materials.ToleranceGranted: _Fields("granted_at", ("granted_by",), text="items"),
    materials.ToleranceSupplied: _Fields("supplied_at", ("supplied_by",)),
    materials.ToleranceLapsed: _Fields("lapsed_at", text="due_on"),
    tickets.TicketRated: _Fields("rated_at", ("recorded_by",), text="rating"),
    tickets.TicketReopened: _Fields("reopened_at"),
    TicketForgotten: _Fields("forgotten_at", ("forgotten_by",)),
    tickets.TicketRouted: _Fields("routed_at", ("decided_by", "rule"), "lead", "why"),
    tickets.TicketReclassified: _Fields("reclassified_at", ("reclassified_by",), text="why"),
    decisions.ArbitrationRequested: _Fields("requested_at", text="reason"),
    decisions.ArbitrationDecided: _Fields("decided_at", ("decided_by",)),
    tickets.TicketAnswered: _Fields("answered_at", ("answered_by",), "department", "answer"),
    tickets.ReportFiled: _Fields("filed_at", ("filed_by",), "department", "report"),
    tickets.TicketClosed: _Fields("closed_at", ("closed_by",), text="outcome"),
    tickets.TicketEscalated: _Fields("escalated_at", text="to"),
    tickets.EscalationVoided: _Fields("voided_at", text="to"),
    NoticeFailed: _Fields("failed_at", text="recipient"),
    escalations.EscalationAcknowledged: _Fields("acknowledged_at", ("acknowledged_by",), text="kind"),
    escalations.EscalationPassedUp: _Fields("passed_up_at", text="to"),
    meetings.MeetingCalled: _Fields("called_at", ("called_by",), text="when_and_where"),
    meetings.MeetingMoved: _Fields("moved_at", ("moved_by",), text="when_and_where"),
    meetings.MeetingCancelled: _Fields("cancelled_at", ("cancelled_by",), text="why"),
    meetings.MeetingHeld: _Fields("held_at", ("held_by",), text="outcome"),
    assignments.ReportSigned: _Fields("signed_at", ("signed_by",), "department"),
    decisions.ExtensionGranted: _Fields("granted_at", ("approved_by",), text="reason"),
    decisions.ExtensionRequested: _Fields("requested_at", ("requested_by",), "department", "reason"),
    decisions.ExtensionRefused: _Fields("refused_at", ("refused_by",), text="why"),
    assignments.AssignmentMade: _Fields("made_at", (), "department", "role"),
    assignments.AssignmentAccepted: _Fields("accepted_at", ("accepted_by",), "department"),
    assignments.AssignmentReturned: _Fields("returned_at", ("returned_by",), "department", "explanation"),
    assignments.AssignmentCompleted: _Fields("completed_at", ("completed_by",), "department", "result"),
    assignments.ProgressReported: _Fields("reported_at", ("reported_by",), "department", "progress"),
    assignments.AssignmentHandedOver: _Fields("handed_over_at", ("handed_over_by",), "department", "handed_to_and_why"),
    assignments.AssignmentReplaced: _Fields("replaced_at", (), "department"),
}


def timeline_row(event: Event) -> TimelineRow | None:
    """The line that ``event`` leaves; None for what does not happen to a ticket, such as a notice."""
    fields = _FIELDS.get(type(event))
    if fields is None:
        return None
    text = getattr(event, fields.text) if fields.text else None
    return TimelineRow(
        ticket_id=getattr(event, "ticket_id"),  # noqa: B009  which events have one is known to the table above
        center=event.center,
        at=getattr(event, fields.at),
        what=event.TYPE.rpartition(".")[0],
        actor=next((getattr(event, name) for name in fields.actors if getattr(event, name)), None),
        department=getattr(event, fields.department) if fields.department else None,
        text=None if text is None else ", ".join(map(str, text)) if isinstance(text, tuple) else str(text),
    )
