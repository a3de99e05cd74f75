"""`bancheng replay FILE`: real letters against the promises."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from schemas.center.center import Center
from services.commands.center import read_center
from services.commands.command import LANGUAGE, plainly
from services.commands.servers import OUTAGES
from services.replay.driver import Passage, Replay, with_channel
from services.replay.learning_seen import live_through, plot, read_dated
from services.replay.letters import BadFile, Letter, read_letters
from services.replay.report import row_of, table_of
from services.sandbox.sandbox import Sandbox, given_broker
from services.wording import Wording

TABLE_WIDTH = 120
DEMO_CENTER = Path("deploy/centers/demo.yml")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--center", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=DEMO_CENTER, show_default=True
)
@click.option(
    "--fallback", help="The department that leads what no rule fits; by default the first of the center file."
)
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a row for each letter."
)
@click.option("--suggest", is_flag=True, help="Instead plot how suggestions get better with what was solved.")
@LANGUAGE
@plainly(*OUTAGES)
def replay(file: Path, center: Path, fallback: str | None, json_file: Path | None, suggest: bool, say: Wording) -> None:
    """Send the letters of FILE (jsonl, csv, xlsx) through a throwaway system, at the times they were really written.

    The system runs on a stepped clock, with PostgreSQL from a wheel; events travel in the process, or over the broker
    that AMQP_URI names, with the settings of a system that stays.

    With --suggest no system runs: by the letters with a reply and a department that were answered before, a department
    is suggested for each, and it is shown month by month how often the one that answered it was named first.
    """
    configured = read_center(center)
    if suggest:
        _show_learning(configured, file, say)
        return
    try:
        letters = read_letters(file)
    except BadFile as error:
        raise click.ClickException(str(error)) from None
    if fallback is not None and fallback not in configured.departments:
        raise click.BadParameter("not a department of the center file", param_hint="--fallback")
    passages = _play(configured, letters, fallback or next(iter(configured.departments)), say)
    Console(width=max(Console().width, TABLE_WIDTH)).print(table_of(passages, configured, say))
    if json_file:
        rows = [json.dumps(row_of(passage), ensure_ascii=False) for passage in passages]
        json_file.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _show_learning(center: Center, file: Path, say: Wording) -> None:
    zone = ZoneInfo(center.calendar.time_zone)
    try:
        letters = read_dated(file, zone)
    except BadFile as error:
        raise click.ClickException(str(error)) from None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(say("letters looked at"), total=len(letters))
        spans = live_through(center, letters, zone, lambda: progress.advance(task))
    for line in plot(spans, say):
        click.echo(line)


def _play(center: Center, letters: list[Letter], fallback: str, say: Wording) -> list[Passage]:
    steps = len(letters) + sum(letter.answered_at is not None for letter in letters)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    clerk = next(iter(center.staff))
    with (
        Sandbox(with_channel(center), letters[0].received_at, broker=given_broker()) as sandbox,
        Progress(*columns, console=Console(stderr=True)) as progress,
    ):
        task = progress.add_task(say("letters received and answered"), total=steps)
        player = Replay(sandbox, clerk=clerk, leader=center.roster.leaders[0], fallback=fallback)
        return player.run(letters, lambda: progress.advance(task))
