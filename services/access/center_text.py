"""The center file as text: read with every fault in its place, and written as people edit it."""

import dataclasses
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import marshmallow

from schemas.center.center import Center
from schemas.center.findings import findings
from schemas.errors import Invalid
from schemas.record.record import Record
from services.access.yaml_text import Path, UnreadableYaml, YamlText, read_yaml, write_yaml
from services.calendar.calendar import work_calendar

_BY_CODE = ("departments", "staff", "channels", "limits", "ladder")
"""Parts whose members are named by codes: of these marshmallow says whether the code is wrong or what it stands for."""


class CenterFault(NamedTuple):
    """Something wrong, and where: ``path`` as in ``rules[3].lead``, ``line`` counted from 1."""

    path: str
    message: str
    line: int | None


class CenterReading(NamedTuple):
    """What a text says: a center, or everything that is wrong with it."""

    center: Center | None
    faults: tuple[CenterFault, ...]


def read_center_text(text: str) -> CenterReading:
    """The center in a YAML text, judged whole: also by what several fields must agree on, and by its calendar."""
    try:
        source = read_yaml(text)
    except UnreadableYaml as error:
        return CenterReading(None, (CenterFault("", error.message, error.line),))
    try:
        center = Center.load(source.value)
    except marshmallow.ValidationError as error:
        found = [(_without_kinds(path), message) for path, message in _messages((), error.normalized_messages())]
        return CenterReading(None, tuple(_fault(source, path, message) for path, message in found))
    faults = [_fault(source, path_in(found.path), found.message) for found in findings(center)]
    if not faults:
        try:
            work_calendar(center.calendar)
        except Invalid as error:
            faults = [_fault(source, path_in(error.field), error.detail)]
    return CenterReading(None if faults else center, tuple(faults))


def center_text(center: Center) -> str:
    """A center file as YAML; what stands at its default in one of many departments, rules or levels is left out."""
    dumped = center.dump()
    values = ((each.name, getattr(center, each.name)) for each in dataclasses.fields(center))
    return write_yaml({name: dumped[name] if isinstance(value, Record) else _sparse(value) for name, value in values})


def _sparse(value: Any) -> Any:
    match value:
        case Record():
            given = [each.name for each in dataclasses.fields(value) if getattr(value, each.name) != each.default]  # type: ignore[arg-type]
            dumped = value.dump()
            return {name: dumped[name] for name in given}
        case dict():
            return {str(code): _sparse(each) for code, each in value.items()}
        case tuple():
            return [_sparse(each) for each in value]
        case StrEnum():
            return value.value
    return value


def path_in(written: str) -> Path:
    """``rules[3].lead`` as ("rules", 3, "lead")."""
    parts: list[str | int] = []
    for part in written.replace("[", ".[").split("."):
        if part:
            parts.append(int(part[1:-1]) if part.startswith("[") else part)
    return tuple(parts)


def path_text(path: Path) -> str:
    """("rules", 3, "lead") as ``rules[3].lead``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _fault(source: YamlText, path: Path, message: str) -> CenterFault:
    return CenterFault(path_text(path), message, source.line_of(path))


def _messages(path: Path, found: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(found, dict):
        for name, within in found.items():
            yield from _messages(path if name == "_schema" else (*path, name), within)
    else:
        yield path, " ".join(map(str, found)) if isinstance(found, list) else str(found)


def _without_kinds(path: Path) -> Path:
    return (*path[:2], *path[3:]) if len(path) > 2 and path[0] in _BY_CODE and path[2] in ("key", "value") else path
