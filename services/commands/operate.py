"""`bancheng migrate`, `run` and `clock`: making ready, running, and which time is taken for the right one."""

import json
import os
import sys
from datetime import timedelta

import click

from services.commands.command import plainly
from services.commands.servers import OUTAGES, transaction
from services.composition import SERVICES, broker_definitions, migrate_all
from services.deadline_watch import store
from services.deadline_watch.rules.clock_drift import jump
from services.plumbing.messaging import broker_users
from services.plumbing.runtime.resources import administration, broker_access, broker_uri, database_url, environment


@click.command()
@click.option(
    "--print-broker-users",
    is_flag=True,
    help="Only print the broker's users and their rights, for rabbitmqctl import_definitions; no password can be read.",
)
@plainly(*OUTAGES)
def migrate(print_broker_users: bool) -> None:
    """Make database and broker ready, as their administrator: logins, tables, users, queues. Safe to run again."""
    if print_broker_users:
        click.echo(json.dumps(broker_definitions(broker_access(SERVICES).service_uris), indent=2))
        return
    settings = administration(SERVICES)
    migrate_all(settings)
    if settings.broker.service_uris and not settings.broker.management_url:
        click.echo(
            f"The broker's users were not made, since {broker_users.MANAGEMENT_SETTING} is not set:"
            " have the broker import what --print-broker-users prints."
        )
    click.echo(f"ready: {', '.join(SERVICES)}")


@click.command()
@click.argument("service", type=click.Choice([*SERVICES, "all"]))
@plainly(*OUTAGES)
def run(service: str) -> None:
    """Run a service, or all of them in one process, until SIGTERM."""
    environment()
    names = list(SERVICES) if service == "all" else [service]
    for name in names:
        database_url(name)
        broker_uri(name)
    sys.stdout.flush()
    # A new program image, because eventlet must patch a process before anything else is imported.
    os.execv(sys.executable, [sys.executable, "-m", "services.run", *names])


@click.group()
def clock() -> None:
    """The database's clock, by which every deadline is judged."""


@clock.command()
@plainly(*OUTAGES)
def accept() -> None:
    """Say that the database's clock is right after it jumped: a watch that is held goes on by it."""
    with transaction("deadline_watch") as tx:
        now = store.clock_readings.read(tx)
        off = timedelta(seconds=round(jump(store.clock_readings.trusted(tx), now).total_seconds()))
        store.clock_readings.trust(tx, now)
    click.echo(f"{now.database.isoformat()} is taken for the right time" + (f", {off} off from before" if off else ""))
