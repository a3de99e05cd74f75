"""`bancheng explain NUMBER`: why a ticket is due when it is due, day by day."""

import os
from datetime import date, datetime
from typing import Any

import click
import requests
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.enums import PROMISES, DeadlineState
from services.commands.command import LANGUAGE, plainly
from services.sandbox.client import CallRefused, Client
from services.wording import Language, Wording

_COLOURS = {"green": "green", "yellow": "yellow", "red": "red"}


@click.command()
@click.argument("number")
@click.option("--intake", envvar="BANCHENG_INTAKE_ADDRESS", default="127.0.0.1:8001", show_default=True)
@click.option("--deadline-watch", envvar="BANCHENG_DEADLINE_WATCH_ADDRESS", default="127.0.0.1:8003", show_default=True)
@LANGUAGE
@plainly(requests.RequestException)
def explain(number: str, intake: str, deadline_watch: str, say: Wording) -> None:
    """Print every deadline of the ticket NUMBER, promises first: each due time that it had, and which days count.

    Asks the running services with the token in BANCHENG_TOKEN (`bancheng token issue`).
    """
    token = os.environ.get("BANCHENG_TOKEN")
    if not token:
        raise click.ClickException("BANCHENG_TOKEN is not set: `bancheng token issue` prints one")
    try:
        found = Client(f"http://{intake}", token).get("/tickets", number=number)["items"]
        if not found:
            raise click.ClickException(say("there is no ticket {number}", number=number))
        explained = Client(f"http://{deadline_watch}", token).get(f"/deadlines/{found[0]['id']}")
    except CallRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    console = Console(highlight=False)
    console.print(Text(f"{number} {found[0]['title']}", style="bold"))
    for deadline in sorted(explained["deadlines"], key=lambda deadline: deadline["kind"] not in PROMISES):
        _show(deadline, console, say)


def _show(deadline: dict[str, Any], console: Console, say: Wording) -> None:
    """One deadline: a heading, the due times that it had if they changed, its days unless it no longer applies."""
    about = [
        say(deadline["kind"]),
        say("round {round}", round=deadline["round"]),
        deadline["department"] or say("nobody's yet"),
        say(deadline["state"]),
    ]
    if deadline["provisional"]:
        about.append(say("provisional: beyond the announced calendar"))
    console.print()
    span = {"start": _when(deadline["started_at"], say), "due": _when(deadline["due_at"], say)}
    heading = say("{about} · from {start} to {due}", about=" · ".join(about), **span)
    console.print(Text(heading, style=_COLOURS.get(deadline["light"] or "", "bold")), soft_wrap=True)
    if len(deadline["revisions"]) > 1:
        console.print(_revisions(deadline, say))
    if deadline["state"] != DeadlineState.CANCELLED:
        console.print(_days(deadline, say))


def _table(say: Wording, *columns: str) -> Table:
    """Cells that are too long go on in the next line."""
    table = Table(*map(say, columns), box=None)
    for column in table.columns:
        column.overflow = "fold"
    return table


def _revisions(deadline: dict[str, Any], say: Wording) -> Table:
    table = _table(say, "revision", "due", "since", "why", "center file")
    for each in deadline["revisions"]:
        due, since, version = _when(each["due_at"], say), _when(each["since"], say), str(each["center_version"])
        table.add_row(str(each["revision"]), due, since, say(each["why"]), version)
    return table


def _days(deadline: dict[str, Any], say: Wording) -> Table:
    table = _table(say, "day", "counted as", "why")
    for each in deadline["days"]:
        cells = say.day(date.fromisoformat(each["day"])), str(each["count"] or ""), say.reasons(each["reasons"])
        table.add_row(*cells, style="" if each["counted"] else "dim")
    return table


def _when(iso: str, say: Wording) -> str:
    instant = datetime.fromisoformat(iso)
    if say.language is Language.ZH:
        return f"{instant.year}年{say.day(instant)} {instant:%H:%M}"
    return f"{say.day(instant)} {instant:%Y %H:%M}"
