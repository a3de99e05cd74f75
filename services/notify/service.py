"""notify: who is to be told what others announce is told it, in the desk and by the first of their channels that works.

What is told is a notice; how it goes out is in `sending.py`.
"""

from typing import Any

from schemas.center.center import CenterPublished
from schemas.events.access import AccessRevoked
from schemas.events.escalations import EscalationPassedUp
from schemas.events.forgetting import TicketForgotten
from schemas.events.materials import ToleranceGranted, ToleranceLapsed, ToleranceSupplied
from schemas.events.notices import NoticeRequested
from schemas.events.reconciliation import OpenTicketsListed
from schemas.events.tickets import (
    EscalationVoided,
    MaterialsRequested,
    MaterialsSupplied,
    TicketAnswered,
    TicketClosed,
    TicketDeclined,
    TicketEscalated,
    TicketRegistered,
    TicketRouted,
    TicketWithdrawn,
)
from services import reconciliation
from services.access import admission, centers, parked_routes
from services.notify import metrics, store
from services.notify.actions import applicants, placing, retention
from services.notify.actions import channels as channel_actions
from services.notify.routes import channels, notices
from services.notify.sending import NOTICES, TESTS, TO_APPLICANTS, NoticeSender
from services.notify.settings import NotifySettings
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.routes import with_routes
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically


@with_routes(channels, notices, parked_routes)
class NotifyService:
    """Tells: who it is and why, the others have decided."""

    name = "notify"
    settings: NotifySettings = NoticeSender(NOTICES)
    to_applicants = NoticeSender(TO_APPLICANTS)
    tests = NoticeSender(TESTS)

    @subscribe(CenterPublished, order=10)
    def keep_center(self, event: CenterPublished, tx: Transaction) -> None:
        """A center file has a new version."""
        centers.keep(tx, event)

    @subscribe(AccessRevoked, order=20)
    def revoke_access(self, event: AccessRevoked, tx: Transaction) -> None:
        """The tokens of a person are not valid any more."""
        admission.keep(tx, event)

    @subscribe(TicketRegistered, batch=True, order=30)
    def keep_numbers(self, events: list[TicketRegistered], tx: Transaction) -> None:
        """Tickets have numbers, by which people know them; their applicants may be sent that they were received."""
        store.notices.keep_tickets(tx, events)
        applicants.place(tx, self.settings, events)

    @subscribe(MaterialsSupplied, TicketWithdrawn, TicketDeclined, batch=True, order=34)
    def settle_materials(self, events: list[Any], tx: Transaction) -> None:
        """Papers came, or the ticket ended: nobody is reminded of them."""
        applicants.settle_materials(tx, events)

    @subscribe(ToleranceSupplied, ToleranceLapsed, batch=True, order=35)
    def settle_promises(self, events: list[ToleranceSupplied | ToleranceLapsed], tx: Transaction) -> None:
        """Papers that were promised came, or the promise lapsed: nobody is reminded of them."""
        applicants.settle_promises(tx, events)

    @subscribe(TicketRouted, MaterialsRequested, ToleranceGranted, TicketAnswered, TicketClosed, batch=True, order=36)
    def message_applicants(self, events: list[Any], tx: Transaction) -> None:
        """What happens to a ticket is a text message to its applicant, where the center wants it sent."""
        applicants.place(tx, self.settings, events)

    @subscribe(TicketForgotten, batch=True, order=38)
    def forget(self, events: list[TicketForgotten], tx: Transaction) -> None:
        """What is personal in tickets was deleted: their applicants are sent nothing any more."""
        store.applicants.forget(tx, {(each.ticket_id, each.forgotten_at) for each in events})
        retry_queue.forget(tx, {each.ticket_id for each in events})

    @subscribe(EscalationVoided, batch=True, order=40)
    def take_back(self, events: list[EscalationVoided], tx: Transaction) -> None:
        """Promises had not been broken after all; before the escalations of the same batch are handled."""
        placing.void(tx, events)

    @subscribe(NoticeRequested, batch=True, order=50)
    def place_requested(self, events: list[NoticeRequested], tx: Transaction) -> None:
        """People are to be notified of what was decided."""
        placing.request(tx, events)

    @subscribe(TicketEscalated, batch=True, order=60)
    def place_escalations(self, events: list[TicketEscalated], tx: Transaction) -> None:
        """People are to be notified that a promise is late, or soon will be."""
        placing.escalate(tx, events)

    @subscribe(EscalationPassedUp, batch=True, order=65)
    def place_passed_up(self, events: list[EscalationPassedUp], tx: Transaction) -> None:
        """Nobody acknowledged an escalation: those of the next level are to be notified."""
        placing.pass_up(tx, events)

    @subscribe(OpenTicketsListed, batch=True, order=70)
    def on_open_tickets_listed(self, events: list[OpenTicketsListed], tx: Transaction) -> None:
        """Intake has listed open tickets: ask for those whose registration never arrived."""
        reconciliation.ask_for_unknown_tickets(tx, events, store.notices.unknown)

    @periodically(every=15)
    def observe(self, tx: Transaction) -> None:
        """Refresh what operators see."""
        metrics.observe(tx)

    @periodically(every=60)
    def rotate_keys(self, tx: Transaction) -> int:
        """Encrypt again what is still encrypted with an old key."""
        return channel_actions.rotate(tx, self.settings)

    @periodically(every=600)
    def forget_old(self, tx: Transaction) -> int:
        """Delete what is older than its center keeps it."""
        return retention.forget(tx)
