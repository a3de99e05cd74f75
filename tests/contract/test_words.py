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
    "sealed": "encrypted",
    "hear": "receive",
    "heard": "received",
    "hearing": "lifecycle",
    "told": "recipients",
    "rung": "level",
    "waves": "unique_batches",
    "lane": "partition",
    "lanes": "partitions",
    "share": "assignment",
    "shares": "partitions",
    "packing": "event_batches",
    "handling": "dispatcher",
    "patiently": "retry_transient",
    "patched": "monkeypatch",
    "unpack": "split",
    "news": "event",
    "beneath": "resume_state",
    "standing": "state",
    "house": "composition",
    "room": "service_spec",
    "rooms": "services",
    "duties": "internal_deadlines",
    "servants": "supervised",
    "lives": "workload",
    "judge": "checker",
    "evidence": "observations",
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
        for word in given_up_in(
            iter(re.findall(r"\w+", re.sub(r"--.*|'[^']*'", "", script.read_text(encoding="utf-8"))))
        )
    }
    assert not found, "\n".join(sorted(found))


def test_old_words_do_not_come_back_in_events_requests_or_metrics() -> None:
    """Fields are identifiers of the code already; types and metrics are texts."""
    wire = {sample.stem for sample in (ROOT / "tests" / "contract" / "samples").glob("*.json")}
    code = [module.read_text(encoding="utf-8") for module in (ROOT / "services").rglob("*.py")]
    metrics = {name for text in code for name in re.findall(r'"(bancheng_\w+)"', text)}
    commands = {name for text in code for name in re.findall(r'\.command\("([\w-]+)"', text)}
    assert len(wire) > 30
    assert len(metrics) > 20
    assert not given_up_in(iter(wire | metrics | commands))


def test_the_test_finds_a_word() -> None:
    assert given_up_in(identifiers_in("class Company:\n    def _climb_again(self, hearers): ..."))
    assert not given_up_in(identifiers_in("class Companion: ..."))


def test_no_class_name_is_declared_with_two_meanings() -> None:
    declared: dict[str, list[str]] = {}
    for room in ("schemas", "services"):
        for module in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    declared.setdefault(node.name, []).append(str(module.relative_to(ROOT)))
    assert not {name: modules for name, modules in declared.items() if len(modules) > 1}


def test_no_module_is_longer_than_200_lines() -> None:
    found = {
        str(module.relative_to(ROOT))
        for room in ("schemas", "services", "tests")
        for module in (ROOT / room).rglob("*.py")
        if len(module.read_text(encoding="utf-8").splitlines()) > 200
    }
    assert not found


def test_the_name_of_a_test_is_a_sentence_of_at_most_70_characters() -> None:
    found = {
        f"{module.relative_to(ROOT)}: {node.name}"
        for module in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name) > 70
    }
    assert not found, "\n".join(sorted(found))
