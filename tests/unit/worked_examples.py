"""Worked examples of working-day counting: a handful of our own, and the shared collection where it is at hand."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "calendar.json"


class Example(NamedTuple):
    """What was received when, and the days on which 2 and 5 working days end, without and with roll_forward."""

    received_at: datetime
    two: date
    five: date
    two_rolled: date
    five_rolled: date
    counted: tuple[date, ...] | None = None


def _example(received_at: str, *ends: str) -> Example:
    two, five, two_rolled, five_rolled = (date.fromisoformat(f"2026-{end}") for end in ends)
    return Example(datetime.fromisoformat(f"2026-{received_at}+08:00"), two, five, two_rolled, five_rolled)


OWN = [
    # The Friday before Spring Festival 2026; the holiday is 15 to 23 February, made up on Saturdays 14 and 28.
    _example("02-13T15:00", "02-24", "02-27", "02-24", "02-27"),
    # The make-up Saturday itself is an ordinary day of receipt.
    _example("02-14T11:00", "02-25", "02-28", "02-25", "02-28"),
    # Within the holiday: the two readings of "received on a closed day" differ by a day.
    _example("02-18T20:30", "02-25", "02-28", "02-26", "03-02"),
    # Friday before the make-up Sunday of National Day (20 September).
    _example("09-18T16:59", "09-21", "09-24", "09-21", "09-24"),
    # The make-up Saturday after National Day (10 October) counts.
    _example("10-08T23:59", "10-10", "10-14", "10-10", "10-14"),
    # An ordinary week.
    _example("06-01T09:00", "06-03", "06-08", "06-03", "06-08"),
]


def shared() -> list[Example]:
    """The shared examples; none where the collection is not beside the repository (the report's header says so)."""
    if not SHARED.exists():
        return []
    return [
        Example(
            datetime.fromisoformat(example["received_at"]),
            date.fromisoformat(example["due_2wd"]),
            date.fromisoformat(example["due_5wd"]),
            date.fromisoformat(example["variant_roll_forward_due_2wd"]),
            date.fromisoformat(example["variant_roll_forward_due_5wd"]),
            tuple(date.fromisoformat(day.split()[0]) for day in example["counted_days"]),
        )
        for example in json.loads(SHARED.read_text(encoding="utf-8"))["examples"]
    ]


def pytest_report_header() -> str:
    """The line at the head of a test report that says which examples were at hand."""
    others = len(shared())
    return f"working-day examples: {len(OWN)} of our own, " + (
        f"{others} shared ones" if others else "no shared ones, since that collection is not beside the repository"
    )
