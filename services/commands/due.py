"""`bancheng due`: when a promise ends, and why, without any server."""

import json
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from schemas.center import Calendar, Limit, Window
from services.calendar import work_calendar
from services.commands.center_file import read_center
from services.commands.failing import plainly

ORDINARY_HOURS = Calendar(business_hours=(Window.load({"opens": "09:00", "closes": "17:00"}),))
"""What is taken without a center file: China's statutory days, close of business at 17:00."""


@click.command()
@click.option(
    "--received", required=True, help="Time of receipt, ISO 8601 with offset, such as 2025-01-24T10:00+08:00."
)
@click.option("--days", required=True, type=click.IntRange(1, 250), help="Working days of the promise.")
@click.option("--center", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A center file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@plainly()
def due(received: str, days: int, center: Path | None, as_json: bool) -> None:
    """Print the due time, and each day with the reason why it counts or not."""
    try:
        started_at = datetime.fromisoformat(received)
        if started_at.tzinfo is None:
            raise ValueError
    except ValueError:
        raise click.BadParameter("an ISO 8601 time with an offset is expected", param_hint="--received") from None
    calendar = work_calendar(read_center(center).calendar if center else ORDINARY_HOURS)
    limit = Limit(working_days=days)
    try:
        found, explained = calendar.due(started_at, limit), calendar.explain(started_at, limit)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--received") from None
    if as_json:
        click.echo(
            json.dumps(
                {
                    "received_at": started_at.isoformat(),
                    "working_days": days,
                    "due_at": found.due_at.isoformat(),
                    "provisional": found.provisional,
                    "calendar_version": calendar.version,
                    "counted": [day.isoformat() for day in found.counted],
                    "skipped": [line.day.isoformat() for line in explained if not line.counted],
                    "days": [
                        {"day": line.day.isoformat(), "counted": line.counted, "why": line.why} for line in explained
                    ],
                },
                ensure_ascii=False,
            )
        )
        return
    table = Table("day", "", "counted", "why")
    for line in explained:
        table.add_row(line.day.isoformat(), f"{line.day:%a}", "yes" if line.counted else "", line.why)
    Console().print(table)
    click.echo(f"due at {found.due_at.isoformat()} ({days} working days)")
    if found.provisional:
        click.echo(f"provisional: the calendar is settled through {calendar.announced_through} only")
