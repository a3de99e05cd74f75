"""The papers of a ticket, for those who work on it: the window, the center's leaders, the departments that have it."""

from uuid import UUID

from schemas.enums import Role
from schemas.requests.papers import TicketPapers, TolerateMaterials
from services.access.admission import route
from services.access.tokens import Actor
from services.intake import store, views
from services.intake.actions import tolerance
from services.intake.actions.applicants import HasKeys
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call

WINDOW = {Role.CLERK, Role.DUTY_LEADER}
CENTER = {Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR}
READERS = CENTER | {Role.LIAISON, Role.DEPARTMENT_HEAD}
TICKET = "/tickets/<uuid:ticket_id>"


@route("GET", f"{TICKET}/papers", reply=TicketPapers, roles=READERS)
def show_papers(service: HasKeys, call: Call, ticket_id: UUID) -> TicketPapers:
    """Show what the citizen told and brought; a department sees it of the tickets that it has."""
    return views.papers(call.tx, ticket_of(call, ticket_id))


@route("POST", f"{TICKET}/materials/tolerate", body=TolerateMaterials, reply=TicketPapers, roles=WINDOW)
def tolerate_materials(service: HasKeys, call: Call, ticket_id: UUID) -> TicketPapers:
    """Take the ticket without some papers, which the applicant has promised by signature (容缺受理)."""
    ticket = store.tickets.ticket(call.tx, call.actor.center, ticket_id, lock=True)
    return tolerance.tolerate(call.tx, service.cipher, ticket, call.body, call.actor.staff)


@route("POST", f"{TICKET}/materials/tolerate/supply", reply=TicketPapers, roles=WINDOW)
def supply_tolerated(service: HasKeys, call: Call, ticket_id: UUID) -> TicketPapers:
    """The papers that were promised are there, in time or late."""
    ticket = store.tickets.ticket(call.tx, call.actor.center, ticket_id, lock=True)
    return tolerance.supply(call.tx, ticket, call.actor.staff)


def ticket_of(call: Call, ticket_id: UUID) -> Row:
    """The ticket, if the actor's part of the house has it. Raises NotFound."""
    actor: Actor = call.actor
    department = None if actor.has(*CENTER) else actor.department or ""
    return store.tickets.ticket(call.tx, actor.center, ticket_id, department=department)
