"""`bancheng migrate`, `run` and `keys`: making ready and running."""

import os
import secrets
import sys

import click

from services.commands.failing import plainly
from services.house import ROOMS, migrate_all
from services.intake.privacy import generate_keys
from services.plumbing.resources import administration, database_url, environment

PASSWORDS = (
    "POSTGRES_PASSWORD",
    "RABBITMQ_PASSWORD",
    *(f"{name.upper()}_PASSWORD" for name in ROOMS),
    "GRAFANA_PASSWORD",
)
"""The passwords of deploy/env.example."""


@click.command()
@plainly
def migrate() -> None:
    """Make database and broker ready, as their administrator: schemas, logins, tables, queues. Safe to run again."""
    migrate_all(administration(ROOMS))
    click.echo(f"ready: {', '.join(ROOMS)}")


@click.command()
@click.argument("service", type=click.Choice([*ROOMS, "all"]))
@plainly
def run(service: str) -> None:
    """Run a service, or all of them in one process, until SIGTERM."""
    environment()
    names = list(ROOMS) if service == "all" else [service]
    for name in names:
        database_url(name)
    sys.stdout.flush()
    # A new program image, because eventlet must patch a process before anything else is imported.
    os.execv(sys.executable, [sys.executable, "-m", "services.run", *names])


@click.command()
def keys() -> None:
    """Print fresh secrets as lines for an environment file."""
    click.echo(f"BANCHENG_SECRET={secrets.token_urlsafe(32)}")
    click.echo(f"BANCHENG_DATA_KEY={generate_keys()}")
    for name in PASSWORDS:
        click.echo(f"{name}={secrets.token_hex(24)}")
