"""`bancheng dead list|show|replay|discard`: messages that ended their service too often and were put aside."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Table

from services.commands.command import plainly
from services.commands.servers import OUTAGES, readable
from services.plumbing.messaging.dead_letters import DeadLetter, DeadLetters, NoDeadLetters, NotTaken, opened
from services.plumbing.runtime.resources import administrators_broker_uri

FAILURES = (*OUTAGES, NoDeadLetters, NotTaken)
LETTER = click.argument("letter_id")


@contextmanager
def _found(letter_id: str) -> Iterator[tuple[DeadLetters, DeadLetter]]:
    """The letter of that id. Raises ClickException if there is none."""
    with opened(administrators_broker_uri()) as dead:
        for letter in dead.each():
            if letter.id == letter_id:
                yield dead, letter
                return
    raise click.ClickException(f"no message {letter_id} was put aside")


@click.group()
def dead() -> None:
    """Messages that ended their service as often as the broker allows, and were put aside.

    An administrator's work, by the broker's user of AMQP_URI: no service may reach them.
    """


@dead.command("list")
@plainly(*FAILURES)
def list_dead() -> None:
    """All of them, oldest first."""
    table = Table("message", "from", "type", "since", "why", "bytes")
    with opened(administrators_broker_uri()) as letters:
        for letter in letters.each():
            since = letter.died_at.isoformat(timespec="seconds") if letter.died_at else "?"
            table.add_row(letter.id, letter.queue, letter.type, since, letter.reason, str(len(letter.body)))
    if table.row_count:
        Console().print(table)
    else:
        click.echo("nothing was put aside")


@dead.command()
@LETTER
@plainly(*FAILURES)
def show(letter_id: str) -> None:
    """One of them, with what arrived."""
    with _found(letter_id) as (_, letter):
        click.echo(f"from {letter.queue}: {letter.reason}")
        click.echo(readable(letter.body))


@dead.command()
@click.argument("letter_id", required=False)
@click.option("--all", "is_all", is_flag=True, help="Every one of them.")
@plainly(*FAILURES)
def replay(letter_id: str | None, is_all: bool) -> None:
    """Give one back to its queue, or --all, when what ended the service is mended."""
    if is_all == (letter_id is not None):
        raise click.UsageError("name a message, or say --all")
    if letter_id is not None:
        with _found(letter_id) as (letters, letter):
            letters.replay(letter)
            click.echo(f"{letter.id} is back in {letter.queue}")
        return
    number = 0
    with opened(administrators_broker_uri()) as letters:
        for letter in letters.each():
            letters.replay(letter)
            number += 1
    click.echo(f"{number} messages are back in their queues")


@dead.command()
@LETTER
@click.confirmation_option(prompt="The message will be forgotten. Are you sure?")
@plainly(*FAILURES)
def discard(letter_id: str) -> None:
    """Forget one of them for good."""
    with _found(letter_id) as (letters, letter):
        letters.discard(letter)
        click.echo(f"{letter.id} is forgotten")
