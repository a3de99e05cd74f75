"""desk: what has changed is told to the pages that show it; the pages themselves stand in `services.desk.pages`.

browser <-- "look again" <-- the events of all services
browser --> page --> the HTTP interface of intake, routing or deadline_watch, in the name of whoever is logged in
"""

from collections.abc import Sequence
from typing import Any

from schemas.center.center import CenterPublished
from schemas.events.access import AccessRevoked
from schemas.events.assignments import (
    AssignmentAccepted,
    AssignmentCompleted,
    AssignmentHandedOver,
    AssignmentMade,
    AssignmentReplaced,
    AssignmentReturned,
    ProgressReported,
    ReportSigned,
)
from schemas.events.attachments import AttachmentAdded, AttachmentRemoved
from schemas.events.deadlines import (
    DeadlineBreached,
    DeadlineMoved,
    DeadlineOverdue,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkVoided,
)
from schemas.events.decisions import (
    ArbitrationDecided,
    ArbitrationRequested,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
)
from schemas.events.entries import ENTRY_EVENTS
from schemas.events.escalations import EscalationAcknowledged, EscalationPassedUp
from schemas.events.forgetting import TicketForgotten
from schemas.events.materials import ToleranceGranted, ToleranceLapsed, ToleranceSupplied
from schemas.events.meetings import MeetingCalled, MeetingCancelled, MeetingHeld, MeetingMoved
from schemas.events.notices import NoticeFailed, NoticePlaced
from schemas.events.roster import RosterChanged
from schemas.events.sittings import MinutesSigned, SittingClosed, SittingOpened
from schemas.events.tickets import (
    EscalationVoided,
    MaterialsRequested,
    MaterialsSupplied,
    ReportFiled,
    TicketAnswered,
    TicketClosed,
    TicketDeclined,
    TicketEscalated,
    TicketRated,
    TicketReclassified,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from services.access import admission, centers, parked_routes
from services.desk import store
from services.desk.live import Hub, announce
from services.desk.rules.changes import changes_of
from services.desk.serving import Pages
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.routes import with_routes
from services.plumbing.messaging.inbox import subscribe
from services.plumbing.runtime.periodic import periodically


@with_routes(parked_routes)
class DeskService:
    """Shows; what was done is kept by the others."""

    name = "desk"
    pages: Hub = Pages()

    @subscribe(CenterPublished, order=10)
    def keep_center(self, event: CenterPublished, tx: Transaction) -> None:
        """A center file has a new version: who is who, and in which roles."""
        centers.keep(tx, event)
        announce(tx, changes_of([event]))

    @subscribe(AccessRevoked, order=20)
    def revoke_access(self, event: AccessRevoked, tx: Transaction) -> None:
        """Somebody's tokens hold no longer, nor do their sessions and the address of their calendar."""
        admission.keep(tx, event)
        store.sessions.delete_of(tx, event.center, event.staff)
        store.feeds.delete(tx, event.center, event.staff)

    @subscribe(
        TicketRegistered,
        TicketRouted,
        TicketReclassified,
        TicketAnswered,
        TicketClosed,
        TicketDeclined,
        TicketWithdrawn,
        TicketRated,
        TicketReopened,
        TicketForgotten,
        TicketEscalated,
        MaterialsRequested,
        MaterialsSupplied,
        ToleranceGranted,
        ToleranceSupplied,
        ToleranceLapsed,
        AttachmentAdded,
        AttachmentRemoved,
        ReportFiled,
        AssignmentMade,
        AssignmentAccepted,
        AssignmentReturned,
        AssignmentCompleted,
        AssignmentReplaced,
        AssignmentHandedOver,
        ProgressReported,
        ReportSigned,
        MeetingCalled,
        MeetingMoved,
        MeetingCancelled,
        MeetingHeld,
        ArbitrationRequested,
        ArbitrationDecided,
        ExtensionRequested,
        ExtensionGranted,
        ExtensionRefused,
        EscalationAcknowledged,
        EscalationPassedUp,
        EscalationVoided,
        DeadlineSet,
        DeadlineMoved,
        DeadlinePaused,
        DeadlineResumed,
        DeadlineBreached,
        DeadlineOverdue,
        MarkVoided,
        RosterChanged,
        SittingOpened,
        SittingClosed,
        MinutesSigned,
        NoticePlaced,
        NoticeFailed,
        *ENTRY_EVENTS,
        order=30,
        batch=True,
        remembered=False,
    )
    def announce_changes(self, events: Sequence[Any], tx: Transaction) -> None:
        """Something was done: whoever looks at it looks again."""
        announce(tx, changes_of(events))

    @periodically(every=60)
    def forget_sessions(self, tx: Transaction) -> None:
        """Sessions that have ended by themselves are forgotten."""
        store.sessions.delete_ended(tx)

    @periodically(every=600)
    def forget_exports(self, tx: Transaction) -> None:
        """Files that people took out, and tables that they sent, are forgotten after a day."""
        store.exports.delete_old(tx)
        store.drafts.delete_old(tx)
        store.pdfs.delete_old(tx)
