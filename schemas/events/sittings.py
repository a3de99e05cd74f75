"""A leader's sitting at the window, from its opening to its signed minutes."""

from datetime import datetime
from uuid import UUID

from schemas.events.event import Event


class SittingOpened(Event, type="sitting.opened.v1", by="routing"):
    """The sitting of ``leader`` that is to open at ``opens_at`` was opened, by ``opened_by``."""

    sitting_id: UUID
    leader: str
    opens_at: datetime
    opened_by: str
    opened_at: datetime


class SittingClosed(Event, type="sitting.closed.v1", by="routing"):
    """It is over: what is decided from now on belongs to another. Without ``closed_by`` the next one was opened."""

    sitting_id: UUID
    leader: str
    closed_by: str | None = None
    closed_at: datetime


class MinutesSigned(Event, type="minutes.signed.v1", by="routing"):
    """Its minutes and the hand-over to the next leader stand, and are changed no more."""

    sitting_id: UUID
    leader: str
    signed_by: str
    signed_at: datetime
