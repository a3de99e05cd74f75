"""The routing service: who handles a ticket, who is notified, who decides when nobody is responsible.

Handlers have the order in which one event leads to another: in a batch, causes are handled before their effects.
"""

from schemas.center.center import CenterMissed
from schemas.events import tickets as given
from schemas.events.deadlines import MarkReached, MarkVoided
from schemas.events.forgetting import TicketForgotten
from schemas.events.materials import ToleranceGranted, ToleranceLapsed, ToleranceSupplied
from schemas.events.notices import NoticeFailed
from schemas.events.reconciliation import OpenTicketsListed
from schemas.events.suggestions import SuggestionOffered
from services import reconciliation
from services.access import parked_routes
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.routes import with_routes
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically
from services.plumbing.runtime.resources import Made
from services.plumbing.security import masking_keys_of
from services.privacy.fingerprints import MaskingKeys
from services.routing import store
from services.routing.actions import (
    acknowledging,
    distribution,
    escalation,
    forgetting,
    publishing,
    suggestions,
    tolerance,
)
from services.routing.actions import tickets as ticket_actions
from services.routing.routes import (
    assignments,
    board,
    center_file,
    duty,
    escalations,
    followed,
    ledger,
    meetings,
    roster,
    sittings,
    statistics,
    tickets,
)
from services.routing.rules.deadlines import CHANGES, DeadlineEvent
from services.routing.rules.ladder import MARKS


@with_routes(
    assignments,
    board,
    center_file,
    duty,
    escalations,
    followed,
    ledger,
    meetings,
    parked_routes,
    roster,
    sittings,
    statistics,
    tickets,
)
class RoutingService:
    """Decides who; `deadline_watch` says when, `intake` what."""

    name = "routing"
    masking_keys: MaskingKeys = Made(masking_keys_of)

    @subscribe(given.TicketRegistered, batch=True, order=10)
    def register(self, events: list[given.TicketRegistered], tx: Transaction) -> None:
        """New tickets are routed by the rules of the center file, or put on the docket."""
        ticket_actions.register(tx, events)

    @subscribe(given.TicketDeclined, given.TicketWithdrawn, order=20)
    def end(self, event: given.TicketDeclined | given.TicketWithdrawn, tx: Transaction) -> None:
        """The ticket was not accepted, or the citizen withdrew it."""
        ticket_actions.end(tx, event)

    @subscribe(given.MaterialsRequested, given.MaterialsSupplied, order=30)
    def note_materials(self, event: given.MaterialsRequested | given.MaterialsSupplied, tx: Transaction) -> None:
        """The applicant must bring papers, or has brought them."""
        ticket_actions.note_materials(tx, event)

    @subscribe(ToleranceGranted, ToleranceSupplied, ToleranceLapsed, order=35)
    def note_tolerance(self, event: ToleranceGranted | ToleranceSupplied | ToleranceLapsed, tx: Transaction) -> None:
        """Papers may come later, have come, or have not come in time."""
        tolerance.note(tx, event)

    @subscribe(given.TicketRated, batch=True, order=40)
    def note_ratings(self, events: list[given.TicketRated], tx: Transaction) -> None:
        """Citizens rated how it was solved."""
        ticket_actions.note_ratings(tx, events)

    @subscribe(given.TicketReopened, order=50)
    def reopen(self, event: given.TicketReopened, tx: Transaction) -> None:
        """A bad rating opened a new round."""
        ticket_actions.reopen(tx, event)

    @subscribe(TicketForgotten, order=55)
    def forget(self, event: TicketForgotten, tx: Transaction) -> None:
        """What is personal in a ticket was deleted."""
        forgetting.forget(tx, event)

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

    @subscribe(NoticeFailed, batch=True, order=85)
    def note_failed_notices(self, events: list[NoticeFailed], tx: Transaction) -> None:
        """Somebody could not be notified: whoever looks at the ticket is to know, and the next level if nobody was."""
        acknowledging.note_failed(tx, [each for each in events if each.ticket_id])

    @subscribe(SuggestionOffered, order=88)
    def take_suggestion(self, event: SuggestionOffered, tx: Transaction) -> None:
        """Who solves such things is known: if the center lets that decide, the ticket goes there."""
        suggestions.take(tx, event)

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

    @periodically(every=1)
    def pass_up_unacknowledged(self, tx: Transaction) -> int:
        """What nobody acknowledged within the center's limit goes one level of the ladder up."""
        return acknowledging.pass_up_unacknowledged(tx)

    @periodically(every=2)
    def make_findable(self, tx: Transaction) -> None:
        """New tickets can be found by their words; it rests in between for longer than it takes."""
        store.lists.make_findable(tx, limit=50)
