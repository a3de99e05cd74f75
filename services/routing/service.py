"""The routing service: who handles a ticket, who is told, who decides when nobody is responsible.

Events are declared in the order in which one leads to another: what stands above is handled before what stands below.
"""

from uuid import UUID

from schemas.center.center import CenterMissed
from schemas.enums import Role
from schemas.events.deadlines import (
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlineOverdue,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkReached,
    MarkVoided,
)
from schemas.events.reconciliation import OpenTicketsListed
from schemas.events.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    TicketDeclined,
    TicketRated,
    TicketRegistered,
    TicketReopened,
    TicketWithdrawn,
)
from schemas.requests.docket import Arbitrate, DocketQuery, DocketView, RosterQuery, RosterView
from schemas.requests.routing import (
    AcceptAssignment,
    AnswerTicket,
    AssignmentPage,
    AssignmentQuery,
    AssignmentView,
    CloseTicket,
    CompleteAssignment,
    FileReport,
    GrantExtension,
    ReclassifyTicket,
    RefuseExtension,
    ReturnAssignment,
    TicketPage,
    TicketQuery,
    TicketView,
)
from schemas.requests.timeline import TicketTimelineQuery, TimelinePage, TimelineQuery
from services import reconciliation
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.plumbing.http.routes import route
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically
from services.plumbing.runtime.resources import Made
from services.plumbing.security.masking_key import masking_keys_of
from services.privacy.fingerprints import MaskingKeys
from services.routing import docket, store, views
from services.routing.actions import (
    answering,
    arbitration,
    assigning,
    escalation,
    extensions,
    gone_departments,
    lifecycle,
    publishing,
    registration,
)
from services.routing.actions.staff_texts import masked
from services.routing.rules.deadlines import Announced

LIAISONS = {Role.LIAISON}
CLERKS = {Role.CLERK, Role.DUTY_LEADER}
LEADERS = {Role.DUTY_LEADER, Role.DIRECTOR}
CENTER = {Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR}
ANYBODY = LIAISONS | CENTER


class RoutingService:
    """Decides who; `deadline_watch` says when, `intake` what."""

    name = "routing"
    masking_keys: MaskingKeys = Made(masking_keys_of)

    # ---- What is heard

    @subscribe(TicketRegistered, batch=True)
    def register(self, events: list[TicketRegistered], tx: Transaction) -> None:
        """New tickets are routed by the rules of the center file, or put on the docket."""
        registration.register(tx, events)

    @subscribe(TicketDeclined)
    def decline(self, event: TicketDeclined, tx: Transaction) -> None:
        """The ticket was not accepted."""
        lifecycle.end(tx, event)

    @subscribe(TicketWithdrawn)
    def withdraw(self, event: TicketWithdrawn, tx: Transaction) -> None:
        """The citizen withdrew it."""
        lifecycle.end(tx, event)

    @subscribe(MaterialsRequested)
    def await_materials(self, event: MaterialsRequested, tx: Transaction) -> None:
        """The applicant must bring papers."""
        lifecycle.await_materials(tx, event)

    @subscribe(MaterialsSupplied)
    def receive_materials(self, event: MaterialsSupplied, tx: Transaction) -> None:
        """The papers are there."""
        lifecycle.receive_materials(tx, event)

    @subscribe(TicketRated, batch=True)
    def note_ratings(self, events: list[TicketRated], tx: Transaction) -> None:
        """Citizens said what they think of it."""
        lifecycle.note_ratings(tx, events)

    @subscribe(TicketReopened)
    def reopen(self, event: TicketReopened, tx: Transaction) -> None:
        """A bad rating opened a new round."""
        lifecycle.reopen(tx, event)

    @subscribe(DeadlineSet, batch=True)
    @subscribe(DeadlineMoved, batch=True)
    @subscribe(DeadlinePaused, batch=True)
    @subscribe(DeadlineResumed, batch=True)
    @subscribe(DeadlineMet, batch=True)
    @subscribe(DeadlineCancelled, batch=True)
    def keep_deadlines(self, events: list[Announced], tx: Transaction) -> None:
        """Clocks were started, moved, stopped."""
        tickets = {event.ticket_id for event in events}
        store.due.hold(tx, tickets)
        store.deadlines.merge(tx, events)
        store.due.refresh(tx, tickets)

    @subscribe(DeadlineApproaching, batch=True)
    @subscribe(DeadlineBreached, batch=True)
    @subscribe(DeadlineOverdue, batch=True)
    def escalate(self, events: list[MarkReached], tx: Transaction) -> None:
        """Clocks reached a mark: the ladder says who is told."""
        escalation.escalate(tx, events)

    @subscribe(MarkVoided, batch=True)
    def take_back(self, events: list[MarkVoided], tx: Transaction) -> None:
        """Marks turn out not to have been reached: whoever was told is told so."""
        escalation.void(tx, events)

    @subscribe(CenterMissed)
    def announce_center_again(self, event: CenterMissed, tx: Transaction) -> None:
        """A service has missed versions of a center file."""
        publishing.announce_again(tx, event)

    @subscribe(OpenTicketsListed, batch=True)
    def on_open_tickets_listed(self, events: list[OpenTicketsListed], tx: Transaction) -> None:
        """Open tickets are named: those that never arrived are asked for."""
        reconciliation.ask_for_unknown_tickets(tx, events, store.tickets.unknown)

    # ---- What time brings

    @periodically(every=5)
    def clear_gone_departments(self, tx: Transaction) -> int:
        """What lies with departments that the center file names no more goes to the docket."""
        return gone_departments.move_to_docket(tx)

    @periodically(every=2)
    def make_findable(self, tx: Transaction) -> None:
        """New tickets can be found by their words; it rests in between for longer than it takes."""
        store.search.make_findable(tx, limit=50)

    # ---- What departments do

    @route("GET", "/assignments", query=AssignmentQuery, reply=AssignmentPage, roles=ANYBODY)
    def list_assignments(self, call: Call) -> AssignmentPage:
        """Parts of tickets; a liaison sees the own department's."""
        return views.assignments(call)

    @route(
        "POST", "/assignments/<uuid:assignment_id>/accept", body=AcceptAssignment, reply=AssignmentView, roles=LIAISONS
    )
    def accept(self, call: Call, assignment_id: UUID) -> AssignmentView:
        """Sign for it (签收)."""
        assigning.accept(call, assignment_id)
        return views.assignment(call, assignment_id)

    @route(
        "POST", "/assignments/<uuid:assignment_id>/return", body=ReturnAssignment, reply=AssignmentView, roles=LIAISONS
    )
    def give_back(self, call: Call, assignment_id: UUID) -> AssignmentView:
        """Send it back (退回), in time and with a reason."""
        assigning.give_back(masked(call, self.masking_keys, assignment_id), assignment_id)
        return views.assignment(call, assignment_id)

    @route(
        "POST",
        "/assignments/<uuid:assignment_id>/complete",
        body=CompleteAssignment,
        reply=AssignmentView,
        roles=LIAISONS,
    )
    def complete(self, call: Call, assignment_id: UUID) -> AssignmentView:
        """The department's part is done."""
        assigning.complete(masked(call, self.masking_keys, assignment_id), assignment_id)
        return views.assignment(call, assignment_id)

    # ---- What happens to tickets

    @route("GET", "/tickets", query=TicketQuery, reply=TicketPage, roles=ANYBODY)
    def list_tickets(self, call: Call) -> TicketPage:
        """Tickets of the center or of the liaison's department, newest first; also those with some words in them."""
        return views.tickets(call)

    @route("GET", "/tickets/<uuid:ticket_id>", query=TicketTimelineQuery, reply=TicketView, roles=ANYBODY)
    def show(self, call: Call, ticket_id: UUID) -> TicketView:
        """One ticket with what was decided and done; the latest of its timeline, or what was before."""
        return views.ticket(call, ticket_id, call.query)

    @route("GET", "/timeline", query=TimelineQuery, reply=TimelinePage, roles=CENTER | {Role.OPS})
    def timeline(self, call: Call) -> TimelinePage:
        """What has happened to all tickets since, for who follows along."""
        return views.timeline(call)

    @route(
        "POST",
        "/tickets/<uuid:ticket_id>/report",
        body=FileReport,
        reply=TicketView,
        roles=LIAISONS | {Role.DUTY_LEADER},
    )
    def report(self, call: Call, ticket_id: UUID) -> TicketView:
        """File the special-topic report (专题报告) of a complex ticket."""
        answering.report(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route(
        "POST",
        "/tickets/<uuid:ticket_id>/answer",
        body=AnswerTicket,
        reply=TicketView,
        roles=LIAISONS | {Role.DUTY_LEADER},
    )
    def answer(self, call: Call, ticket_id: UUID) -> TicketView:
        """Feed the solution back to the citizen."""
        answering.answer(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", "/tickets/<uuid:ticket_id>/close", body=CloseTicket, reply=TicketView, roles=CLERKS)
    def close(self, call: Call, ticket_id: UUID) -> TicketView:
        """End an answered ticket, with its outcome."""
        answering.close(call, ticket_id)
        return views.ticket(call, ticket_id)

    # ---- What leaders decide

    @route("POST", "/tickets/<uuid:ticket_id>/arbitrate", body=Arbitrate, reply=TicketView, roles=LEADERS)
    def arbitrate(self, call: Call, ticket_id: UUID) -> TicketView:
        """Decide who handles it, finally."""
        arbitration.arbitrate(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", "/tickets/<uuid:ticket_id>/reclassify", body=ReclassifyTicket, reply=TicketView, roles=LEADERS)
    def reclassify(self, call: Call, ticket_id: UUID) -> TicketView:
        """An ordinary ticket is complex after all."""
        arbitration.reclassify(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route(
        "POST",
        "/tickets/<uuid:ticket_id>/extension",
        body=GrantExtension,
        reply=TicketView,
        roles=LIAISONS | LEADERS,
    )
    def extend(self, call: Call, ticket_id: UUID) -> TicketView:
        """More time, asked for in time: a leader grants it at once, the lead department requests it of a leader."""
        extensions.extend(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", "/extensions/<uuid:extension_id>/grant", reply=TicketView, roles=LEADERS)
    def grant_extension(self, call: Call, extension_id: UUID) -> TicketView:
        """Grant the time that a department requested."""
        return views.ticket(call, extensions.grant(call, extension_id))

    @route("POST", "/extensions/<uuid:extension_id>/refuse", body=RefuseExtension, reply=TicketView, roles=LEADERS)
    def refuse_extension(self, call: Call, extension_id: UUID) -> TicketView:
        """Refuse it, and say why."""
        return views.ticket(call, extensions.refuse(masked(call, self.masking_keys, extension_id), extension_id))

    @route("GET", "/docket", query=DocketQuery, reply=DocketView, roles=LEADERS)
    def docket(self, call: Call) -> DocketView:
        """What this sitting has to decide, what is broken, and what will be before the next; whose sitting it is."""
        return docket.docket(call)

    @route("GET", "/roster", query=RosterQuery, reply=RosterView, roles=CENTER)
    def roster(self, call: Call) -> RosterView:
        """Who sits at the window when."""
        return views.sittings(call)
