"""`bancheng center publish FILE` and `center tickets FILE`: what a center file means for running services."""

from pathlib import Path

import click

from schemas.center.center import Center
from services.commands.center import FILE, read_center
from services.commands.command import plainly
from services.commands.servers import OUTAGES, transaction
from services.plumbing.database.transaction import Transaction
from services.routing.actions.publishing import publish as publish_center
from services.routing.store.tickets import numbers_without_departments

NAMED = 20
"""How many tickets are named one by one."""


@click.command()
@FILE
@plainly(*OUTAGES)
def publish(file: Path) -> None:
    """Make FILE the center's configuration from now on. An unchanged file is not published again."""
    checked = read_center(file)
    with transaction("routing") as tx:
        version = publish_center(tx, checked, source=file.read_text(encoding="utf-8"))
        _name_tickets_without_departments(tx, checked)
    click.echo(f"{checked.code}: version {version}")


@click.command()
@FILE
@plainly(*OUTAGES)
def tickets(file: Path) -> None:
    """Say which open tickets lie with departments that are not in FILE."""
    checked = read_center(file)
    with transaction("routing") as tx:
        _name_tickets_without_departments(tx, checked)


def _name_tickets_without_departments(tx: Transaction, checked: Center) -> None:
    numbers = numbers_without_departments(tx, checked.code, checked.departments)
    if numbers:
        more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
        click.echo(
            f"{checked.code}: {len(numbers)} open tickets lie with departments that are not in the file and go to the"
            f" duty leader's docket: {', '.join(numbers[:NAMED])}{more}"
        )
