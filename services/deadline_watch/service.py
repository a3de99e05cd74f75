"""deadline_watch: what starts, pauses, moves and ends a deadline, and what is announced when a mark on it is reached.

In a batch, handlers run by their ``order``; the watermark of a source is stored after all of its events.
"""

from collections.abc import Sequence
from uuid import UUID

from schemas.center.center import CenterPublished
from schemas.enums import Role
from schemas.events.access import AccessRevoked
from schemas.events.assignments import AssignmentAccepted, AssignmentMade, AssignmentReplaced, AssignmentReturned
from schemas.events.decisions import ArbitrationDecided, ArbitrationRequested, ExtensionGranted
from schemas.events.event import Event
from schemas.events.forgetting import TicketForgotten
from schemas.events.reconciliation import OpenTicketsListed
from schemas.events.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    ReportFiled,
    TicketAnswered,
    TicketDeclined,
    TicketReclassified,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from schemas.events.watermarks import SourceReached
from schemas.requests.deadlines import BoardView, DeadlinePage, DeadlineQuery, ExplanationView
from services import reconciliation
from services.access import admission, centers, parked_routes
from services.access.admission import route
from services.access.tokens import Actor
from services.deadline_watch import metrics, store, views
from services.deadline_watch.actions import maintenance, recording
from services.deadline_watch.routes import calendar, center_file
from services.deadline_watch.watch import watched
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.plumbing.http.routes import with_routes
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically

_THE_CENTER = frozenset({Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.OPS})
_READERS = _THE_CENTER | {Role.LIAISON, Role.DEPARTMENT_HEAD}


def _scope(actor: Actor) -> str | None:
    """The department whose deadlines the actor may see; None for all of the center."""
    return None if actor.has(*_THE_CENTER) else actor.department or ""


@with_routes(calendar, center_file, parked_routes)
class DeadlineWatchService:
    """Enforces when: no promise ends unnoticed, and no mark is announced twice."""

    name = "deadline_watch"

    # What arrives

    @subscribe(CenterPublished, order=10)
    def keep_center(self, event: CenterPublished, tx: Transaction) -> None:
        """Keep the center file; the deadlines that it changes are recounted by the watch."""
        centers.keep(tx, event)

    @subscribe(AccessRevoked, order=20)
    def revoke_access(self, event: AccessRevoked, tx: Transaction) -> None:
        """The tokens of a person are not valid any more."""
        admission.keep(tx, event)

    @subscribe(TicketRegistered, batch=True, order=30)
    def set_promises(self, events: Sequence[TicketRegistered], tx: Transaction) -> None:
        """The promise to the citizen runs from registration."""
        recording.register(tx, events)

    @subscribe(
        TicketReopened,
        TicketRouted,
        TicketReclassified,
        TicketAnswered,
        ReportFiled,
        TicketDeclined,
        TicketWithdrawn,
        MaterialsRequested,
        MaterialsSupplied,
        ExtensionGranted,
        AssignmentMade,
        AssignmentAccepted,
        AssignmentReturned,
        AssignmentReplaced,
        ArbitrationRequested,
        ArbitrationDecided,
        batch=True,
        order=40,
    )
    def record_facts(self, events: Sequence[Event], tx: Transaction) -> None:
        """Something was done that starts, moves, pauses or ends a promise to the citizen, or what is due within: to
        sign, to arbitrate. All that a batch holds of a ticket is worked out at once.
        """
        recording.record_events(tx, events)

    @subscribe(OpenTicketsListed, batch=True, order=50)
    def on_open_tickets_listed(self, events: Sequence[OpenTicketsListed], tx: Transaction) -> None:
        """Intake has listed open tickets: ask for those whose registration never arrived."""
        reconciliation.ask_for_unknown_tickets(tx, events, store.deadlines.unknown)

    @subscribe(TicketForgotten, batch=True, order=55)
    def forget(self, events: Sequence[TicketForgotten], tx: Transaction) -> None:
        """Deadlines hold no text; what waits or is parked about the tickets may."""
        retry_queue.forget(tx, {event.ticket_id for event in events})

    @subscribe(SourceReached, batch=True, remembered=False, order=60)
    def keep_watermarks(self, events: Sequence[SourceReached], tx: Transaction) -> None:
        """All events of what a service did before an instant have arrived."""
        store.watermarks.keep(tx, events)

    # What time brings

    @watched(order=1)
    def fire_marks(self, tx: Transaction) -> int:
        """Announce a batch of marks that are due, once every event from before them has arrived."""
        up_to = store.watermarks.confirmed(tx)
        return metrics.fired(tx, store.firing.fire(tx, up_to)) if up_to else 0

    @watched(order=2)
    def fire_unconfirmed_marks(self, tx: Transaction) -> int:
        """Announce a batch of marks that have waited for a silent service for as long as the center allows."""
        return maintenance.fire_unconfirmed(tx)

    @watched(order=3)
    def end_long_pauses(self, tx: Transaction) -> int:
        """Resume promises that have waited for the applicant for as long as the center allows."""
        return maintenance.end_long_pauses(tx)

    @watched(order=4)
    def recount_provisional(self, tx: Transaction) -> int:
        """Count the deadlines again that lie beyond the announced calendar, once a newer calendar is in force."""
        return maintenance.recount_provisional(tx)

    @periodically(every=15)
    def observe(self, tx: Transaction) -> None:
        """Refresh what operators see."""
        metrics.observe(tx)

    # What is asked

    @route("GET", "/deadlines", query=DeadlineQuery, reply=DeadlinePage, roles=_READERS)
    def list_deadlines(self, call: Call) -> DeadlinePage:
        """Deadlines by due time, the open ones unless a state is asked for; a liaison sees the own department's."""
        return views.page(call.tx, call.actor.center, _scope(call.actor), call.query)

    @route("GET", "/deadlines/<uuid:ticket_id>", reply=ExplanationView, roles=_READERS)
    def explain_deadlines(self, call: Call, ticket_id: UUID) -> ExplanationView:
        """A ticket's deadlines, each day by day with every due time that it had."""
        return views.explanation(call.tx, call.actor.center, _scope(call.actor), ticket_id)

    @route("GET", "/board", reply=BoardView, roles=_READERS)
    def show_board(self, call: Call) -> BoardView:
        """How many open deadlines show which light."""
        return views.board(call.tx, call.actor.center, _scope(call.actor))
