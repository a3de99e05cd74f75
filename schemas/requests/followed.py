"""How far tickets have come that somebody follows to the end: what routing is asked over HTTP, and what it replies."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.record.record import Record, Reply
from schemas.requests.escalations import EscalationView
from schemas.values import distinct


class FindFollowed(Record):
    """Which tickets: those of a page of a list. A body, since a query is not that long."""

    tickets: Annotated[tuple[UUID, ...], Length(min=1, max=50), distinct]


class FollowedTicket(Reply):
    """What a department last reported about a ticket in its present round, and of each promise that is late or about to
    be the highest level of the ladder that was reached, with who was told of it and who knows.
    """

    ticket_id: UUID
    progress: str | None = None
    progress_at: datetime | None = None
    progress_of: str | None = None
    escalations: tuple[EscalationView, ...] = ()


class FollowedTickets(Reply):
    """Those of the tickets that routing has heard of, in no order."""

    items: tuple[FollowedTicket, ...]
