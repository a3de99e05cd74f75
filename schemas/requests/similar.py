"""Earlier tickets like one that is being written down: what routing is asked over HTTP, and what it replies."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.enums import Outcome, TicketState
from schemas.record.record import Record, Reply


class FindSimilar(Record):
    """What is being typed. A body and no query, so that no log line holds it."""

    title: Annotated[str, Length(max=200)] = ""
    text: Annotated[str, Length(max=20_000)] = ""


class SimilarTicket(Reply):
    """An earlier ticket, and how it was solved: ``answer`` is the beginning of the answer.

    ``likeness`` is from 0 to 1: how much of what was typed stands in it.
    """

    id: UUID
    number: str
    title: str
    state: TicketState
    lead: str | None = None
    outcome: Outcome | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    registered_at: datetime
    likeness: float


class SimilarTickets(Reply):
    """The tickets that are most alike, those that were answered before those that were not."""

    items: tuple[SimilarTicket, ...]
