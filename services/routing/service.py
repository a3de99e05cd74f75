"""The routing service: who handles a ticket, who is notified, who decides when nobody is responsible.

Handlers have the order in which one event leads to another: in a batch, causes are handled before their effects.
"""

from uuid import UUID

from schemas.center.center import CenterMissed
from schemas.enums import Role
from schemas.events import tickets
from schemas.events.deadlines import MarkReached, MarkVoided
from schemas.events.reconciliation import OpenTicketsListed
from schemas.requests import assignments as forms
from schemas.requests import routing as api
from schemas.requests.docket import Arbitrate, DocketQuery, DocketView, RosterQuery, RosterView
from schemas.requests.timeline import TicketTimelineQuery, TimelinePage, TimelineQuery
from services import reconciliation
from services.access.admission import route
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically
from services.plumbing.runtime.resources import Made
from services.plumbing.security import masking_keys_of
from services.privacy.fingerprints import MaskingKeys
from services.routing import docket, store, views
from services.routing.actions import departments, distribution, escalation, promises, publishing
from services.routing.actions import tickets as ticket_actions
from services.routing.actions.staff_texts import masked
from services.routing.rules.deadlines import CHANGES, DeadlineEvent
from services.routing.rules.ladder import MARKS

LIAISONS = {Role.LIAISON}
CLERKS = {Role.CLERK, Role.DUTY_LEADER}
LEADERS = {Role.DUTY_LEADER, Role.DIRECTOR}
CENTER = {Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR}
ANYBODY = LIAISONS | CENTER
ASSIGNMENT = "/assignments/<uuid:assignment_id>"
TICKET, EXTENSION = "/tickets/<uuid:ticket_id>", "/extensions/<uuid:extension_id>"


class RoutingService:
    """Decides who; `deadline_watch` says when, `intake` what."""

    name = "routing"
    masking_keys: MaskingKeys = Made(masking_keys_of)

    @subscribe(tickets.TicketRegistered, batch=True, order=10)
    def register(self, events: list[tickets.TicketRegistered], tx: Transaction) -> None:
        """New tickets are routed by the rules of the center file, or put on the docket."""
        ticket_actions.register(tx, events)

    @subscribe(tickets.TicketDeclined, tickets.TicketWithdrawn, order=20)
    def end(self, event: tickets.TicketDeclined | tickets.TicketWithdrawn, tx: Transaction) -> None:
        """The ticket was not accepted, or the citizen withdrew it."""
        ticket_actions.end(tx, event)

    @subscribe(tickets.MaterialsRequested, tickets.MaterialsSupplied, order=30)
    def note_materials(self, event: tickets.MaterialsRequested | tickets.MaterialsSupplied, tx: Transaction) -> None:
        """The applicant must bring papers, or has brought them."""
        ticket_actions.note_materials(tx, event)

    @subscribe(tickets.TicketRated, batch=True, order=40)
    def note_ratings(self, events: list[tickets.TicketRated], tx: Transaction) -> None:
        """Citizens rated how it was solved."""
        ticket_actions.note_ratings(tx, events)

    @subscribe(tickets.TicketReopened, order=50)
    def reopen(self, event: tickets.TicketReopened, tx: Transaction) -> None:
        """A bad rating opened a new round."""
        ticket_actions.reopen(tx, event)

    @subscribe(*CHANGES, batch=True, order=60)
    def keep_deadlines(self, events: list[DeadlineEvent], tx: Transaction) -> None:
        """Deadlines were started, moved, stopped."""
        escalation.keep_deadlines(tx, events)

    @subscribe(MarkVoided, batch=True, order=70)
    def void_escalations(self, events: list[MarkVoided], tx: Transaction) -> None:
        """Whoever was notified of a void mark is notified of that; before the marks of the same batch are handled."""
        escalation.void(tx, events)

    @subscribe(*MARKS, batch=True, order=80)
    def escalate(self, events: list[MarkReached], tx: Transaction) -> None:
        """Deadlines reached a mark: the ladder says who is notified."""
        escalation.escalate(tx, events)

    @subscribe(CenterMissed, order=90)
    def announce_center_again(self, event: CenterMissed, tx: Transaction) -> None:
        """A service has missed versions of a center file."""
        publishing.announce_again(tx, event)

    @subscribe(OpenTicketsListed, batch=True, order=100)
    def on_open_tickets_listed(self, events: list[OpenTicketsListed], tx: Transaction) -> None:
        """Intake has listed open tickets: ask for those that never arrived."""
        reconciliation.ask_for_unknown_tickets(tx, events, store.tickets.unknown)

    @periodically(every=5)
    def move_gone_departments(self, tx: Transaction) -> int:
        """What lies with departments that the center file names no more goes to the docket."""
        return distribution.move_gone_departments_to_docket(tx)

    @periodically(every=2)
    def make_findable(self, tx: Transaction) -> None:
        """New tickets can be found by their words; it rests in between for longer than it takes."""
        store.lists.make_findable(tx, limit=50)

    @route("GET", "/assignments", query=forms.AssignmentQuery, reply=forms.AssignmentPage, roles=ANYBODY)
    def list_assignments(self, call: Call) -> forms.AssignmentPage:
        """Assignments; a liaison sees the own department's."""
        return views.assignments(call)

    @route("POST", f"{ASSIGNMENT}/accept", body=forms.AcceptAssignment, reply=forms.AssignmentView, roles=LIAISONS)
    def accept(self, call: Call, assignment_id: UUID) -> forms.AssignmentView:
        """Sign for it (签收)."""
        departments.accept(call, assignment_id)
        return views.assignment(call, assignment_id)

    @route("POST", f"{ASSIGNMENT}/return", body=forms.ReturnAssignment, reply=forms.AssignmentView, roles=LIAISONS)
    def return_assignment(self, call: Call, assignment_id: UUID) -> forms.AssignmentView:
        """Return it (退回), in time and with a reason."""
        departments.return_assignment(masked(call, self.masking_keys, assignment_id), assignment_id)
        return views.assignment(call, assignment_id)

    @route("POST", f"{ASSIGNMENT}/complete", body=forms.CompleteAssignment, reply=forms.AssignmentView, roles=LIAISONS)
    def complete(self, call: Call, assignment_id: UUID) -> forms.AssignmentView:
        """The department has done its work."""
        departments.complete(masked(call, self.masking_keys, assignment_id), assignment_id)
        return views.assignment(call, assignment_id)

    @route("GET", "/tickets", query=api.TicketQuery, reply=api.TicketPage, roles=ANYBODY)
    def list_tickets(self, call: Call) -> api.TicketPage:
        """Tickets of the center or of the liaison's department, newest first; also those with some words in them."""
        return views.tickets(call)

    @route("GET", TICKET, query=TicketTimelineQuery, reply=api.TicketView, roles=ANYBODY)
    def show(self, call: Call, ticket_id: UUID) -> api.TicketView:
        """One ticket with what was decided and done; the latest of its timeline, or what was before."""
        return views.ticket(call, ticket_id, call.query)

    @route("GET", "/timeline", query=TimelineQuery, reply=TimelinePage, roles=CENTER | {Role.OPS})
    def timeline(self, call: Call) -> TimelinePage:
        """What has happened to all tickets since then, for programs that follow it."""
        return views.timeline(call)

    @route("POST", f"{TICKET}/report", body=api.FileReport, reply=api.TicketView, roles=LIAISONS | {Role.DUTY_LEADER})
    def report(self, call: Call, ticket_id: UUID) -> api.TicketView:
        """File the special-topic report (专题报告) of a complex ticket."""
        departments.report(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", f"{TICKET}/answer", body=api.AnswerTicket, reply=api.TicketView, roles=LIAISONS | {Role.DUTY_LEADER})
    def answer(self, call: Call, ticket_id: UUID) -> api.TicketView:
        """Give the citizen the solution."""
        departments.answer(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", f"{TICKET}/close", body=api.CloseTicket, reply=api.TicketView, roles=CLERKS)
    def close(self, call: Call, ticket_id: UUID) -> api.TicketView:
        """End an answered ticket, with its outcome."""
        ticket_actions.close(call, ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", f"{TICKET}/arbitrate", body=Arbitrate, reply=api.TicketView, roles=LEADERS)
    def arbitrate(self, call: Call, ticket_id: UUID) -> api.TicketView:
        """Decide who handles it, finally."""
        distribution.arbitrate(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", f"{TICKET}/reclassify", body=api.ReclassifyTicket, reply=api.TicketView, roles=LEADERS)
    def reclassify(self, call: Call, ticket_id: UUID) -> api.TicketView:
        """An ordinary ticket is complex after all."""
        promises.reclassify(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", f"{TICKET}/extension", body=api.GrantExtension, reply=api.TicketView, roles=LIAISONS | LEADERS)
    def extend(self, call: Call, ticket_id: UUID) -> api.TicketView:
        """More time, before the due time: a leader grants it at once, the lead department asks a leader for it."""
        promises.extend(masked(call, self.masking_keys, ticket_id), ticket_id)
        return views.ticket(call, ticket_id)

    @route("POST", f"{EXTENSION}/grant", reply=api.TicketView, roles=LEADERS)
    def grant_extension(self, call: Call, extension_id: UUID) -> api.TicketView:
        """Grant the time that a department requested."""
        return views.ticket(call, promises.grant(call, extension_id))

    @route("POST", f"{EXTENSION}/refuse", body=api.RefuseExtension, reply=api.TicketView, roles=LEADERS)
    def refuse_extension(self, call: Call, extension_id: UUID) -> api.TicketView:
        """Refuse it, and say why."""
        return views.ticket(call, promises.refuse(masked(call, self.masking_keys, extension_id), extension_id))

    @route("GET", "/docket", query=DocketQuery, reply=DocketView, roles=LEADERS)
    def docket(self, call: Call) -> DocketView:
        """What this sitting has to decide, what is broken, and what will be before the next; whose sitting it is."""
        return docket.docket(call)

    @route("GET", "/roster", query=RosterQuery, reply=RosterView, roles=CENTER)
    def roster(self, call: Call) -> RosterView:
        """Who sits at the window when."""
        return views.sittings(call)
