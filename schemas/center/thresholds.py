"""When a center says something, and how: marks, suggestions, notices; and when it forgets."""

import re
from dataclasses import field
from typing import Annotated

from marshmallow.validate import Length, Range

from schemas.channels import ApplicantMessage
from schemas.record.record import Record
from schemas.values import FullMatch


class ConfirmationRule(Record):
    """A mark is announced once all events of what was done before it have arrived. After ``wait_minutes`` it waits no
    longer for a service that is silent, or for an event that waits to be tried again: it is announced as
    unconfirmed."""

    wait_minutes: Annotated[int, Range(min=1, max=120)] = 10


class SuggestionRule(Record):
    """Departments are suggested by what they solved before, unless the first of them is less than ``margin`` ahead of
    the second: then nothing is said. 0 always says something, 1 never.

    What no rule fits is routed by the suggestion itself, without a leader, if the first is ``routing_margin`` ahead or
    more; None, as it is where nothing is written, leaves every decision to people.
    """

    margin: Annotated[float, Range(min=0, max=1)] = 0.05
    routing_margin: Annotated[float, Range(min=0, max=1)] | None = None


class RetentionRule(Record):
    """How many ``days_after_end`` of a ticket, when it was closed, declined or withdrawn, what is personal in it is
    deleted by itself. None, as it is where nothing is written, keeps it until somebody asks: what is deleted does not
    come back, and which law or archive's rule sets the time is the center's to say.
    """

    days_after_end: Annotated[int, Range(min=180, max=36_500)] | None = None


class MatterRule(Record):
    """A matter by its code: without which papers work on it may begin (容缺受理), and within how many working days the
    applicant then brings them at the latest, which is the matter's own limit.
    """

    name: Annotated[str, Length(min=1, max=100)]
    tolerable: tuple[Annotated[str, Length(min=1, max=200)], ...] = ()
    limit_working_days: Annotated[int, Range(min=1, max=120)] = 20


NOTICE_FIELDS = frozenset({"number", "light", "kind", "level", "due"})
"""What a text of a notice may speak of, as ``{number}``."""

_PLACES = re.compile(r"\{([^{}]*)\}")


def unknown_places(text: str) -> list[str]:
    """What a text of a notice speaks of that no notice has, as ``name`` of ``{name}``."""
    return sorted(set(_PLACES.findall(text)) - NOTICE_FIELDS)


Template = Annotated[str, FullMatch(r"^[a-z_]{1,40}(\.[a-z_]{1,40})?$", error="Is not like deadline.breached.")]
Language = Annotated[str, FullMatch(r"^(zh|en)$", error="Must be zh or en.")]
NoticeText = Annotated[str, Length(min=1, max=300)]


class NoticeRule(Record):
    """A red notice reaches people in their quiet hours if ``red_ignores_quiet_hours``; the telephone rings from
    ``phone_from_level`` of the ladder on. ``texts`` are the center's own, by template and language; of those that it
    does not have the house's are taken. ``to_applicants`` are sent as text messages. After ``keep_days`` notices and
    what became of them are deleted; a red one that somebody has not read, after twice as long.
    """

    red_ignores_quiet_hours: bool = True
    phone_from_level: Annotated[int, Range(min=1, max=20)] = 3
    to_applicants: tuple[ApplicantMessage, ...] = ()
    keep_days: Annotated[int, Range(min=30, max=3650)] = 400
    texts: dict[Template, dict[Language, NoticeText]] = field(default_factory=dict)
