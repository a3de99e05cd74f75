"""The center file as commands read it: judged whole, and refused with everything that is wrong with it."""

from pathlib import Path

import click
import marshmallow
import yaml

from schemas.center.center import Center
from schemas.center.findings import findings
from schemas.errors import Invalid
from services.calendar.calendar import work_calendar

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
