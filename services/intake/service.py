"""Intake registers and numbers tickets, protects the applicant's data, and shows the citizen the state."""

from schemas.center.center import CenterPublished
from schemas.events.access import AccessRevoked
from schemas.events.assignments import AssignmentAccepted
from schemas.events.deadlines import DeadlineMoved, DeadlineResumed, DeadlineSet
from schemas.events.reconciliation import TicketUnknown
from schemas.events.tickets import TicketAnswered, TicketClosed, TicketReclassified, TicketRouted
from services.access import admission, centers, parked_routes
from services.intake import store
from services.intake.actions import forgetting, projections, reconciliation, rotation, tolerance
from services.intake.actions.applicants import cipher_of
from services.intake.routes import attachments, audit, citizen, helps, imports, ledger, papers, window
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.routes import with_routes
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically
from services.plumbing.runtime.resources import Made
from services.plumbing.security import masking_keys_of
from services.privacy.fingerprints import MaskingKeys


@with_routes(attachments, audit, citizen, helps, imports, ledger, papers, parked_routes, window)
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

    @subscribe(AssignmentAccepted, batch=True, order=75)
    def on_accepted(self, events: list[AssignmentAccepted], tx: Transaction) -> None:
        """Departments signed for tickets."""
        projections.accepted(tx, events)

    @subscribe(TicketUnknown, batch=True, order=80)
    def on_missed(self, events: list[TicketUnknown], tx: Transaction) -> None:
        """A service does not know some tickets: announce their registrations again."""
        reconciliation.announce_again(tx, events)

    @periodically(every=1)
    def list_open_tickets(self, tx: Transaction) -> None:
        """List open tickets, so that no service misses one for long."""
        reconciliation.list_open_tickets(tx)

    @periodically(every=30)
    def lapse_promises(self, tx: Transaction) -> int:
        """End the promises of papers of which the day has passed."""
        return tolerance.lapse(tx)

    @periodically(every=60)
    def forget_old(self, tx: Transaction) -> int:
        """Delete what is personal in tickets that ended longer ago than their center keeps it."""
        return forgetting.forget_old(tx, self.cipher)

    @periodically(every=15)
    def rotate_keys(self, tx: Transaction) -> int:
        """Encrypt again what is still encrypted with an old key."""
        return rotation.keep_rotating(tx, self.cipher)
