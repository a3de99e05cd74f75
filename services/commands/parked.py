"""`bancheng parked list|show|replay|discard`: events that were given up and wait for a person."""

from collections.abc import Iterator
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from services.commands.command import plainly
from services.commands.servers import OUTAGES, readable, transaction
from services.composition import SERVICES
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.messaging import retry_queue

EVENT = click.argument("event_id", type=click.UUID)


def _transactions() -> Iterator[Transaction]:
    """A transaction on each service's schema in turn."""
    for name in SERVICES:
        with transaction(name) as tx:
            yield tx


def _find(tx: Transaction, event_id: UUID) -> Row | None:
    return next((row for row in retry_queue.parked(tx) if row.event_id == event_id), None)


def _nothing(event_id: UUID) -> click.ClickException:
    return click.ClickException(f"no service has a parked event {event_id}")


@click.group()
def parked() -> None:
    """Events that were given up after the last try, or could not be read at all."""


@parked.command("list")
@click.option("--waiting", is_flag=True, help="Instead, the events that will be tried again, the next one first.")
@plainly(*OUTAGES)
def list_parked(*, waiting: bool) -> None:
    """All parked events, oldest first."""
    table = Table("service", "event", "type", "next try" if waiting else "since", "tries", "why")
    for tx in _transactions():
        for row in retry_queue.waiting(tx) if waiting else retry_queue.parked(tx):
            at, tries = (row.next_try_at, row.tries) if waiting else (row.held_since, row.attempts)
            event = (str(row.event_id), row.type or "?")
            table.add_row(tx.service, *event, at.isoformat(timespec="seconds"), str(tries), row.error)
    if table.row_count:
        Console().print(table)
    else:
        click.echo("nothing waits" if waiting else "nothing is parked")


@parked.command()
@EVENT
@plainly(*OUTAGES)
def show(event_id: UUID) -> None:
    """One parked event, with what arrived."""
    for tx in _transactions():
        row = _find(tx, event_id)
        if row is not None:
            click.echo(f"{tx.service}, since {row.held_since.isoformat()}, {row.attempts} tries: {row.error}")
            click.echo(readable(bytes(row.body)))
            return
    raise _nothing(event_id)


@parked.command()
@EVENT
@plainly(*OUTAGES)
def replay(event_id: UUID) -> None:
    """Try a parked event again, as often as a fresh one."""
    for tx in _transactions():
        if retry_queue.replay(tx, event_id):
            click.echo(f"{tx.service} will try {event_id} again")
            return
    raise _nothing(event_id)


@parked.command()
@EVENT
@click.confirmation_option(prompt="The event will be forgotten. Are you sure?")
@plainly(*OUTAGES)
def discard(event_id: UUID) -> None:
    """Forget a parked event for good; it will not be taken again."""
    for tx in _transactions():
        if _find(tx, event_id) is not None:
            retry_queue.release(tx, event_id)
            click.echo(f"{tx.service} has forgotten {event_id}")
            return
    raise _nothing(event_id)
