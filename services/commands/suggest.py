"""`bancheng suggest --solved SOLVED LETTERS`: which departments, and what was like it, by what was solved before."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.commands.center import read_center
from services.commands.command import LANGUAGE, plainly
from services.commands.replay import DEMO_CENTER
from services.commands.servers import OUTAGES
from services.replay.letters import BadFile
from services.replay.remembering import Memory, read_solved
from services.wording import Wording

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--solved", "solved_file", type=FILE, required=True, help="Letters that were solved, and by whom.")
@click.option("--center", type=FILE, default=DEMO_CENTER, show_default=True)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows there.")
@LANGUAGE
@plainly(*OUTAGES)
def suggest(file: Path, solved_file: Path, center: Path, json_file: Path | None, say: Wording) -> None:
    """Say of each letter of FILE which departments it is for, and which solved letters are like it.

    Both files have a letter a line (jsonl; or csv, xlsx) with ``letter``, ``title``, ``text``; the solved ones also
    ``department`` (a code of the center file) and ``reply``: without either, a letter only serves as a likeness.
    A row of the result is ``{letter, departments: [best first], similar: [letters, nearest first]}``. It is the code of
    the service, on a throwaway PostgreSQL from a wheel; nothing else runs.
    """
    configured = read_center(center)
    try:
        solved, letters = read_solved(solved_file), read_solved(file)
    except BadFile as error:
        raise click.ClickException(str(error)) from None
    strange = {each.department for each in solved if each.department} - configured.departments.keys()
    if strange:
        codes = ", ".join(sorted(strange))
        click.echo(
            say("Not departments of the center, so their letters are likenesses alone: {codes}", codes=codes), err=True
        )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    rows = []
    with Memory(configured) as memory, Progress(*columns, console=Console(stderr=True)) as progress:
        learning = progress.add_task(say("solved letters learnt"), total=len(solved))
        memory.learn(solved, lambda count: progress.advance(learning, count))
        asking = progress.add_task(say("letters looked at"), total=len(letters))
        for letter in letters:
            rows.append(json.dumps(memory.suggest(letter), ensure_ascii=False))
            progress.advance(asking)
    if json_file:
        json_file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    else:
        click.echo("\n".join(rows))
