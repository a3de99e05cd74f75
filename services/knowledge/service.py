"""The knowledge service: what was solved before that is like a ticket, and which departments solve such things."""

from schemas.center.center import CenterPublished
from schemas.events.access import AccessRevoked
from schemas.events.decisions import ArbitrationRequested
from schemas.events.event import Event
from schemas.events.reconciliation import OpenTicketsListed
from services import reconciliation
from services.access import admission, centers, parked_routes
from services.knowledge import metrics, store
from services.knowledge.actions import learning, offering, recording, reminding, reviewing
from services.knowledge.routes import answers, cases, entries, entry_lists, solved, trust
from services.knowledge.rules.ticket import EVENTS
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.routes import with_routes
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically


@with_routes(answers, cases, entries, entry_lists, parked_routes, solved, trust)
class KnowledgeService:
    """Remembers: from events alone, with the texts masked as they are in the events."""

    name = "knowledge"

    @subscribe(CenterPublished, order=10)
    def keep_center(self, event: CenterPublished, tx: Transaction) -> None:
        """A center file has a new version."""
        centers.keep(tx, event)

    @subscribe(AccessRevoked, order=20)
    def revoke_access(self, event: AccessRevoked, tx: Transaction) -> None:
        """The tokens of a person are not valid any more."""
        admission.keep(tx, event)

    @subscribe(*EVENTS, batch=True, order=30)
    def record(self, events: list[Event], tx: Transaction) -> None:
        """Something happened to tickets: what is solved by it is learnt."""
        recording.record(tx, events)

    @subscribe(ArbitrationRequested, batch=True, order=35)
    def offer(self, events: list[ArbitrationRequested], tx: Transaction) -> None:
        """Tickets came to the docket: who solves such things is announced, for whoever acts on it."""
        offering.announce_offers(tx, events)

    @subscribe(OpenTicketsListed, batch=True, order=40)
    def on_open_tickets_listed(self, events: list[OpenTicketsListed], tx: Transaction) -> None:
        """Intake has listed open tickets: ask for those whose registration never arrived."""
        reconciliation.ask_for_unknown_tickets(tx, events, store.tickets.unknown)

    @periodically(every=15)
    def observe(self, tx: Transaction) -> None:
        """Refresh what operators see."""
        metrics.observe(tx)

    @periodically(every=1)
    def foretell(self, tx: Transaction) -> None:
        """Keep what is suggested for new tickets, to be held against who solves them."""
        offering.foretell(tx)

    @periodically(every=5)
    def measure_departments(self, tx: Transaction) -> int:
        """Describe the departments of one center by all that was learnt of them."""
        return learning.measure(tx)

    @periodically(every=5)
    def remind(self, tx: Transaction) -> int:
        """Tell of what is late in the question base."""
        return reminding.remind(tx)

    @periodically(every=5)
    def end_entries(self, tx: Transaction) -> int:
        """Entries that hold no longer are over; those whose basis ended are checked."""
        return reminding.end(tx)

    @periodically(every=5)
    def make_review_lists(self, tx: Transaction) -> int:
        """Make the lists of the week when it is time."""
        return reviewing.make_lists(tx)
