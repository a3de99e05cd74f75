"""`bancheng center check|tickets|publish FILE`: the center file, judged whole before it is taken."""

from pathlib import Path

import click

from schemas.center.center import Center
from services.access.center_text import CenterFault, read_center_text
from services.calendar.calendar import work_calendar
from services.commands.command import Lazy, LazyGroup, plainly

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))

_PUBLISHING = "services.commands.center_publish"
_COMMANDS = {
    "check": Lazy("services.commands.center", "check", "Say everything that is wrong with a file."),
    "tickets": Lazy(_PUBLISHING, "tickets", "Say which open tickets a file leaves without one."),
    "publish": Lazy(_PUBLISHING, "publish", "Make a file the center's configuration from now on."),
}


@click.group(cls=LazyGroup, lazy=_COMMANDS)
def center() -> None:
    """The center file: departments, rules, limits, ladder, roster, calendar."""


@click.command()
@FILE
@click.option("--tickets", is_flag=True, help="Also ask the database which open tickets the file leaves without one.")
@click.pass_context
@plainly()
def check(context: click.Context, file: Path, *, tickets: bool) -> None:
    """Say everything that is wrong with FILE, without touching anything."""
    checked = read_center(file)
    if tickets and (command := center.get_command(context, "tickets")):
        context.invoke(command, file=file)
    click.echo(
        f"{checked.code} {checked.name}: {len(checked.departments)} departments, {len(checked.rules)} rules,"
        f" calendar settled through {work_calendar(checked.calendar).announced_through}"
    )


def read_center(file: Path) -> Center:
    """The center in a YAML file. Raises click.ClickException with every fault, each with its place in the file."""
    try:
        read, faults = read_center_text(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not text: {error}") from None
    if read is None:
        raise click.ClickException("\n".join([f"{file}:", *map(_line, faults)]))
    return read


def _line(fault: CenterFault) -> str:
    """``  line 77: departments.CGJ.head: No such member of staff.``"""
    place = [*([f"line {fault.line}"] if fault.line else []), *([fault.path] if fault.path else [])]
    return "  " + ": ".join([*place, fault.message])
