"""A calendar as other programs read it (RFC 5545), with the rules of its time zone within. Pure.

Written here, since it is little of a large standard: events with a beginning and an end, in one zone.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_LINE = 75
"""So many octets has a line at most, without its end."""
_LOCAL, _UTC = "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


class CalendarEntry(NamedTuple):
    """Something that is to take place; ``uid`` is the same each time the calendar is read."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str = ""
    location: str = ""


def calendar_text(name: str, entries: Sequence[CalendarEntry], zone: ZoneInfo, now: datetime) -> str:
    """The whole calendar; who subscribes to it is asked to look again every hour."""
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bancheng//Roster//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"),
        *(f"X-WR-CALNAME:{_escaped(name)}", f"X-WR-TIMEZONE:{zone.key}"),
        *("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"),
        *_time_zone(zone, [each.starts_at for each in entries] or [now]),
    ]
    for entry in entries:
        lines += _entry(entry, zone, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _entry(entry: CalendarEntry, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(entry.uid)}"
    yield f"DTSTAMP:{now.astimezone(UTC):{_UTC}}"
    yield f"DTSTART;TZID={zone.key}:{entry.starts_at.astimezone(zone):{_LOCAL}}"
    yield f"DTEND;TZID={zone.key}:{entry.ends_at.astimezone(zone):{_LOCAL}}"
    for property_name, text in (
        ("SUMMARY", entry.summary),
        ("DESCRIPTION", entry.description),
        ("LOCATION", entry.location),
    ):
        if text:
            yield f"{property_name}:{_escaped(text)}"
    yield "END:VEVENT"


def _time_zone(zone: ZoneInfo, instants: Iterable[datetime]) -> Iterator[str]:
    """The zone from some days before the first of ``instants`` until some days after the last, change by change."""
    ordered = sorted(instants)
    at, until = ordered[0] - timedelta(days=2), ordered[-1] + timedelta(days=2)
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    yield from _observance(at.astimezone(zone), at.astimezone(zone))
    while at < until:
        following = at + timedelta(days=1)
        if at.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield from _observance(*_change(at, following, zone))
        at = following
    yield "END:VTIMEZONE"


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local times on both sides of the change of offset between two instants, a minute apart."""
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        is_before = middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset()
        before, after = (middle, after) if is_before else (before, middle)
    return before.astimezone(zone), after.astimezone(zone)


def _observance(before: datetime, after: datetime) -> Iterator[str]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    begins = after.astimezone(before.tzinfo).replace(second=0, microsecond=0, tzinfo=None)
    local = begins + (before.utcoffset() or timedelta()) - (after.utcoffset() or timedelta())
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{local:{_LOCAL}}"
    yield f"TZOFFSETFROM:{before:%z}"
    yield f"TZOFFSETTO:{after:%z}"
    yield f"TZNAME:{_escaped(after.tzname() or '')}"
    yield f"END:{kind}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, none of which cuts a character in two; all but the first begin with a
    space."""
    piece, length = "", 0
    for sign in line:
        octets = len(sign.encode())
        if length + octets > _LINE:
            yield piece
            piece, length = " ", 1
        piece, length = piece + sign, length + octets
    yield piece
