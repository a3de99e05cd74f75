"""The English and the Chinese README name the same settings and commands, and only those that there are."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from schemas.center.center import Center
from services.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
SETTING = re.compile(r"\b(?:BANCHENG_[A-Z_]+[A-Z]|AMQP_URI|DATABASE_URL)\b")
COMMAND = re.compile(r"\bbancheng ([a-z]+)(?: ([a-z|]+))?")
TARGET = re.compile(r"(?:`|^ {4})make ([a-z-]+)", re.MULTILINE)
OF_TESTS = {"BANCHENG_FAILPOINT", "BANCHENG_THROWAWAY_DATABASE", "BANCHENG_DESK_TRIAL_LINKS"}


def commands(text: str) -> set[str]:
    """``parked list`` and so on; of a command that is no group its name alone."""
    named = set()
    for name, rest in COMMAND.findall(text):
        is_group = isinstance(main.get_command(click.Context(main), name), click.Group)
        named |= {f"{name} {each}" for each in rest.split("|")} if is_group and rest else {name}
    return named


def every_command() -> Iterator[str]:
    """All that there are, of groups their commands too."""
    context = click.Context(main)
    for name in COMMANDS:
        yield name
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            yield from (f"{name} {each}" for each in command.list_commands(context))


def test_both_name_the_same_settings() -> None:
    assert set(SETTING.findall(ENGLISH)) == set(SETTING.findall(CHINESE))


def test_both_name_the_same_commands() -> None:
    assert commands(ENGLISH) == commands(CHINESE)
    assert set(TARGET.findall(ENGLISH)) == set(TARGET.findall(CHINESE))


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_it_names_what_there_is(text: str) -> None:
    assert commands(text) <= {*every_command()}
    named = {name.partition(" ")[0] for name in commands(text)} | set(TARGET.findall(text))
    assert COMMANDS.keys() <= named
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(TARGET.findall(text)) <= set(targets)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_every_setting_that_is_read_is_explained(text: str) -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "services").rglob("*.py"))
    read = set(re.findall(r"[\"'](BANCHENG_[A-Z_]+[A-Z])[\"']", code)) - OF_TESTS
    spelled_out = {name.replace("ROUTING", "INTAKE").replace("DEADLINE_WATCH", "INTAKE") for name in read}
    assert spelled_out <= set(SETTING.findall(text))


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_what_it_refers_to_is_there(text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert (ROOT / target).exists(), target
    for anchor in re.findall(r"\]\((?:README\.md)?#([^)]+)\)", text):
        headings = re.findall(r"^#+ (.+)$", ENGLISH + CHINESE, re.MULTILINE)
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_every_part_of_the_center_file_is_explained(text: str) -> None:
    explained = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE))))
    assert {*Center.schema().fields} - {"code", "name"} <= explained


def test_every_metric_that_is_named_is_there() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "services").rglob("*.py"))
    named = re.findall(r"`(bancheng_[a-z_]+)(?:\{[^}]*\})?`", ENGLISH + CHINESE)
    assert named
    for metric in named:
        assert re.search(rf"\"{metric.removesuffix('_total')}(?:_total)?\"", code), metric
