"""`bancheng center check|tickets|publish FILE`: the center file, judged whole before it is taken."""

from pathlib import Path

import click
import marshmallow
import yaml

from schemas.center.center import Center
from schemas.center.findings import findings
from schemas.errors import Invalid
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
    """The center in a YAML file. Raises click.ClickException with every finding, each with its place in the file."""
    try:
        read = Center.load(yaml.safe_load(file.read_text(encoding="utf-8")))
        work_calendar(read.calendar)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} is not YAML: {error}") from None
    except marshmallow.ValidationError as error:
        raise click.ClickException("\n".join([f"{file}:", *_lines("", error.normalized_messages())])) from None
    except Invalid as error:
        raise click.ClickException(f"{file}:\n  {error.field}: {error.detail}") from None
    if found := findings(read):
        raise click.ClickException(
            "\n".join([f"{file}:", *(f"  {finding.path}: {finding.message}" for finding in found)])
        )
    return read


def _lines(path: str, messages: object) -> list[str]:
    """``  departments.CGJ.head: No such member of staff.`` for each message of marshmallow's."""
    if isinstance(messages, dict):
        return [line for key, inner in messages.items() for line in _lines(f"{path}.{key}".lstrip("."), inner)]
    return [f"  {path}: {' '.join(map(str, messages)) if isinstance(messages, list) else messages}"]
