"""One thing has one name: words that were given up do not come back, in code, tables, events or metrics.

A word of this list is looked for as a part of an identifier: ``climb`` is found in ``_climb_ladder``, not in "climber".
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

GIVEN_UP = {
    "company": "group_commit",
    "hearer": "subscriber",
    "hearers": "subscribers",
    "undertaker": "reaper",
    "rollcall": "reconciliation",
    "swift": "fast_path",
    "vault": "cipher",
    "stage": "sandbox",
    "syscalls": "gathered_writes",
    "clocks": "deadlines",
    "notplain": "fall_back",
    "restless": "settle_timeout",
    "unacceptable": "request_rejected",
    "allowance": "rate_limiter",
    "climb": "escalate",
    "steadiness": "clock_drift",
    "upkeep": "maintenance",
    "seal": "encrypt",
}
"""A word that was given up, and the one that stands for it now."""

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def parts_of(identifier: str) -> set[str]:
    """``_climbLadder_of`` has the parts climb, ladder and of."""
    return {part.lower() for part in _PARTS.findall(identifier)}


def identifiers_in(source: str) -> Iterator[str]:
    """What a module names: classes, functions, arguments, variables, attributes, modules that it imports."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.arg(arg=name) | ast.alias(name=name):
                yield name
            case ast.keyword(arg=str(name)):
                yield name


def given_up_in(identifiers: Iterator[str]) -> set[str]:
    return {f"{name}: say {GIVEN_UP[part]}" for name in identifiers for part in parts_of(name) & GIVEN_UP.keys()}


@pytest.mark.parametrize("room", ["schemas", "services"])
def test_old_words_do_not_come_back_in_code(room: str) -> None:
    found = {
        f"{module.relative_to(ROOT)}: {word}"
        for module in (ROOT / room).rglob("*.py")
        for word in given_up_in(iter([module.stem, *identifiers_in(module.read_text(encoding="utf-8"))]))
    }
    assert not found, "\n".join(sorted(found))


def test_old_words_do_not_come_back_in_tables() -> None:
    found = {
        f"{script.relative_to(ROOT)}: {word}"
        for script in (ROOT / "services").rglob("*.sql")
        for word in given_up_in(iter(re.findall(r"\w+", re.sub(r"'[^']*'", "", script.read_text(encoding="utf-8")))))
    }
    assert not found, "\n".join(sorted(found))


def test_the_test_finds_a_word() -> None:
    assert given_up_in(identifiers_in("class Company:\n    def _climb_again(self, hearers): ..."))
    assert not given_up_in(identifiers_in("class Companion: ..."))


def test_the_name_of_a_test_is_a_sentence_of_at_most_70_characters() -> None:
    found = {
        f"{module.relative_to(ROOT)}: {node.name}"
        for module in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name) > 70
    }
    assert not found, "\n".join(sorted(found))
