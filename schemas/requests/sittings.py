"""The sittings and their minutes: what is asked, and what is replied. Texts are masked; people are staff ids."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.duty import SittingState
from schemas.enums import DocketSection
from schemas.record.record import Record, Reply
from schemas.values import Day, FullMatch, not_blank

ReadIn = Annotated[str, FullMatch(r"^(zh|en)$", error="Must be zh or en.")]
"""The language in which a draft is written."""


class SittingsQuery(Record):
    """The sittings of which days, both included, at most a year; by default those of four weeks, up to today."""

    since: Day | None = None
    until: Day | None = None


class SittingQuery(Record):
    """In which language minutes are drafted that nobody has written yet."""

    language: ReadIn = "zh"


class WriteMinutes(Record):
    """The minutes and the hand-over to the next leader, in the leader's own words."""

    minutes: Annotated[str, Length(min=5, max=20_000), not_blank]
    handover: Annotated[str, Length(min=2, max=10_000), not_blank]


class SittingSummary(Reply):
    """One sitting; without an ``id`` nobody has opened it. ``opens_at`` and ``closes_at`` are by the roster."""

    id: UUID | None = None
    leader: str
    opens_at: datetime
    closes_at: datetime
    state: SittingState
    opened_at: datetime | None = None
    opened_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None


class SittingPage(Reply):
    """Sittings, the latest first."""

    items: tuple[SittingSummary, ...]


class SittingDecision(Reply):
    """Something that was decided during the sitting: ``what`` is the event's type, as in a timeline."""

    at: datetime
    what: str
    by: str | None = None
    ticket_id: UUID
    number: str
    title: str
    department: str | None = None
    text: str | None = None
    working_days: int | None = None


class UndoneTicket(Reply):
    """A ticket that was left on the docket."""

    ticket_id: UUID
    number: str
    title: str


class LeftUndone(Reply):
    """What a section of the docket held at the close, or holds now: ``count`` tickets, more where ``has_more``, the
    first of them in ``tickets``.
    """

    section: DocketSection
    count: int
    has_more: bool = False
    tickets: tuple[UndoneTicket, ...] = ()


class SittingView(SittingSummary):
    """A sitting with what was decided and what was left undone. ``minutes`` and ``handover`` are as signed; before
    that as the leader wrote them, and until then a draft by the program (``is_draft``).
    """

    decisions: tuple[SittingDecision, ...] = ()
    left_undone: tuple[LeftUndone, ...] = ()
    minutes: str
    handover: str
    is_draft: bool


class SittingsNow(Reply):
    """``present`` is the sitting in progress, or that may be opened already; ``before`` the last one that was closed,
    for its hand-over.
    """

    present: SittingSummary | None = None
    before: SittingView | None = None
