"""What happens to tickets becomes text messages to their applicants, as far as the center wants them sent."""

import random
from collections.abc import Sequence
from typing import Any

from schemas.channels import NoticeChannel
from schemas.events.event import Event
from schemas.events.materials import ToleranceLapsed, ToleranceSupplied
from schemas.events.tickets import MaterialsSupplied, TicketDeclined, TicketWithdrawn
from services.notify import metrics, store
from services.notify.actions.placing import center_of
from services.notify.adapters import Sent
from services.notify.rules import chain
from services.notify.rules.applicants import messages_of
from services.notify.rules.chain import Reception
from services.notify.settings import NotifySettings
from services.plumbing.database.transaction import Row, Transaction


def place(tx: Transaction, settings: NotifySettings, events: Sequence[Event]) -> None:
    """Put the messages of events on their way, where there is a gateway for them and the center wants them sent."""
    if NoticeChannel.SMS not in settings.gateways:
        return
    centers = {code: center_of(tx, code) for code in {each.center for each in events}}
    messages = [
        message
        for each in events
        if (center := centers[each.center]) is not None
        for message in messages_of(center, each)
    ]
    if messages:
        store.applicants.insert(tx, messages)


def settle_materials(tx: Transaction, events: Sequence[MaterialsSupplied | TicketWithdrawn | TicketDeclined]) -> None:
    """Nobody is reminded of papers that came, or of those of a ticket that ended."""
    store.applicants.settle_materials(tx, {(each.ticket_id, _at(each)) for each in events})
    ended = {each.ticket_id for each in events if not isinstance(each, MaterialsSupplied)}
    if ended:
        store.applicants.end_reminders(tx, ended)


def settle_promises(tx: Transaction, events: Sequence[ToleranceSupplied | ToleranceLapsed]) -> None:
    """Nobody is reminded of promised papers that came, or that nobody reckons with any more."""
    store.applicants.settle_promises(tx, {(each.ticket_id, each.round) for each in events})


def _at(event: MaterialsSupplied | TicketWithdrawn | TicketDeclined) -> Any:
    match event:
        case MaterialsSupplied():
            return event.supplied_at
        case TicketWithdrawn():
            return event.withdrawn_at
    return event.declined_at


def settle(tx: Transaction, claimed: Row, sent: Sent) -> None:
    """Write down what became of a message: delivered, tried again after a pause, or given up."""
    metrics.count_to_applicant(tx, claimed.kind, sent.outcome)
    pause = chain.pause_after(claimed.attempts, None, random.random())
    error = sent.error or sent.outcome.value
    if sent.outcome is Reception.DELIVERED:
        store.applicants.end(tx, claimed.id, "delivered", None)
    elif sent.outcome is Reception.REFUSED or pause is None:
        store.applicants.end(tx, claimed.id, "failed", error)
    else:
        if sent.outcome is Reception.THROTTLED:
            pause = max(pause, chain.THROTTLED)
        is_unanswered = sent.outcome is Reception.UNANSWERED
        store.applicants.wait(tx, claimed, pause, error, unanswered=is_unanswered)
