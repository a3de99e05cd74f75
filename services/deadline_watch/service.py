"""deadline_watch: what starts, pauses, moves and ends a clock, and what is announced when a mark on it is reached.

Causes stand before their effects: in this order the events of one batch are handled.
"""

from collections.abc import Sequence
from uuid import UUID

from schemas.access import AccessRevoked
from schemas.assignments import AssignmentAccepted, AssignmentMade, AssignmentReplaced, AssignmentReturned
from schemas.center import CenterPublished
from schemas.deadline_requests import BoardView, DeadlinePage, DeadlineQuery, ExplanationView
from schemas.rollcall import RollCalled
from schemas.tickets import (
    ArbitrationDecided,
    ArbitrationRequested,
    ExtensionGranted,
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
from schemas.words import Role
from services import rollcall
from services.deadline_watch import duties, firing, metrics, rules, store, upkeep, views
from services.deadline_watch.deciding import admit, decide
from services.deadline_watch.watch import watched
from services.plumbing import admission, centers
from services.plumbing.access import Actor
from services.plumbing.http import route
from services.plumbing.http_company import Call
from services.plumbing.inbox import subscribe
from services.plumbing.periodic import periodically
from services.plumbing.transaction import Transaction

_THE_CENTER = frozenset({Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR, Role.OPS})
_READERS = _THE_CENTER | {Role.LIAISON}


def _scope(actor: Actor) -> str | None:
    """The department whose clocks the actor may see; None for all of the center."""
    return None if actor.has(*_THE_CENTER) else actor.department or ""


class DeadlineWatchService:
    """Enforces when: no promise ends unnoticed, and nobody is told of the same thing twice."""

    name = "deadline_watch"

    # What arrives

    @subscribe(CenterPublished)
    def keep_center(self, event: CenterPublished, tx: Transaction) -> None:
        """Keep the center file; the clocks that it changes are recounted by the watch."""
        centers.keep(tx, event)

    @subscribe(AccessRevoked)
    def revoke_access(self, event: AccessRevoked, tx: Transaction) -> None:
        """Somebody's tokens hold no longer."""
        admission.keep(tx, event)

    @subscribe(TicketRegistered, batch=True)
    def set_promises(self, events: Sequence[TicketRegistered], tx: Transaction) -> None:
        """The promise to the citizen runs from registration."""
        admit(tx, events)

    @subscribe(TicketReopened, batch=True)
    def set_promises_again(self, events: Sequence[TicketReopened], tx: Transaction) -> None:
        """A bad rating opens a new round with a promise of its own."""
        decide(tx, events, rules.reopened)

    @subscribe(TicketRouted, batch=True)
    def direct_promises(self, events: Sequence[TicketRouted], tx: Transaction) -> None:
        """The lead department answers for the promise; of a complex ticket a report is owed."""
        decide(tx, events, rules.routed)

    @subscribe(TicketReclassified, batch=True)
    def promise_reports(self, events: Sequence[TicketReclassified], tx: Transaction) -> None:
        """A report is owed instead of an answer; the time spent counts."""
        decide(tx, events, rules.reclassified)

    @subscribe(ArbitrationRequested, batch=True)
    def set_arbitrations(self, events: Sequence[ArbitrationRequested], tx: Transaction) -> None:
        """The duty leader has to decide in time."""
        decide(tx, events, duties.arbitration_requested)

    @subscribe(ArbitrationDecided, batch=True)
    def stop_arbitrations(self, events: Sequence[ArbitrationDecided], tx: Transaction) -> None:
        """The duty leader has decided."""
        decide(tx, events, duties.arbitration_decided)

    @subscribe(AssignmentMade, batch=True)
    def set_acknowledgements(self, events: Sequence[AssignmentMade], tx: Transaction) -> None:
        """A department has to sign in time."""
        decide(tx, events, duties.assigned)

    @subscribe(AssignmentAccepted, batch=True)
    def stop_acknowledgements(self, events: Sequence[AssignmentAccepted], tx: Transaction) -> None:
        """It has signed."""
        decide(tx, events, duties.signed)

    @subscribe(AssignmentReturned, batch=True)
    def stop_acknowledgements_returned(self, events: Sequence[AssignmentReturned], tx: Transaction) -> None:
        """It has sent the assignment back."""
        decide(tx, events, duties.returned)

    @subscribe(AssignmentReplaced, batch=True)
    def cancel_acknowledgements(self, events: Sequence[AssignmentReplaced], tx: Transaction) -> None:
        """It has no part in the ticket any more."""
        decide(tx, events, duties.replaced)

    @subscribe(MaterialsRequested, batch=True)
    def pause_promises(self, events: Sequence[MaterialsRequested], tx: Transaction) -> None:
        """The promise waits for the applicant."""
        decide(tx, events, rules.materials_requested)

    @subscribe(MaterialsSupplied, batch=True)
    def resume_promises(self, events: Sequence[MaterialsSupplied], tx: Transaction) -> None:
        """The promise goes on."""
        decide(tx, events, rules.materials_supplied)

    @subscribe(ExtensionGranted, batch=True)
    def extend_promises(self, events: Sequence[ExtensionGranted], tx: Transaction) -> None:
        """The promise is due later."""
        decide(tx, events, rules.extension_granted)

    @subscribe(ReportFiled, batch=True)
    def stop_reports(self, events: Sequence[ReportFiled], tx: Transaction) -> None:
        """The report was filed, in time or late."""
        decide(tx, events, rules.report_filed)

    @subscribe(TicketAnswered, batch=True)
    def stop_answers(self, events: Sequence[TicketAnswered], tx: Transaction) -> None:
        """The citizen was answered, in time or late."""
        decide(tx, events, rules.answered)

    @subscribe(TicketDeclined, batch=True)
    def cancel_declined(self, events: Sequence[TicketDeclined], tx: Transaction) -> None:
        """Nothing is owed for a ticket that was not accepted."""
        decide(tx, events, rules.declined)

    @subscribe(TicketWithdrawn, batch=True)
    def cancel_withdrawn(self, events: Sequence[TicketWithdrawn], tx: Transaction) -> None:
        """Nothing is owed for a ticket that was withdrawn."""
        decide(tx, events, rules.withdrawn)

    @subscribe(RollCalled, batch=True)
    def answer_roll(self, events: Sequence[RollCalled], tx: Transaction) -> None:
        """Open tickets are named: those whose clocks never started are asked for."""
        rollcall.answer(tx, events, store.unknown)

    # What time brings

    @watched
    def fire_marks(self, tx: Transaction) -> int:
        """Announce a batch of the marks that are due."""
        return metrics.fired(firing.fire(tx))

    @watched
    def end_long_pauses(self, tx: Transaction) -> int:
        """Let promises go on that have waited for the applicant as long as they may."""
        return upkeep.end_long_pauses(tx)

    @watched
    def recount_provisional(self, tx: Transaction) -> int:
        """Count anew what lay beyond the announced calendar, when another calendar holds."""
        return upkeep.recount_provisional(tx)

    @periodically(every=15)
    def observe(self, tx: Transaction) -> None:
        """Refresh what operators see."""
        metrics.observe(tx)

    # What is asked

    @route("GET", "/deadlines", query=DeadlineQuery, reply=DeadlinePage, roles=_READERS)
    def list_deadlines(self, call: Call) -> DeadlinePage:
        """Deadlines by due time, those still open unless a state is asked for; a liaison sees the department's."""
        return views.page(call.tx, call.actor.center, _scope(call.actor), call.query)

    @route("GET", "/deadlines/<uuid:ticket_id>", reply=ExplanationView, roles=_READERS)
    def explain_deadlines(self, call: Call, ticket_id: UUID) -> ExplanationView:
        """A ticket's deadlines, each day by day with every due time that it had."""
        return views.explanation(call.tx, call.actor.center, _scope(call.actor), ticket_id)

    @route("GET", "/board", reply=BoardView, roles=_READERS)
    def show_board(self, call: Call) -> BoardView:
        """How many open clocks show which light."""
        return views.board(call.tx, call.actor.center, _scope(call.actor))
