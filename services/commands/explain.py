"""`bancheng explain NUMBER`: why a ticket is due when it is due, day by day."""

import os
from datetime import datetime
from typing import Any

import click
import requests
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.words import PROMISES, DeadlineState
from services.commands.failing import plainly
from services.stage.client import CallRefused, Client

_COLOURS = {"green": "green", "yellow": "yellow", "red": "red"}


@click.command()
@click.argument("number")
@click.option("--intake", envvar="BANCHENG_INTAKE_ADDRESS", default="127.0.0.1:8001", show_default=True)
@click.option("--deadline-watch", envvar="BANCHENG_DEADLINE_WATCH_ADDRESS", default="127.0.0.1:8003", show_default=True)
@plainly(requests.RequestException)
def explain(number: str, intake: str, deadline_watch: str) -> None:
    """Print every clock of the ticket NUMBER, promises first: each due time that it had, and which days count.

    Asks the running services with the token in BANCHENG_TOKEN (`bancheng token issue`).
    """
    token = os.environ.get("BANCHENG_TOKEN")
    if not token:
        raise click.ClickException("BANCHENG_TOKEN is not set: `bancheng token issue` prints one")
    try:
        found = Client(f"http://{intake}", token).get("/tickets", number=number)["items"]
        if not found:
            raise click.ClickException(f"there is no ticket {number}")
        explained = Client(f"http://{deadline_watch}", token).get(f"/deadlines/{found[0]['id']}")
    except CallRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    console = Console(highlight=False)
    console.print(Text(f"{number} {found[0]['title']}", style="bold"))
    for clock in sorted(explained["deadlines"], key=lambda clock: clock["kind"] not in PROMISES):
        _show(clock, console)


def _show(clock: dict[str, Any], console: Console) -> None:
    """One clock: a heading, the due times that it had if they changed, its days unless it no longer applies."""
    about = [clock["kind"], f"round {clock['round']}", clock["department"] or "nobody's yet", clock["state"]]
    if clock["provisional"]:
        about.append("provisional: beyond the announced calendar")
    console.print()
    heading = f"{' · '.join(about)} · from {_when(clock['started_at'])} to {_when(clock['due_at'])}"
    console.print(Text(heading, style=_COLOURS.get(clock["light"] or "", "bold")), soft_wrap=True)
    if len(clock["revisions"]) > 1:
        console.print(_revisions(clock))
    if clock["state"] != DeadlineState.CANCELLED:
        console.print(_days(clock))


def _revisions(clock: dict[str, Any]) -> Table:
    table = Table("revision", "due", "since", "why", "center file", box=None)
    for each in clock["revisions"]:
        version = str(each["center_version"])
        table.add_row(str(each["revision"]), _when(each["due_at"]), _when(each["since"]), each["why"], version)
    return table


def _days(clock: dict[str, Any]) -> Table:
    table = Table("day", "counted as", "why", box=None)
    for each in clock["days"]:
        day = datetime.fromisoformat(each["day"])
        table.add_row(f"{day:%a %d %b}", str(each["count"] or ""), each["why"], style="" if each["counted"] else "dim")
    return table


def _when(iso: str) -> str:
    return f"{datetime.fromisoformat(iso):%a %d %b %Y %H:%M}"
