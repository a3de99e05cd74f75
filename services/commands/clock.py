"""`bancheng clock`: what the watch takes for the right time."""

from datetime import timedelta

import click

from services.commands.failing import plainly
from services.commands.outages import OUTAGES
from services.deadline_watch import store
from services.deadline_watch.rules.clock_drift import jump
from services.plumbing.database.database import Database
from services.plumbing.runtime.resources import database_url


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
            now = store.clock_readings.read(tx)
            off = timedelta(seconds=round(jump(store.clock_readings.trusted(tx), now).total_seconds()))
            store.clock_readings.trust(tx, now)
    finally:
        database.close()
    click.echo(f"{now.database.isoformat()} is taken for the right time" + (f", {off} off from before" if off else ""))
