"""`bancheng migrate` and `run`: making ready and running."""

import os
import sys

import click

from services.commands.failing import plainly
from services.commands.outages import OUTAGES
from services.house import ROOMS, migrate_all
from services.plumbing.resources import administration, database_url, environment


@click.command()
@plainly(*OUTAGES)
def migrate() -> None:
    """Make database and broker ready, as their administrator: schemas, logins, tables, queues. Safe to run again."""
    migrate_all(administration(ROOMS))
    click.echo(f"ready: {', '.join(ROOMS)}")


@click.command()
@click.argument("service", type=click.Choice([*ROOMS, "all"]))
@plainly(*OUTAGES)
def run(service: str) -> None:
    """Run a service, or all of them in one process, until SIGTERM."""
    environment()
    names = list(ROOMS) if service == "all" else [service]
    for name in names:
        database_url(name)
    sys.stdout.flush()
    # A new program image, because eventlet must patch a process before anything else is imported.
    os.execv(sys.executable, [sys.executable, "-m", "services.run", *names])
