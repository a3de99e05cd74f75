"""The center file: everything that differs from city to city, versioned, refused whole when any of it is wrong.

Departments, staff, routing rules, limits, the ladder of escalation, the roster of duty leaders, the calendar.
What one field alone can say is checked by its annotation; what several fields must agree on, by ``findings``.
"""

from dataclasses import field
from datetime import date, time
from typing import Annotated

from marshmallow.validate import Length, Range

from schemas.center.question_base import QuestionBaseRule
from schemas.center.thresholds import ConfirmationRule, MatterRule, NoticeRule, RetentionRule, SuggestionRule
from schemas.enums import Cause, Complexity, DeadlineKind, Light, Mark, Post, Role
from schemas.events.event import Event
from schemas.record.record import Record
from schemas.values import FullMatch

Code = Annotated[str, FullMatch(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", error="Letters, digits, - and _, 40 at most.")]
Label = Annotated[str, Length(min=1, max=100)]


class Department(Record):
    """An office that tickets are assigned to; ``liaisons`` receive, ``head`` is told of a breach (staff ids)."""

    name: Label
    liaisons: tuple[Code, ...]
    head: Code | None = None


class Staff(Record):
    """A person of the center or of a department, by an id that is no personal datum.

    ``roles`` are those that no post brings with it: clerk, auditor, ops (``schemas.center.access``).
    """

    name: Label
    title: Label
    roles: tuple[Role, ...] = ()


class FeedingSystem(Record):
    """A system of somebody else's that feeds tickets in, such as a hotline's."""

    name: Label


class RoutingRule(Record):
    """The first rule that fits decides: every one that is given of ``matters``, ``causes``, ``any_of``, ``all_of``."""

    id: Code
    matters: tuple[Code, ...] = ()
    causes: tuple[Cause, ...] = ()
    any_of: tuple[Label, ...] = ()
    all_of: tuple[Label, ...] = ()
    lead: Code
    assisting: tuple[Code, ...] = ()
    complexity: Complexity | None = None


class Limit(Record):
    """How long: whole working days after the day of the start, or working hours from the start."""

    working_days: Annotated[int, Range(min=1, max=250)] | None = None
    working_hours: Annotated[int, Range(min=1, max=80)] | None = None


class Step(Record):
    """A level of the ladder: whom to ``tell``, and how many ``working_days`` before or after the due time."""

    mark: Mark
    working_days: Annotated[int, Range(min=0, max=60)] = 0
    light: Light
    tell: tuple[Post, ...]


class Window(Record):
    """Business hours of a day, local time, ``opens`` before ``closes``."""

    opens: time
    closes: time


class Calendar(Record):
    """Which days count. The statutory days come from the ``holidays`` package; these are the center's own.

    ``announced_through``: the last day that the State Council's notices settle; None takes 24 December of the last
    year that the package knows, since the next notice can still move the days round New Year.
    ``roll_forward``: a ticket received on a closed day is treated as received on the next open one.
    """

    time_zone: Annotated[str, Length(min=1, max=40)] = "Asia/Shanghai"
    business_hours: tuple[Window, ...]
    closed_days: tuple[date, ...] = ()
    open_days: tuple[date, ...] = ()
    roll_forward: bool = False
    announced_through: date | None = None


class Sitting(Record):
    """A regular turn at the window: ISO weekday (1 is Monday) and hours."""

    weekday: Annotated[int, Range(min=1, max=7)]
    opens: time
    closes: time


class Swap(Record):
    """On this day somebody else sits."""

    day: date
    leader: Code


class Roster(Record):
    """Who sits when: ``leaders`` take turns in this order, the first on the first sitting on or after ``starts_on``.

    ``on_closed_day``: a sitting that falls on a closed day is moved to the next open day without one ("shift") or
    left out ("drop"); either way the order of the others is unchanged.
    """

    sittings: tuple[Sitting, ...]
    leaders: tuple[Code, ...]
    starts_on: date
    on_closed_day: Annotated[str, FullMatch(r"^(shift|drop)$", error="Must be shift or drop.")] = "shift"
    swaps: tuple[Swap, ...] = ()


class PauseRule(Record):
    """Waiting for the applicant's materials stops the deadline: in one round of a ticket ``most_per_round`` times at
    most, and for ``cap_working_days`` in all. A clerk may ask once a round; asking again takes a leader's own token.
    """

    cap_working_days: Annotated[int, Range(min=1, max=250)] = 10
    most_per_round: Annotated[int, Range(min=1, max=10)] = 3


class ReturnRule(Record):
    """A department may return an assignment ``times`` times in all, ``within_working_days`` of getting it."""

    times: Annotated[int, Range(min=0, max=5)] = 1
    within_working_days: Annotated[int, Range(min=1, max=10)] = 1


class ExtensionRule(Record):
    """An extension: asked ``notice_working_days`` before the due time, ``max_working_days`` long, ``times`` times."""

    notice_working_days: Annotated[int, Range(min=0, max=10)] = 1
    max_working_days: Annotated[int, Range(min=1, max=60)] = 5
    times: Annotated[int, Range(min=0, max=5)] = 1


class Center(Record):
    """One service center's whole configuration. ``escalation_acknowledgement``: within how long one of those who were
    told of an escalation acknowledges it. After that those of the next level are told too; None never.
    """

    code: Code
    name: Label
    departments: dict[Code, Department]
    staff: dict[Code, Staff]
    channels: dict[Code, FeedingSystem] = field(default_factory=dict)
    director: Code
    supervision_office: Code
    calendar: Calendar
    limits: dict[DeadlineKind, Limit]
    ladder: dict[DeadlineKind, tuple[Step, ...]]
    roster: Roster
    rules: tuple[RoutingRule, ...]
    matters: dict[Code, MatterRule] = field(default_factory=dict)
    complex_causes: tuple[Cause, ...] = (Cause.UNCLEAR_POLICY, Cause.DEPARTMENT_GAP, Cause.LEGACY)
    returns: ReturnRule = ReturnRule()
    extension: ExtensionRule = ExtensionRule()
    pause: PauseRule = PauseRule()
    confirmation: ConfirmationRule = ConfirmationRule()
    escalation_acknowledgement: Limit | None = None
    suggestions: SuggestionRule = SuggestionRule()
    retention: RetentionRule = RetentionRule()
    notices: NoticeRule = NoticeRule()
    question_base: QuestionBaseRule = QuestionBaseRule()
    microphone: bool = False
    """Whether questions may be asked by voice; that needs a recogniser too (docs/knowledge.md)."""
    phone_searches_per_hour: Annotated[int, Range(min=1, max=1000)] = 30
    """How often one member of staff may look for tickets by phone; each search leaves an audit row."""


class CenterPublished(Event, type="center.published.v1", by="routing"):
    """A center file was published. Every service keeps its own copy; ``version`` counts from 1 for each center."""

    version: int
    body: Center


class CenterMissed(Event, type="center.missed.v1", by=("intake", "deadline_watch", "desk", "knowledge", "notify")):
    """A version has reached a service, and not all before it: those that follow ``after`` are announced again."""

    after: int
    missed_by: str
