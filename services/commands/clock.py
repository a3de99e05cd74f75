"""`bancheng clock`: what the watch takes for the right time."""

import click

from services.commands.failing import plainly
from services.commands.outages import OUTAGES
from services.deadline_watch import store_clock
from services.deadline_watch.steadiness import jump
from services.plumbing.database import Database
from services.plumbing.resources import database_url


@click.group()
def clock() -> None:
    """The database's clock, by which every deadline is judged."""


@clock.command()
@plainly(*OUTAGES)
def accept() -> None:
    """Say that the database's clock is right after it jumped: a watch that is held goes on by it."""
    database = Database(database_url("deadline_watch"), "deadline_watch", size=1)
    try:
        with database.transaction() as tx:
            now = store_clock.read(tx)
            off = jump(store_clock.trusted(tx), now)
            store_clock.trust(tx, now)
    finally:
        database.close()
    click.echo(f"{now.database.isoformat()} is taken for the right time" + (f", {off} off from before" if off else ""))
