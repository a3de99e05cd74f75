"""One language a run: what people read is worded where it is shown, whole, from codes."""

import ast
import json
import re
import string
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from rich.console import Console

from schemas.enums import DeadlineKind, DeadlineState
from schemas.reasons import DayReason
from services.cli import main
from services.demo.story import ACTS
from services.replay.report import table_of
from services.wording import CATALOG, Language, Wording, language_of
from tests.builders import a_center

CATALOG_ZH: dict[str, str] = yaml.safe_load(CATALOG.read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[2]
MODULES = [*(ROOT / "services").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")]
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
NEW_YEAR = ("due", "--received", "2026-12-30", "--days", "5")
SPRING = ("due", "--received", "2025-01-24T10:00+08:00", "--days", "8")


def _said(*arguments: str, **environment: str) -> str:
    done = CliRunner(env={"LC_ALL": "C", **environment}).invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("arguments", [NEW_YEAR, SPRING])
def test_each_run_speaks_one_language(arguments: tuple[str, ...]) -> None:
    english, chinese = _said(*arguments, "--lang", "en"), _said(*arguments, "--lang", "zh")
    assert not HAN.search(english)
    assert not LATIN_WORD.search(chinese)


def test_the_table_of_a_replay_speaks_one_language() -> None:
    told = {}
    for language in Language:
        console = Console(width=120, record=True, file=StringIO())
        console.print(table_of([], a_center(), Wording(language)))
        told[language] = console.export_text()
    assert not HAN.search(told[Language.EN])
    assert not LATIN_WORD.search(told[Language.ZH])


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh_TW"}, Language.ZH),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"}, Language.ZH),
        ({"LC_ALL": "C", "LANG": "zh_CN"}, Language.EN),
        ({"LC_MESSAGES": "en_GB", "LANG": "zh_CN"}, Language.EN),
        ({}, Language.EN),
    ],
)
def test_the_locale_names_the_language(locale: dict[str, str], expected: Language) -> None:
    assert language_of(locale) is expected


def test_the_option_goes_before_the_locale() -> None:
    assert "调休上班" in _said(*SPRING, LC_ALL="zh_CN.UTF-8")
    assert "make-up working day" in _said(*SPRING, "--lang", "en", LC_ALL="zh_CN.UTF-8")


@pytest.mark.parametrize("language", list(Language))
def test_a_table_wraps_and_cuts_nothing_off(language: Language) -> None:
    wide, narrow = (_said(*NEW_YEAR, "--lang", language.value, COLUMNS=columns) for columns in ("100", "34"))
    assert _letters(wide) == _letters(narrow)


def _letters(told: str) -> list[str]:
    """All that is said, wherever lines end."""
    return sorted(re.findall(r"\w", told))


def test_a_date_without_a_time_is_received_at_opening_and_it_says_so() -> None:
    told = _said(*NEW_YEAR)
    assert "received at 2026-12-30T09:00:00+08:00: no time was given, so opening of business is taken" in told
    assert "no time was given" not in _said(*SPRING)
    center = ("--center", "deploy/centers/demo.yml")
    assert json.loads(_said(*NEW_YEAR, "--json", *center))["received_at"].startswith("2026-12-30T09:00")


@pytest.mark.parametrize("given", ["2026-12-30T10:00", "soon", "2026-13-01"])
def test_what_names_no_instant_is_refused_with_what_is_expected(given: str) -> None:
    done = CliRunner().invoke(main, ["due", "--received", given, "--days", "2"])
    assert done.exit_code == 2
    assert "--received: a date, or an ISO 8601 time with an offset, is expected" in " ".join(done.output.split())


def test_json_has_the_reasons_as_codes() -> None:
    days: list[Any] = json.loads(_said(*SPRING, "--json"))["days"]
    reasons = {day["day"]: day["reasons"] for day in days}
    assert reasons["2025-01-24"] == ["working_day", "day_of_receipt"]
    assert reasons["2025-01-29"] == ["statutory_holiday:春节"]
    assert reasons["2025-02-03"] == ["day_off_in_exchange:2025-01-26"]


@pytest.mark.parametrize("language", list(Language))
def test_every_reason_is_worded(language: Language) -> None:
    say = Wording(language)
    for reason in DayReason:
        parameter = "春节" if reason is DayReason.STATUTORY_HOLIDAY else "2025-01-26"
        said = say.reasons((f"{reason}:{parameter}",))
        assert "_" not in said
        assert bool(HAN.search(said)) == (language is Language.ZH)
    assert say.reasons(("of_a_later_version:1",)) == "of_a_later_version:1"


def test_the_chinese_catalog_has_every_word_and_the_same_placeholders() -> None:
    assert {*DeadlineKind, *DeadlineState} <= CATALOG_ZH.keys()
    for english, chinese in CATALOG_ZH.items():
        assert _places(english) == _places(chinese), english


def _said_in(file: Path) -> Iterator[str]:
    """The phrases that a module gives to a Wording as they stand."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name.lstrip("_") == "say" and isinstance(node.args[0].value, str):
                yield node.args[0].value


def _texts_in(file: Path) -> Iterator[str]:
    """All texts that stand in a module."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_phrase_of_the_program_is_there_in_chinese() -> None:
    """The desk's pages have catalogues of their own (test_desk_words)."""
    said = {phrase for file in MODULES if "desk" not in file.parts for phrase in _said_in(file)}
    assert len(said) > 80
    assert not said - CATALOG_ZH.keys()


def test_the_catalog_has_no_phrase_that_nobody_says_and_none_twice() -> None:
    texts = {text for file in MODULES for text in _texts_in(file)}
    weekdays = {f"{date(2025, 1, day):%a}" for day in range(1, 8)}
    acts = {act.replace("_", " ") for act in ACTS}
    codes = {text.replace("_", " ") for text in texts}
    assert not CATALOG_ZH.keys() - texts - codes - weekdays - acts
    keys = re.findall(r'^("[^"]+"):', CATALOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(CATALOG_ZH)


def _places(phrase: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(phrase)} - {None}
