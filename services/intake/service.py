"""Intake registers and numbers tickets, protects the applicant's data, and shows the citizen the state."""

from typing import Any
from uuid import UUID

from schemas.center.center import CenterPublished
from schemas.enums import Role
from schemas.errors import Refused
from schemas.events.access import AccessRevoked
from schemas.events.deadlines import DeadlineMoved, DeadlineResumed, DeadlineSet
from schemas.events.reconciliation import TicketUnknown
from schemas.events.tickets import TicketAnswered, TicketClosed, TicketReclassified, TicketRouted
from schemas.requests import intake as api
from schemas.requests.applicants import FindByPhone, RevealApplicant, RevealedTicket
from services.access import admission, centers
from services.access.admission import route
from services.intake import store, views
from services.intake.actions import desk_actions, projections, reconciliation, registration, rotation, search
from services.intake.actions.applicants import cipher_of
from services.intake.ciphers import FieldCipher
from services.intake.rules.tickets import number_read
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.http.group_commit import Call
from services.plumbing.http.replies import page_length
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically
from services.plumbing.runtime.resources import Made
from services.plumbing.security import masking_keys_of
from services.privacy.fingerprints import MaskingKeys

FEEDERS = {Role.CLERK, Role.CHANNEL}
WINDOW = {Role.CLERK, Role.DUTY_LEADER}
READERS = {Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR}
PUBLIC: dict[str, Any] = {"roles": None, "per_minute": 30}
"""Whoever has the code may ask; it is too long to be guessed at this rate."""
TICKET = "/tickets/<uuid:ticket_id>"
NUMBERED = "/tickets/<code:center>-<int:day>-<int:sequence>"


class IntakeService:
    """What arrives at the window, from the citizen, and from the other services."""

    name = "intake"
    cipher: FieldCipher = Made(cipher_of)
    masking_keys: MaskingKeys = Made(masking_keys_of)

    @subscribe(CenterPublished, order=10)
    def keep_center(self, event: CenterPublished, tx: Transaction) -> None:
        """A center file has a new version."""
        centers.keep(tx, event)

    @subscribe(AccessRevoked, order=20)
    def revoke_access(self, event: AccessRevoked, tx: Transaction) -> None:
        """The tokens of a person are not valid any more."""
        admission.keep(tx, event)

    @subscribe(TicketRouted, batch=True, order=30)
    def on_routed(self, events: list[TicketRouted], tx: Transaction) -> None:
        """Tickets have departments that are responsible for them."""
        projections.routed(tx, events)

    @subscribe(TicketReclassified, batch=True, order=40)
    def on_reclassified(self, events: list[TicketReclassified], tx: Transaction) -> None:
        """Tickets that were ordinary are complex after all."""
        projections.reclassified(tx, events)

    @subscribe(DeadlineSet, DeadlineMoved, DeadlineResumed, batch=True, order=50)
    def on_due_time(self, events: list[store.projections.DueTimeSet], tx: Transaction) -> None:
        """Promises have got a due time, or a new one, for example after a pause."""
        projections.promised(tx, events)

    @subscribe(TicketAnswered, batch=True, order=60)
    def on_answered(self, events: list[TicketAnswered], tx: Transaction) -> None:
        """The citizen has a solution to read and to rate."""
        projections.answered(tx, self.cipher, events)

    @subscribe(TicketClosed, batch=True, order=70)
    def on_closed(self, events: list[TicketClosed], tx: Transaction) -> None:
        """Tickets ended."""
        projections.closed(tx, events)

    @subscribe(TicketUnknown, batch=True, order=80)
    def on_missed(self, events: list[TicketUnknown], tx: Transaction) -> None:
        """A service does not know some tickets: announce their registrations again."""
        reconciliation.announce_again(tx, events)

    @periodically(every=1)
    def list_open_tickets(self, tx: Transaction) -> None:
        """List open tickets, so that no service misses one for long."""
        reconciliation.list_open_tickets(tx)

    @periodically(every=15)
    def rotate_keys(self, tx: Transaction) -> int:
        """Encrypt again what is still encrypted with an old key."""
        return rotation.keep_rotating(tx, self.cipher)

    @route(
        "POST",
        "/tickets",
        body=api.RegisterTicket,
        reply=api.TicketRegisteredReply,
        status=201,
        roles=FEEDERS,
        batched=True,
    )
    def register(self, calls: list[Call]) -> list[api.TicketRegisteredReply | Refused]:
        """Register a ticket; the promise runs from now on."""
        return registration.register_calls(calls[0].tx, self.cipher, self.masking_keys, calls)

    @route("POST", "/tickets:batch", body=api.RegisterBatch, reply=api.BatchReply, roles=FEEDERS)
    def register_batch(self, call: Call) -> api.BatchReply:
        """Register up to 500 tickets of a feed; each is judged for itself."""
        center = centers.current(call.tx, call.actor.center)
        tickets, staff = call.body.tickets, call.actor.staff
        results = registration.register_each(call.tx, self.cipher, self.masking_keys, center, tickets, staff)
        return api.BatchReply(results=results)

    @route("GET", "/tickets", query=api.IntakeQuery, reply=api.StaffPage, roles=READERS)
    def list_tickets(self, call: Call) -> api.StaffPage:
        """List the center's tickets, newest first, masked."""
        limit = call.query.limit
        rows = store.tickets.page(call.tx, call.actor.center, **vars(call.query) | {"limit": limit + 1})
        return views.staff_page(
            rows, page_length(rows, limit), centers.current(call.tx, call.actor.center), self.cipher
        )

    @route("POST", "/tickets:by-phone", body=FindByPhone, reply=api.StaffPage, roles=READERS, keyed=False, limited=True)
    def find_by_phone(self, call: Call) -> api.StaffPage:
        """Find the latest tickets of the applicant with this phone, masked; it is recorded who asked."""
        center = centers.current(call.tx, call.actor.center)
        return search.by_phone(call.tx, self.cipher, center, call.body, call.actor.staff)

    @route("GET", TICKET, reply=api.StaffView, roles=READERS)
    def show(self, call: Call, ticket_id: UUID) -> api.StaffView:
        """Show a ticket to the staff, masked."""
        row = store.tickets.ticket(call.tx, call.actor.center, ticket_id)
        return views.staff_view(row, centers.current(call.tx, row.center), self.cipher)

    @route("POST", f"{NUMBERED}/status", body=api.StatusWithCode, reply=api.CitizenView, keyed=False, **PUBLIC)
    def follow(self, call: Call, **number: Any) -> api.CitizenView:
        """Show the citizen the state of the ticket, without data of the applicant."""
        row = self._of_citizen(call, call.body.code, number)
        return views.citizen_view(row, centers.current(call.tx, row.center))

    @route("POST", f"{TICKET}/applicant", body=RevealApplicant, reply=RevealedTicket, roles=READERS, keyed=False)
    def reveal(self, call: Call, ticket_id: UUID) -> RevealedTicket:
        """Show a ticket unmasked, for a reason; it is recorded who asked."""
        row = store.tickets.ticket(call.tx, call.actor.center, ticket_id)
        return desk_actions.reveal(call.tx, self.cipher, row, call.body, call.actor.staff)

    @route("POST", f"{TICKET}/decline", body=api.DeclineTicket, reply=api.TicketStateReply, roles=WINDOW)
    def decline(self, call: Call, ticket_id: UUID) -> api.TicketStateReply:
        """Decline the ticket: the reason is given once and completely, with what the citizen can do instead."""
        return desk_actions.decline(call.tx, self.cipher, self._locked(call, ticket_id), call.body, call.actor.staff)

    @route("POST", f"{TICKET}/materials", body=api.RequestMaterials, reply=api.TicketStateReply, roles=WINDOW)
    def request_materials(self, call: Call, ticket_id: UUID) -> api.TicketStateReply:
        """Ask the citizen for every missing paper at once; the promise waits."""
        return desk_actions.request_materials(
            call.tx, self.cipher, self._locked(call, ticket_id), call.body, call.actor
        )

    @route("POST", f"{TICKET}/materials/supply", reply=api.TicketStateReply, roles=WINDOW)
    def supply_materials(self, call: Call, ticket_id: UUID) -> api.TicketStateReply:
        """The citizen brought the papers; the promise goes on."""
        return desk_actions.supply_materials(call.tx, self._locked(call, ticket_id), call.actor.staff)

    @route("POST", f"{TICKET}/withdraw", reply=api.TicketStateReply, roles={Role.CLERK})
    def withdraw(self, call: Call, ticket_id: UUID) -> api.TicketStateReply:
        """The citizen told a clerk that the ticket is withdrawn."""
        return desk_actions.withdraw(call.tx, self._locked(call, ticket_id), staff=call.actor.staff)

    @route("POST", f"{TICKET}/rating", body=api.RateTicket, reply=api.TicketStateReply, roles={Role.CLERK})
    def rate(self, call: Call, ticket_id: UUID) -> api.TicketStateReply:
        """The citizen told a clerk the rating; a bad one opens a new round."""
        row = self._locked(call, ticket_id)
        return desk_actions.rate(call.tx, self.cipher, row, call.body, recorded_by=call.actor.staff)

    @route("POST", f"{NUMBERED}/withdraw", body=api.WithdrawWithCode, reply=api.TicketStateReply, **PUBLIC)
    def withdraw_with_code(self, call: Call, **number: Any) -> api.TicketStateReply:
        """The citizen withdraws."""
        return desk_actions.withdraw(call.tx, self._of_citizen(call, call.body.code, number, lock=True), staff=None)

    @route("POST", f"{NUMBERED}/rating", body=api.RateWithCode, reply=api.TicketStateReply, **PUBLIC)
    def rate_with_code(self, call: Call, **number: Any) -> api.TicketStateReply:
        """The citizen rates; a bad rating opens a new round."""
        row = self._of_citizen(call, call.body.code, number, lock=True)
        return desk_actions.rate(call.tx, self.cipher, row, call.body, recorded_by=None)

    def _locked(self, call: Call, ticket_id: UUID) -> Row:
        return store.tickets.ticket(call.tx, call.actor.center, ticket_id, lock=True)

    def _of_citizen(self, call: Call, code: str, number: dict[str, Any], *, lock: bool = False) -> Row:
        codes = self.cipher.fingerprints(code)
        return store.tickets.ticket_of_citizen(call.tx, number_read(**number), codes, lock=lock)
