"""What staff of the window and the feeds do with tickets: register, list, look up, decline, ask for papers."""

from uuid import UUID

from schemas.enums import Role
from schemas.errors import NotFound, Refused
from schemas.requests import intake as api
from schemas.requests.applicants import ContactView, FindByPhone, RevealApplicant, RevealedTicket
from schemas.requests.citizen import RateTicket
from services.access import centers
from services.access.admission import route
from services.intake import store, views
from services.intake.actions import registration, search, tickets
from services.intake.actions.applicants import HasKeys, decrypted
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.plumbing.http.replies import page_length

FEEDERS = {Role.CLERK, Role.CHANNEL}
WINDOW = {Role.CLERK, Role.DUTY_LEADER}
READERS = {Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR}
TICKET = "/tickets/<uuid:ticket_id>"
BATCHES_AT_ONCE = 4
"""One is read while the other is stored. More would be of no use, and fill the memory."""


@route(
    "POST",
    "/tickets",
    body=api.RegisterTicket,
    reply=api.TicketRegisteredReply,
    status=201,
    roles=FEEDERS,
    batched=True,
)
def register(service: HasKeys, calls: list[Call]) -> list[api.TicketRegisteredReply | Refused]:
    """Register a ticket; the promise runs from now on."""
    return registration.register_calls(calls[0].tx, service.cipher, service.masking_keys, calls)


@route("POST", "/tickets:batch", body=api.RegisterBatch, reply=api.BatchReply, roles=FEEDERS, at_once=BATCHES_AT_ONCE)
def register_batch(service: HasKeys, call: Call) -> api.BatchReply:
    """Register up to 500 tickets of a feed; each is judged for itself."""
    center = centers.current(call.tx, call.actor.center)
    results = registration.register_each(
        call.tx, service.cipher, service.masking_keys, center, call.body.tickets, call.actor.staff
    )
    return api.BatchReply(results=results)


@route("GET", "/tickets", query=api.IntakeQuery, reply=api.StaffPage, roles=READERS)
def list_tickets(service: HasKeys, call: Call) -> api.StaffPage:
    """List the center's tickets, newest first, masked."""
    limit = call.query.limit
    rows = store.tickets.page(call.tx, call.actor.center, **vars(call.query) | {"limit": limit + 1})
    return views.staff_page(rows, page_length(rows, limit), centers.current(call.tx, call.actor.center), service.cipher)


@route("GET", "/tickets:mine", query=api.OwnTicketsQuery, reply=api.StaffPage, roles=READERS)
def list_own(service: HasKeys, call: Call) -> api.StaffPage:
    """List the open tickets that the actor follows to the end (首问负责), the earliest due first, masked."""
    center, limit = centers.current(call.tx, call.actor.center), call.query.limit
    rows = store.tickets.open_of(call.tx, center.code, call.actor.staff, limit)
    shown = rows[: page_length(rows, limit)]
    return views.staff_page(shown, len(shown), center, service.cipher)


@route("POST", "/tickets:by-phone", body=FindByPhone, reply=api.StaffPage, roles=READERS, keyed=False, limited=True)
def find_by_phone(service: HasKeys, call: Call) -> api.StaffPage:
    """Find the latest tickets of the applicant with this phone, masked; it is recorded who asked."""
    center = centers.current(call.tx, call.actor.center)
    return search.by_phone(call.tx, service.cipher, center, call.body, call.actor.staff)


@route("GET", TICKET, reply=api.StaffView, roles=READERS)
def show(service: HasKeys, call: Call, ticket_id: UUID) -> api.StaffView:
    """Show a ticket to the staff, masked."""
    row = store.tickets.ticket(call.tx, call.actor.center, ticket_id)
    return views.staff_view(row, centers.current(call.tx, row.center), service.cipher)


@route("POST", f"{TICKET}/applicant", body=RevealApplicant, reply=RevealedTicket, roles=READERS, keyed=False)
def reveal(service: HasKeys, call: Call, ticket_id: UUID) -> RevealedTicket:
    """Show a ticket unmasked, for a reason; it is recorded who asked."""
    row = store.tickets.ticket(call.tx, call.actor.center, ticket_id)
    return tickets.reveal(call.tx, service.cipher, row, call.body, call.actor.staff)


@route("GET", f"{TICKET}/contact", reply=ContactView, roles={Role.NOTIFIER})
def contact(service: HasKeys, call: Call, ticket_id: UUID) -> ContactView:
    """Say where a message to the applicant goes: to the service that sends it, which keeps it nowhere."""
    row = store.tickets.ticket(call.tx, call.actor.center, ticket_id)
    if row.forgotten_at is not None:
        raise NotFound("There is no such ticket.")
    return ContactView(number=row.number, phone=decrypted(service.cipher, row, "phone"))


@route("POST", f"{TICKET}/decline", body=api.DeclineTicket, reply=api.TicketStateReply, roles=WINDOW)
def decline(service: HasKeys, call: Call, ticket_id: UUID) -> api.TicketStateReply:
    """Decline the ticket: the reason is given once and completely, with what the citizen can do instead."""
    return tickets.decline(call.tx, service.cipher, _locked(call, ticket_id), call.body, call.actor.staff)


@route("POST", f"{TICKET}/materials", body=api.RequestMaterials, reply=api.TicketStateReply, roles=WINDOW)
def request_materials(service: HasKeys, call: Call, ticket_id: UUID) -> api.TicketStateReply:
    """Ask the citizen for every missing paper at once; the promise waits."""
    return tickets.request_materials(call.tx, service.cipher, _locked(call, ticket_id), call.body, call.actor)


@route("POST", f"{TICKET}/materials/supply", reply=api.TicketStateReply, roles=WINDOW)
def supply_materials(service: HasKeys, call: Call, ticket_id: UUID) -> api.TicketStateReply:
    """The citizen brought the papers; the promise goes on."""
    return tickets.supply_materials(call.tx, _locked(call, ticket_id), call.actor.staff)


@route("POST", f"{TICKET}/withdraw", reply=api.TicketStateReply, roles={Role.CLERK})
def withdraw(service: HasKeys, call: Call, ticket_id: UUID) -> api.TicketStateReply:
    """The citizen told a clerk that the ticket is withdrawn."""
    return tickets.withdraw(call.tx, _locked(call, ticket_id), staff=call.actor.staff)


@route("POST", f"{TICKET}/rating", body=RateTicket, reply=api.TicketStateReply, roles={Role.CLERK})
def rate(service: HasKeys, call: Call, ticket_id: UUID) -> api.TicketStateReply:
    """The citizen told a clerk the rating; a bad one opens a new round."""
    row = _locked(call, ticket_id)
    return tickets.rate(call.tx, service.cipher, row, call.body, recorded_by=call.actor.staff)


def _locked(call: Call, ticket_id: UUID) -> Row:
    return store.tickets.ticket(call.tx, call.actor.center, ticket_id, lock=True)
