"""帮办代办: what is recorded of help that was given, and its report by month."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Range

from schemas.helps import HelpKind, HelpNeed
from schemas.record.record import Record, Reply
from schemas.values import Day, PageSize, Timestamp


class GiveHelp(Record):
    """How the actor has helped whom, from when to when, perhaps about a ticket; how satisfied they said they were."""

    kind: HelpKind
    need: HelpNeed
    started_at: Timestamp
    ended_at: Timestamp
    ticket_id: UUID | None = None
    satisfaction: Annotated[int, Range(min=1, max=5)] | None = None


class HelpView(Reply):
    """Help that was given."""

    id: UUID
    kind: HelpKind
    helper: str
    need: HelpNeed
    started_at: datetime
    ended_at: datetime
    ticket_id: UUID | None = None
    number: str | None = None
    satisfaction: int | None = None


class HelpsQuery(Record):
    """The help that the actor has given, the latest first."""

    limit: PageSize = 50
    after: UUID | None = None


class HelpPage(Reply):
    """Some of it, and where the next page begins."""

    items: tuple[HelpView, ...]
    next: UUID | None = None


class HelpReportQuery(Record):
    """Of which days, both included, at most a year."""

    since: Day
    until: Day


class HelpMonth(Reply):
    """A month: how often somebody was helped, for how many ``minutes`` in all, for which needs, and of the ``rated``,
    who were asked, how many were ``satisfied`` (3 of 5 or more).
    """

    month: str
    helps: int
    minutes: int
    elderly: int
    disabled: int
    rated: int
    satisfied: int


class HelpReport(Reply):
    """The months in which help was given, the latest first, those that were helped by all of the center."""

    since: date
    until: date
    months: tuple[HelpMonth, ...]
