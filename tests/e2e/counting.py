"""Counts the figures of a center from what its services say of each ticket, sharing no code with them."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar

from schemas.enums import Role
from services.sandbox.sandbox import Sandbox

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = ((time(9), time(12)), (time(13), time(17)))
"""The windows of the demonstration's center."""
LEVELS = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied")


class Fact(NamedTuple):
    """Something to count: which figure, of which ticket, when, by which department where that is not the lead."""

    figure: str
    ticket: dict[str, Any]
    at: datetime
    department: str | None = None
    seconds: float | None = None


def worked(begun: datetime, ended: datetime) -> float:
    """Working time in seconds, day by day and window by window."""
    day, total = begun.astimezone(ZONE).date(), 0.0
    while day <= ended.astimezone(ZONE).date():
        for opens, closes in HOURS if chinese_calendar.is_workday(day) else ():
            since = max(begun, datetime.combine(day, opens, ZONE))
            total += max(0.0, (min(ended, datetime.combine(day, closes, ZONE)) - since).total_seconds())
        day += timedelta(days=1)
    return total


def tickets_of(sandbox: Sandbox) -> Iterator[dict[str, Any]]:
    """Every ticket of the center with everything that routing shows, and its deadlines by deadline_watch."""
    routing = sandbox.client("routing", sandbox.token("shen-guoqiang", Role.DIRECTOR))
    watch = sandbox.client("deadline_watch", sandbox.token("wei-tao", Role.OPS))
    after: dict[str, str] = {}
    while True:
        page = routing.get("/tickets", limit=200, **after)
        for each in page["items"]:
            ticket = routing.get(f"/tickets/{each['id']}", timeline_limit=200)
            assert ticket["timeline_before"] is None
            yield ticket | {"counted_deadlines": watch.get(f"/deadlines/{each['id']}")["deadlines"]}
        if page["next"] is None:
            return
        after = {"after": page["next"]}


def facts_of(ticket: dict[str, Any]) -> Iterator[Fact]:
    """All that happened to a ticket and is counted."""

    def at(text: str) -> datetime:
        return datetime.fromisoformat(text)

    begun = at(ticket["registered_at"])
    yield Fact("registered", ticket, begun)
    if ticket["is_repeated"]:
        yield Fact("repeated", ticket, begun)
    for entry in ticket["timeline"]:
        when = at(entry["at"])
        match entry["what"]:
            case "ticket.reopened":
                begun = when
            case "ticket.answered":
                yield Fact("answered", ticket, when, seconds=worked(begun, when))
            case "ticket.closed":
                yield Fact("closed", ticket, when)
            case "ticket.rated":
                yield Fact(entry["text"], ticket, when)
                yield Fact("rated", ticket, when)
                yield Fact("rated_well" if entry["text"] in LEVELS[:3] else "rated_badly", ticket, when)
    for deadline in ticket["counted_deadlines"]:
        figure = {"met": "kept", "breached": "broken"}.get(deadline["state"])
        if figure and deadline["kind"] in ("answer", "report"):
            yield Fact(figure, ticket, at(deadline["due_at"]))
            yield Fact("due", ticket, at(deadline["due_at"]))
    for assignment in ticket["assignments"]:
        made = at(assignment["made_at"])
        yield Fact("assigned", ticket, made, assignment["department"])
        if assignment["returned_at"]:
            yield Fact("returned", ticket, made, assignment["department"])
    for each in ticket["escalations"]:
        if each["to"]:
            yield Fact("voided" if each["voided_at"] else "escalated", ticket, at(each["escalated_at"]))


def group_of(fact: Fact, by: str | None) -> str | None:
    """To which group it belongs; all are one without ``by``."""
    if by is None:
        return None
    ticket = fact.ticket
    found = {
        "department": fact.department or ticket["lead"],
        "cause": ticket["cause"],
        "channel": ticket["channel"],
        "leader": ticket["decided_by"],
    }[by]
    return found or None


def figures(
    facts: list[Fact], by: str | None, since: date, until: date, now: datetime
) -> dict[str | None, dict[str, Any]]:
    """What the statistics ought to say of the days from ``since`` to ``until``, by group; zeros are left out."""
    rows: dict[str | None, Counter[str]] = defaultdict(Counter)
    seconds: dict[str | None, list[float]] = defaultdict(list)
    for fact in facts:
        if since <= fact.at.astimezone(ZONE).date() <= until and fact.at < now:
            group = group_of(fact, by)
            rows[group][fact.figure] += 1
            if fact.seconds is not None:
                seconds[group].append(fact.seconds)
    return {
        group: counts
        | ({"median_seconds": _at(0.5, of), "p90_seconds": _at(0.9, of)} if (of := seconds[group]) else {})
        for group, counts in ((group, dict[str, Any](counted)) for group, counted in rows.items())
    }


def _at(part: float, values: list[float]) -> int:
    """The nearest rank."""
    return round(sorted(values)[math.ceil(part * len(values)) - 1])
