"""How an event reads as a line of a ticket's timeline. Pure."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.events import assignments, tickets
from schemas.events.event import Event


class Entry(NamedTuple):
    """One line: when, what (the event's type without its version), who (staff id or rule), department, words."""

    ticket_id: UUID
    center: str
    at: datetime
    what: str
    actor: str | None
    department: str | None
    text: str | None


class _Fields(NamedTuple):
    """Which fields of an event say what; of ``actors`` the first that is set."""

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
    tickets.TicketRated: _Fields("rated_at", ("recorded_by",), text="rating"),
    tickets.TicketReopened: _Fields("reopened_at"),
    tickets.TicketRouted: _Fields("routed_at", ("decided_by", "rule"), "lead", "why"),
    tickets.TicketReclassified: _Fields("reclassified_at", ("reclassified_by",), text="why"),
    tickets.ArbitrationRequested: _Fields("requested_at", text="reason"),
    tickets.ArbitrationDecided: _Fields("decided_at", ("decided_by",)),
    tickets.TicketAnswered: _Fields("answered_at", ("answered_by",), "department", "answer"),
    tickets.ReportFiled: _Fields("filed_at", ("filed_by",), "department", "report"),
    tickets.TicketClosed: _Fields("closed_at", ("closed_by",), text="outcome"),
    tickets.TicketEscalated: _Fields("escalated_at", text="to"),
    tickets.EscalationVoided: _Fields("voided_at", text="to"),
    tickets.ExtensionGranted: _Fields("granted_at", ("approved_by",), text="reason"),
    tickets.ExtensionRequested: _Fields("requested_at", ("requested_by",), "department", "reason"),
    tickets.ExtensionRefused: _Fields("refused_at", ("refused_by",), text="why"),
    assignments.AssignmentMade: _Fields("made_at", (), "department", "role"),
    assignments.AssignmentAccepted: _Fields("accepted_at", ("accepted_by",), "department"),
    assignments.AssignmentReturned: _Fields("returned_at", ("returned_by",), "department", "explanation"),
    assignments.AssignmentCompleted: _Fields("completed_at", ("completed_by",), "department", "result"),
    assignments.AssignmentReplaced: _Fields("replaced_at", (), "department"),
}


def entry_of(event: Event) -> Entry | None:
    """The line that ``event`` leaves; None for what is no news of a ticket, such as a notice."""
    fields = _FIELDS.get(type(event))
    if fields is None:
        return None
    return Entry(
        ticket_id=getattr(event, "ticket_id"),  # noqa: B009  which events have one is known to the table above
        center=event.center,
        at=getattr(event, fields.at),
        what=event.TYPE.rpartition(".")[0],
        actor=next((getattr(event, name) for name in fields.actors if getattr(event, name)), None),
        department=getattr(event, fields.department) if fields.department else None,
        text=_words(getattr(event, fields.text)) if fields.text else None,
    )


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
