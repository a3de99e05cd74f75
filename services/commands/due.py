"""`bancheng due`: when a promise ends, and why, without any server."""

import json
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from schemas.center.center import Calendar, Limit, Window
from services.calendar.calendar import Day, Due, WorkCalendar, work_calendar
from services.commands.center import read_center
from services.commands.command import LANGUAGE, plainly
from services.wording import Wording

ORDINARY_HOURS = Calendar(business_hours=(Window.load({"opens": "09:00", "closes": "17:00"}),))
"""What is taken without a center file: China's statutory days, opening at 09:00, close of business at 17:00."""


@click.command()
@click.option(
    "--received",
    required=True,
    help="Time of receipt, ISO 8601 with offset, like 2025-01-24T10:00+08:00; a date alone means opening of business.",
)
@click.option("--days", required=True, type=click.IntRange(1, 250), help="Working days of the promise.")
@click.option("--center", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A center file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the reasons as codes.")
@LANGUAGE
@plainly()
def due(received: str, days: int, center: Path | None, as_json: bool, say: Wording) -> None:
    """Print the due time, and each day with the reason why it counts or not."""
    calendar = work_calendar(read_center(center).calendar if center else ORDINARY_HOURS)
    limit = Limit(working_days=days)
    try:
        started_at, is_date = _received(received, calendar)
        found, explained = calendar.due(started_at, limit), calendar.explain(started_at, limit)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--received") from None
    if as_json:
        click.echo(json.dumps(_as_json(started_at, days, found, explained, calendar), ensure_ascii=False))
        return
    table = Table(say("day"), "", say("counted"), say("why"), box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    for line in explained:
        counted = say("yes") if line.counted else ""
        table.add_row(line.day.isoformat(), say.weekday(line.day), counted, say.reasons(line.reasons))
    Console().print(table)
    if is_date:
        click.echo(
            say("received at {when}: no time was given, so opening of business is taken", when=started_at.isoformat())
        )
    click.echo(say("due at {when} ({days} working days)", when=found.due_at.isoformat(), days=days))
    if found.provisional:
        click.echo(say("provisional: the calendar is settled through {day} only", day=calendar.announced_through))


def _received(given: str, calendar: WorkCalendar) -> tuple[datetime, bool]:
    """The instant of receipt, and whether only a date was given: then opening of business is taken.

    Raises ValueError with what is expected.
    """
    try:
        day = date.fromisoformat(given)
    except ValueError:
        instant = None
        with suppress(ValueError):
            instant = datetime.fromisoformat(given)
        if instant is None or instant.tzinfo is None:
            raise ValueError("a date, or an ISO 8601 time with an offset, is expected") from None
        return instant, False
    return calendar.opening_of(day), True


def _as_json(
    started_at: datetime, days: int, found: Due, explained: tuple[Day, ...], calendar: WorkCalendar
) -> dict[str, object]:
    return {
        "received_at": started_at.isoformat(),
        "working_days": days,
        "due_at": found.due_at.isoformat(),
        "provisional": found.provisional,
        "calendar_version": calendar.version,
        "counted": [day.isoformat() for day in found.counted],
        "skipped": [line.day.isoformat() for line in explained if not line.counted],
        "days": [{"day": line.day.isoformat(), "counted": line.counted, "reasons": line.reasons} for line in explained],
    }
