"""What the other services announce about tickets, stored so that citizens and clerks can see the state."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from schemas.enums import PROMISES, TicketState
from schemas.events.assignments import AssignmentAccepted
from schemas.events.tickets import TicketAnswered, TicketClosed, TicketReclassified, TicketRouted
from services.intake import store
from services.intake.actions.applicants import applicant_of
from services.intake.rules.tickets import advanced
from services.intake.store.projections import DueTimeSet
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.messaging.failures import EventRejected, NotYet
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.masking import mask_reply


class _OfATicket(Protocol):
    @property
    def ticket_id(self) -> UUID: ...
    @property
    def center(self) -> str: ...


class _OfARound(_OfATicket, Protocol):
    @property
    def round(self) -> int: ...


_Event = TypeVar("_Event", bound=_OfARound)


def routed(tx: Transaction, events: Sequence[TicketRouted]) -> None:
    """It was decided who handles the tickets."""
    tickets = _known(tx, events)
    _advance(tx, tickets, TicketState.ASSIGNED, events, lambda event: event.routed_at)
    store.projections.keep_routes(tx, events)


def accepted(tx: Transaction, events: Sequence[AssignmentAccepted]) -> None:
    """Departments signed for tickets: the citizen sees that somebody works on it."""
    _known(tx, events)
    store.projections.keep_acceptances(tx, events)


def reclassified(tx: Transaction, events: Sequence[TicketReclassified]) -> None:
    """Tickets turned out to be complex."""
    _known(tx, events)
    store.projections.keep_complexity(tx, events)


def promised(tx: Transaction, events: Sequence[DueTimeSet]) -> None:
    """The deadlines of promises were set or moved; internal deadlines do not concern the citizen."""
    promises = [event for event in events if event.kind in PROMISES]
    _known(tx, promises)
    store.projections.keep_promises(tx, promises)


def answered(tx: Transaction, cipher: FieldCipher, events: Sequence[TicketAnswered]) -> None:
    """Solutions were announced. The citizen reads them with a code that others may learn: the own name is hidden."""
    tickets = _known(tx, events)
    _advance(tx, tickets, TicketState.ANSWERED, events, lambda event: event.answered_at)
    latest = {event.ticket_id: event for event in sorted(events, key=lambda event: event.answered_at)}
    pause = TimeSlice()
    store.projections.keep_answers(
        tx,
        [
            (id_, mask_reply(event.answer, applicant_of(cipher, tickets[id_]), pause), event.answered_at)
            for id_, event in latest.items()
        ],
    )


def closed(tx: Transaction, events: Sequence[TicketClosed]) -> None:
    """The tickets ended."""
    _advance(tx, _known(tx, events), TicketState.CLOSED, events, lambda event: event.closed_at)


def _known(tx: Transaction, events: Sequence[_OfATicket]) -> dict[UUID, Row]:
    """The tickets of the events, locked. Raises NotYet for unknown tickets (all begin here), or EventRejected."""
    wanted = {event.ticket_id for event in events}
    found = store.projections.locked(tx, wanted) if wanted else {}
    if missing := wanted - found.keys():
        raise NotYet(f"{len(missing)} of {len(wanted)} tickets are not known here")
    if foreign := [event for event in events if event.center != found[event.ticket_id].center]:
        raise EventRejected("center: the ticket is another center's", foreign)
    return found


def _advance(
    tx: Transaction,
    tickets: dict[UUID, Row],
    state: TicketState,
    events: Sequence[_Event],
    at: Callable[[_Event], datetime],
) -> None:
    before = {id_: store.tickets.round_state_of(row) for id_, row in tickets.items()}
    after = dict(before)
    for event in events:
        after[event.ticket_id] = advanced(after[event.ticket_id], state, event.round, at(event))
    store.tickets.update_states(tx, [(id_, state) for id_, state in after.items() if state != before[id_]])
