"""What knowledge knows of a ticket, by its events in whatever order they come, and whether it is solved. Pure.

Each field is of the latest event that speaks of it, by round or instant; so any order comes to the same.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.enums import Cause, Outcome, Rating
from schemas.events.assignments import AssignmentReturned
from schemas.events.event import Event
from schemas.events.forgetting import TicketForgotten
from schemas.events.tickets import (
    TicketAnswered,
    TicketClosed,
    TicketDeclined,
    TicketRated,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from schemas.values import NO_TITLE
from services.knowledge.rules.weighing import Case

GOOD = frozenset({Outcome.RESOLVED, Outcome.EXPLAINED})
"""Outcomes to learn of; what was solved in phases is not solved yet."""
BAD = frozenset({Rating.DISSATISFIED, Rating.VERY_DISSATISFIED})

EVENTS = (
    TicketRegistered,
    TicketRouted,
    AssignmentReturned,
    TicketAnswered,
    TicketClosed,
    TicketRated,
    TicketReopened,
    TicketDeclined,
    TicketWithdrawn,
    TicketForgotten,
)
"""What is told of a ticket that matters here."""


class KnownTicket(NamedTuple):
    """A ticket as far as it is known; ``number`` is None until its registration has come. ``ended``: it was declined or
    withdrawn. ``forgotten``: what is personal was deleted, so that no text of it is kept, whatever comes later.
    """

    id: UUID
    center: str
    number: str | None = None
    title: str = ""
    text: str = ""
    matter: str | None = None
    cause: Cause | None = None
    registered_at: datetime | None = None
    round: int = 1
    lead: str | None = None
    assisting: tuple[str, ...] = ()
    routed_at: datetime | None = None
    returned_by: tuple[str, ...] = ()
    answer: str = ""
    answered_round: int = 0
    answered_at: datetime | None = None
    outcome: Outcome | None = None
    closed_round: int = 0
    closed_at: datetime | None = None
    rating: Rating | None = None
    rated_round: int = 0
    ended: bool = False
    forgotten: bool = False

    @property
    def case(self) -> Case | None:
        """What is to be learnt of it; None unless it is closed with a good outcome, and nobody came back about it."""
        is_over = self.number is not None and self.closed_round == self.answered_round == self.round and not self.ended
        is_bad = self.rated_round == self.round and self.rating in BAD
        if self.forgotten or not is_over or is_bad or self.outcome not in GOOD or self.lead is None:
            return None
        return Case(self.title, self.text, self.answer, self.lead)


def after(ticket: KnownTicket, event: Event) -> KnownTicket:
    """The ticket as it is known with ``event``, which is one of EVENTS."""
    known = _with(ticket, event)
    return known._replace(title=NO_TITLE, text="", answer="") if known.forgotten else known


def _with(ticket: KnownTicket, event: Event) -> KnownTicket:
    match event:
        case TicketForgotten():
            return ticket._replace(forgotten=True)
        case TicketRegistered():
            return ticket._replace(
                number=event.number,
                title=event.title,
                text=event.text,
                matter=event.matter,
                cause=event.cause,
                registered_at=event.registered_at,
            )
        case TicketRouted():
            is_later = ticket.routed_at is None or event.routed_at >= ticket.routed_at
            own = {"lead": event.lead, "assisting": event.assisting, "routed_at": event.routed_at}
            return _of_round(ticket._replace(**own) if is_later else ticket, event.round)  # type: ignore[arg-type]
        case AssignmentReturned():
            return ticket._replace(returned_by=tuple(sorted({*ticket.returned_by, event.department})))
        case TicketAnswered():
            is_later = (event.round, event.answered_at) >= (ticket.answered_round, ticket.answered_at)
            if not (ticket.answered_at is None or is_later):
                return ticket
            own = {"answer": event.answer, "answered_round": event.round, "answered_at": event.answered_at}
            return _of_round(ticket._replace(**own), event.round)  # type: ignore[arg-type]
        case TicketClosed() if event.round >= ticket.closed_round:
            own = {"outcome": event.outcome, "closed_round": event.round, "closed_at": event.closed_at}
            return _of_round(ticket._replace(**own), event.round)  # type: ignore[arg-type]
        case TicketRated() if event.round >= ticket.rated_round:
            return ticket._replace(rating=event.rating, rated_round=event.round)
        case TicketReopened():
            return _of_round(ticket, event.round)
        case TicketDeclined() | TicketWithdrawn():
            return ticket._replace(ended=True)
    return ticket


def _of_round(ticket: KnownTicket, round: int) -> KnownTicket:
    return ticket if round <= ticket.round else ticket._replace(round=round)
