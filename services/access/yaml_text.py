"""YAML as people write it, read with the line of every value, and safe to read from anybody.

Read from the parser's events, never by PyYAML's constructors: what is nested deeply ends a process there, and a few
aliases of aliases are a billion values. Plain words stay texts as in YAML 1.2, so that 13:00, 2025-01-02 and no need no
quotes.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

LONGEST = 120_000
"""How many characters a text may have: it is read in one go, and everybody else waits meanwhile."""
_DEPTH = 20
_PARTS = 20_000
"""How many values there may be, those of an alias counted each time."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]


class UnreadableYaml(Exception):
    """It is no YAML, or more than is taken. ``line`` counts from 1."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


class YamlText(NamedTuple):
    """Plain values, and the line on which each stands, counted from 1."""

    value: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int | None:
        """The line of a value, or of what it should stand in."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


def read_yaml(text: str) -> YamlText:
    """The only document in ``text``. Raises UnreadableYaml."""
    if len(text) > LONGEST:
        raise UnreadableYaml(f"Longer than {LONGEST} characters.", None)
    try:
        return _Document(yaml.parse(text, Loader=_LOADER)).read()
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        raise UnreadableYaml("Is not YAML here.", mark.line + 1 if mark else None) from None
    except (yaml.YAMLError, UnicodeError):
        raise UnreadableYaml("Holds a character that is not allowed.", None) from None


def write_yaml(value: Any) -> str:
    """Plain values as YAML, small lists and groups on a line of their own."""
    written: str = yaml.dump(
        value, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, default_flow_style=None, width=118
    )
    return written


class _Document:
    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._parts = 0
        self._lines: dict[Path, int] = {}

    def read(self) -> YamlText:
        value = None
        event: Any
        while not isinstance(event := next(self._events), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                if self._lines:
                    raise UnreadableYaml("Only one document is taken.", _line(event))
                value = self._value(next(self._events), ())
        return YamlText(value, self._lines)

    def _value(self, event: Any, path: Path) -> Any:
        line = _line(event)
        self._lines.setdefault(path, line)
        before = self._parts
        self._count(1, line)
        if len(path) > _DEPTH:
            raise UnreadableYaml("Is nested too deeply.", line)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise UnreadableYaml("No such anchor stands before this.", line)
            value, parts = self._anchors[event.anchor]
            self._count(parts, line)
            return value
        if event.tag not in (None, "!"):
            raise UnreadableYaml("Tags are not taken.", line)
        if isinstance(event, yaml.ScalarEvent):
            value = _plain(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(path)
        else:
            value = self._group(path)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, self._parts - before
        return value

    def _count(self, parts: int, line: int) -> None:
        self._parts += parts
        if self._parts > _PARTS:
            raise UnreadableYaml("Holds too many values.", line)

    def _list(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _group(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: list[Any] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise UnreadableYaml("A name must be a word.", line)
            name = event.value
            if name in found:
                raise UnreadableYaml("Stands here twice.", line)
            if name == "<<" and event.implicit[0]:
                value = self._value(next(self._events), (*path, name))
                merged += value if isinstance(value, list) else [value]
                continue
            self._lines[(*path, name)] = line
            found[name] = self._value(next(self._events), (*path, name))
        for each in merged:
            if not isinstance(each, dict):
                raise UnreadableYaml("Only groups can be merged.", self._lines.get(path))
            found = each | found
        return found


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _plain(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text
