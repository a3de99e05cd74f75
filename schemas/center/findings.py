"""What is wrong with a center file although each field by itself may be right. A file with findings is refused whole.

``findings(center)`` gives them all at once, such as Finding(path="rules[3].lead", message="No such department.").
"""

from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.center.access import GRANTED
from schemas.center.center import Center, Limit, RoutingRule
from schemas.center.ladder_findings import ladder_findings
from schemas.center.question_base import NOTIFIED_POSTS
from schemas.center.threshold_findings import threshold_findings
from schemas.enums import DeadlineKind

KEPT_YEARS = range(2001, 2100)
"""The years of which the statutory holidays are known or can be worked out."""


class Finding(NamedTuple):
    """Something wrong, and where: ``path`` is written as in ``rules[3].lead``."""

    path: str
    message: str


def findings(center: Center) -> list[Finding]:
    """All that is wrong with ``center``, in the order of the file; empty when it may be published."""
    parts = (_people, _calendar, _limits, ladder_findings, _roster, _rules, threshold_findings, _question_base)
    return [Finding(path, message) for part in parts for path, message in part(center)]


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of that name, None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # ValueError: a path; OSError: a directory such as "Asia"
        return None


def _people(center: Center) -> Iterator[tuple[str, str]]:
    for code, department in center.departments.items():
        if not department.liaisons:
            yield f"departments.{code}.liaisons", "Somebody must receive its tickets."
        for at, liaison in enumerate(department.liaisons):
            if liaison not in center.staff:
                yield f"departments.{code}.liaisons[{at}]", _NO_STAFF
        if department.head is not None and department.head not in center.staff:
            yield f"departments.{code}.head", _NO_STAFF
    for code, member in center.staff.items():
        for at, role in enumerate(member.roles):
            if role not in GRANTED:
                yield f"staff.{code}.roles[{at}]", _NO_GRANT
    for code in center.channels:
        if code in center.staff:
            yield f"channels.{code}", "Is the id of a person."
    for path, person in (("director", center.director), ("supervision_office", center.supervision_office)):
        if person not in center.staff:
            yield path, _NO_STAFF


def _calendar(center: Center) -> Iterator[tuple[str, str]]:
    calendar = center.calendar
    if zone_of(calendar.time_zone) is None:
        yield "calendar.time_zone", "No such time zone."
    if not calendar.business_hours:
        yield "calendar.business_hours", "At least one window is needed."
    yield from _windows(
        (f"calendar.business_hours[{at}]", window.opens, window.closes)
        for at, window in enumerate(calendar.business_hours)
    )
    yield from _within_kept_years((f"calendar.closed_days[{at}]", day) for at, day in enumerate(calendar.closed_days))
    yield from _within_kept_years((f"calendar.open_days[{at}]", day) for at, day in enumerate(calendar.open_days))
    if calendar.announced_through is not None:
        yield from _within_kept_years([("calendar.announced_through", calendar.announced_through)])
    for at, day in enumerate(calendar.open_days):
        if day in calendar.closed_days:
            yield f"calendar.open_days[{at}]", "Is among the closed days too."


def _limits(center: Center) -> Iterator[tuple[str, str]]:
    for kind in DeadlineKind:
        limit = center.limits.get(kind)
        if limit is None:
            yield f"limits.{kind}", "Is missing."
        else:
            yield from _limit(f"limits.{kind}", limit)
    if center.escalation_acknowledgement is not None:
        yield from _limit("escalation_acknowledgement", center.escalation_acknowledgement)


def _question_base(center: Center) -> Iterator[tuple[str, str]]:
    rule = center.question_base
    if rule.justice is not None and rule.justice not in center.departments:
        yield "question_base.justice", _NO_DEPARTMENT
    if rule.review_due_weekday <= rule.review_weekday:
        yield "question_base.review_due_weekday", "Must come later in the week than the lists are made."
    for at, step in enumerate(rule.ladder):
        if not step.tell:
            yield f"question_base.ladder[{at}].tell", "Somebody must be told."
        elif not NOTIFIED_POSTS.issuperset(step.tell):
            yield f"question_base.ladder[{at}].tell", "Names a post that the question base has not."
    for at, (earlier, later) in enumerate(pairwise(rule.ladder), start=1):
        if later.working_days <= earlier.working_days:
            yield f"question_base.ladder[{at}]", "Must come later than the level before it."


def _limit(path: str, limit: Limit) -> Iterator[tuple[str, str]]:
    if (limit.working_days is None) == (limit.working_hours is None):
        yield path, "Needs either working_days or working_hours."


def _roster(center: Center) -> Iterator[tuple[str, str]]:
    roster = center.roster
    if not roster.sittings:
        yield "roster.sittings", "At least one sitting is needed."
    elif roster.on_closed_day == "drop" and all(sitting.weekday > 5 for sitting in roster.sittings):
        yield "roster.on_closed_day", "With drop, sittings at weekends alone would never be held."
    for weekday in sorted({sitting.weekday for sitting in roster.sittings}):
        yield from _windows(
            (f"roster.sittings[{at}]", sitting.opens, sitting.closes)
            for at, sitting in enumerate(roster.sittings)
            if sitting.weekday == weekday
        )
    if not roster.leaders:
        yield "roster.leaders", "At least one leader is needed."
    for at, leader in enumerate(roster.leaders):
        if leader not in center.staff:
            yield f"roster.leaders[{at}]", _NO_STAFF
    yield from _within_kept_years([("roster.starts_on", roster.starts_on)])
    yield from _within_kept_years((f"roster.swaps[{at}].day", swap.day) for at, swap in enumerate(roster.swaps))
    for at, swap in enumerate(roster.swaps):
        if swap.leader not in center.staff:
            yield f"roster.swaps[{at}].leader", _NO_STAFF
        if swap.day in {earlier.day for earlier in roster.swaps[:at]}:
            yield f"roster.swaps[{at}].day", "Is swapped twice."


def _rules(center: Center) -> Iterator[tuple[str, str]]:
    for at, rule in enumerate(center.rules):
        if rule.id in {earlier.id for earlier in center.rules[:at]}:
            yield f"rules[{at}].id", "Another rule has this id."
        if rule.lead not in center.departments:
            yield f"rules[{at}].lead", _NO_DEPARTMENT
        for nth, department in enumerate(rule.assisting):
            if department not in center.departments:
                yield f"rules[{at}].assisting[{nth}]", _NO_DEPARTMENT
            elif department == rule.lead:
                yield f"rules[{at}].assisting[{nth}]", "Leads already."
            elif department in rule.assisting[:nth]:
                yield f"rules[{at}].assisting[{nth}]", "Is named twice."
        if _fits_everything(rule) and at + 1 < len(center.rules):
            yield f"rules[{at}]", "Fits every ticket, so that no rule after it is ever asked."


def _fits_everything(rule: RoutingRule) -> bool:
    return not (rule.matters or rule.causes or rule.any_of or rule.all_of)


def _windows(windows: Iterable[tuple[str, time, time]]) -> Iterator[tuple[str, str]]:
    """Windows (path, opens, closes) of one day that end before they begin, or overlap."""
    sound: list[tuple[time, time, str]] = []
    for path, opens, closes in windows:
        if opens.tzinfo or closes.tzinfo:
            yield path, "Is local time and takes no offset."
        elif opens >= closes:
            yield f"{path}.closes", "Must be later than opens."
        else:
            sound.append((opens, closes, path))
    for (_, closes, _), (opens, _, path) in pairwise(sorted(sound)):
        if opens < closes:
            yield f"{path}.opens", "Overlaps another one."


def _within_kept_years(days: Iterable[tuple[str, date]]) -> Iterator[tuple[str, str]]:
    for path, day in days:
        if day.year not in KEPT_YEARS:
            yield path, f"No calendar is kept for this year, only for {KEPT_YEARS[0]} to {KEPT_YEARS[-1]}."


_NO_DEPARTMENT = "No such department."
_NO_STAFF = "No such member of staff."
_NO_GRANT = f"Comes with a post; only {', '.join(sorted(GRANTED))} are given here."
