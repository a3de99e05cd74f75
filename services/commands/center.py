"""`bancheng center check|publish FILE`: the center file, judged whole before it is taken."""

from contextlib import closing
from pathlib import Path

import click
import marshmallow
import yaml

from schemas.center import Center
from schemas.center_findings import findings
from schemas.refusals import Invalid
from services.calendar import work_calendar
from services.commands.failing import plainly
from services.plumbing.database import Database
from services.plumbing.resources import database_url
from services.plumbing.transaction import Transaction
from services.routing.publishing import publish as publish_center
from services.routing.store import numbers_without_departments

NAMED = 20
"""How many tickets are named one by one."""

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def read_center(file: Path) -> Center:
    """The center in a YAML file. Raises click.ClickException with every finding, each with its place in the file."""
    try:
        center = Center.load(yaml.safe_load(file.read_text(encoding="utf-8")))
        work_calendar(center.calendar)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} is not YAML: {error}") from None
    except marshmallow.ValidationError as error:
        raise click.ClickException("\n".join([f"{file}:", *_lines("", error.normalized_messages())])) from None
    except Invalid as error:
        raise click.ClickException(f"{file}:\n  {error.field}: {error.detail}") from None
    found = findings(center)
    if found:
        lines = [f"  {finding.path}: {finding.message}" for finding in found]
        raise click.ClickException("\n".join([f"{file}:", *lines]))
    return center


def _lines(path: str, messages: object) -> list[str]:
    if isinstance(messages, dict):
        return [line for key, inner in messages.items() for line in _lines(f"{path}.{key}".lstrip("."), inner)]
    return [f"  {path}: {' '.join(map(str, messages)) if isinstance(messages, list) else messages}"]


@click.group()
def center() -> None:
    """The center file: departments, rules, limits, ladder, roster, calendar."""


@center.command()
@FILE
@click.option("--tickets", is_flag=True, help="Also ask the database which open tickets the file leaves without one.")
@plainly
def check(file: Path, *, tickets: bool) -> None:
    """Say everything that is wrong with FILE, without touching anything."""
    checked = read_center(file)
    if tickets:
        with _database() as database, database.transaction() as tx:
            _say_what_moves(tx, checked)
    click.echo(
        f"{checked.code} {checked.name}: {len(checked.departments)} departments, {len(checked.rules)} rules,"
        f" calendar settled through {work_calendar(checked.calendar).announced_through}"
    )


@center.command()
@FILE
@plainly
def publish(file: Path) -> None:
    """Make FILE the center's configuration from now on. An unchanged file is not published again."""
    checked = read_center(file)
    with _database() as database, database.transaction() as tx:
        version = publish_center(tx, checked)
        _say_what_moves(tx, checked)
    click.echo(f"{checked.code}: version {version}")


def _database() -> closing[Database]:
    return closing(Database(database_url("routing"), "routing", size=1))


def _say_what_moves(tx: Transaction, checked: Center) -> None:
    numbers = numbers_without_departments(tx, checked.code, checked.departments)
    if numbers:
        more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
        click.echo(
            f"{checked.code}: {len(numbers)} open tickets lie with departments that are not in the file and go to the"
            f" duty leader's docket: {', '.join(numbers[:NAMED])}{more}"
        )
