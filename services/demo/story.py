"""The story as data: the tickets, what people do about each at which time, and all that in the order of time.

Bodies are those of the HTTP interface, so that what a service would refuse is found when the story is read. Times are
written as ``Mon 27 Apr 09:08``, local time of the center, in the year in which the story begins.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from marshmallow.validate import Length

from schemas.center.center import Center, Code
from schemas.enums import Cause, Channel, Outcome
from schemas.record.record import Record
from schemas.requests.applicants import Applicant
from schemas.requests.citizen import RateTicket
from schemas.requests.docket import Arbitrate
from schemas.requests.intake import DeclineTicket, RefusedBefore, RequestMaterials
from schemas.requests.routing import GrantExtension
from schemas.values import Explanation, Line, Reason
from services.calendar.calendar import work_calendar
from services.demo.acts import HandOver, LeaderMoment, MeetingCall, OperatorMoment, SendBack, SentFile, Text, When


class Moment(Record):
    """What people do about one ticket at one time; several acts are done in this order.

    ``accept``, ``report_progress``, ``complete`` and ``sign_report`` name departments; ``report``, ``answer`` and
    ``request_extension`` come from the lead; whoever is the duty leader then arbitrates, reclassifies, grants, refuses
    and calls meetings. ``acknowledge_escalation`` names who was
    told of one. ``reveal_applicant`` and ``find_by_phone``
    are why the clerk looks. ``refused``: the act is refused, in words that hold these.
    """

    at: When
    accept: tuple[Code, ...] = ()
    send_back: SendBack | None = None
    arbitrate: Arbitrate | None = None
    reclassify: Explanation | None = None
    hand_over: HandOver | None = None
    report_progress: dict[Code, Text] | None = None
    extend: GrantExtension | None = None
    request_extension: GrantExtension | None = None
    grant_extension: bool = False
    refuse_extension: Explanation | None = None
    call_meeting: MeetingCall | None = None
    hold_meeting: Text | None = None
    acknowledge_escalation: tuple[Code, ...] = ()
    request_materials: RequestMaterials | None = None
    send_file: SentFile | None = None
    supply_materials: bool = False
    complete: dict[Code, Text] | None = None
    report: Annotated[str, Length(min=20, max=50_000)] | None = None
    sign_report: tuple[Code, ...] = ()
    answer: Annotated[str, Length(min=5, max=20_000)] | None = None
    decline: DeclineTicket | None = None
    withdraw: bool = False
    reveal_applicant: Reason | None = None
    find_by_phone: Reason | None = None
    rate: RateTicket | None = None
    close: Outcome | None = None
    refused: Line | None = None

    @property
    def acts(self) -> tuple[str, ...]:
        """The names of what is done."""
        return tuple(name for name in ACTS if getattr(self, name))


ACTS = tuple(name for name in Moment.schema().fields if name not in ("at", "refused"))


class StoryTicket(Record):
    """One ticket. Those of the same ``batch`` come in together, in one request of a feeding system.

    ``repeats`` is the ``key`` of an earlier ticket of the same applicant, to which the system links this one.
    ``garbled_phone`` is what the feed sends instead of the applicant's phone: the ticket is refused.
    """

    key: Code
    received: When
    channel: Channel
    clerk: Code
    applicant: Applicant
    title: Line
    text: Text
    matter: Code | None = None
    cause: Cause | None = None
    batch: Code | None = None
    repeats: Code | None = None
    garbled_phone: Line | None = None
    refused_before: tuple[RefusedBefore, ...] = ()
    missing_materials: tuple[Line, ...] = ()
    moments: tuple[Moment, ...] = ()

    def registration(self) -> dict[str, Any]:
        """The body with which it is registered."""
        applicant = self.applicant.dump()
        if self.garbled_phone is not None:
            applicant["phone"] = self.garbled_phone
        return {
            "title": self.title,
            "text": self.text.strip(),
            "matter": self.matter,
            "cause": self.cause,
            "channel": self.channel,
            "applicant": applicant,
            "first_responsible": self.clerk,
            "refused_before": [each.dump() for each in self.refused_before],
            "missing_materials": list(self.missing_materials),
        }


class Story(Record):
    """All of it, from the morning of ``begins`` to the evening of ``ends``, local days of the center. ``leaders`` are
    what leaders do about their sittings and the roster, ``operators`` what is done about the center file.
    """

    begins: date
    ends: date
    leaders: tuple[LeaderMoment, ...] = ()
    operators: tuple[OperatorMoment, ...] = ()
    tickets: Annotated[tuple[StoryTicket, ...], Length(min=1)]

    def instant(self, when: str, zone: ZoneInfo) -> datetime:
        """What ``when`` names. Raises ValueError when there is no such day, or it has another weekday."""
        found = datetime.strptime(f"{when} {self.begins.year}", "%a %d %b %H:%M %Y").replace(tzinfo=zone)
        if found.strftime("%a") != when[:3]:
            raise ValueError(f"{found:%d %b %Y} is a {found:%a}.")
        return found


class BadStory(Exception):
    """The story cannot be played; the message names every place in it that is wrong, one a line."""


Act = tuple[StoryTicket, Moment | None]
"""What is done about a ticket; None is its arrival."""

_Done = Act | LeaderMoment | OperatorMoment | None

EVENING = time(20, 0)
"""When the story ends, on its last day."""


class TimedActs(NamedTuple):
    """All that happens at one instant; nothing, at the hours when only deadlines reach their marks."""

    at: datetime
    acts: tuple[Act, ...]
    of_leaders: tuple[LeaderMoment, ...] = ()
    of_operators: tuple[OperatorMoment, ...] = ()


def timetable(story: Story, center: Center) -> Iterator[tuple[date, list[TimedActs]]]:
    """Each day of the story with its instants: what people do, opening and closing hours of working days, the end."""
    calendar = work_calendar(center.calendar)
    acts: list[tuple[datetime, _Done]] = []
    acts += [(story.instant(moment.at, calendar.zone), moment) for moment in story.leaders]
    acts += [(story.instant(moment.at, calendar.zone), moment) for moment in story.operators]
    for ticket in story.tickets:
        acts.append((story.instant(ticket.received, calendar.zone), (ticket, None)))
        acts += [(story.instant(moment.at, calendar.zone), (ticket, moment)) for moment in ticket.moments]
    days = [story.begins + timedelta(days=n) for n in range((story.ends - story.begins).days + 1)]
    for day in filter(calendar.is_open, days):
        acts += [(calendar.opening_of(day), None), (calendar.close_of(day), None)]
    acts.append((datetime.combine(story.ends, EVENING, calendar.zone), None))
    acts.sort(key=lambda act: act[0])
    for day in days:
        groups = groupby((act for act in acts if act[0].date() == day), key=lambda act: act[0])
        yield day, [_timed(at, [act for _, act in group]) for at, group in groups]


def _timed(at: datetime, acts: list[_Done]) -> TimedActs:
    return TimedActs(
        at,
        tuple(act for act in acts if isinstance(act, tuple)),
        tuple(act for act in acts if isinstance(act, LeaderMoment)),
        tuple(act for act in acts if isinstance(act, OperatorMoment)),
    )
