"""`bancheng center check FILE`: everything that is wrong with a center file, without any server."""

from pathlib import Path

import click

from services.calendar.calendar import work_calendar
from services.commands.center_file import FILE, read_center
from services.commands.failing import plainly
from services.commands.lazy import sibling


@click.command()
@FILE
@click.option("--tickets", is_flag=True, help="Also ask the database which open tickets the file leaves without one.")
@click.pass_context
@plainly()
def check(context: click.Context, file: Path, *, tickets: bool) -> None:
    """Say everything that is wrong with FILE, without touching anything."""
    checked = read_center(file)
    if tickets:
        context.invoke(sibling(context, "tickets"), file=file)
    click.echo(
        f"{checked.code} {checked.name}: {len(checked.departments)} departments, {len(checked.rules)} rules,"
        f" calendar settled through {work_calendar(checked.calendar).announced_through}"
    )
