"""A fresh machine has nothing of what the tests need: it is installed in time, or one message says what to do.

Absence is played with a PATH of our own and a small `apt-get` in it; nothing is taken from this machine.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import distribution, rabbit_install
from tests.stack.distribution import ProgramMissing
from tests.stack.rabbit import PrivateRabbit, RabbitError

ROOT = Path(__file__).parents[2]

_LISTENS = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("-port") + 1])))
time.sleep(60)
"""


class FreshMachine:
    """A root's machine without RabbitMQ, whose every program writes into `record` that it was called."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.places, self.record = folder / "bin", folder / "sbin", folder / "record"
        self.programs.mkdir()
        self.record.touch()
        for needed in ("sh", "rm", "sleep", "cp", "wc"):
            (self.programs / needed).symlink_to(shutil.which(needed) or needed)

    def put(self, folder: Path, name: str, then: str = "") -> Path:
        """A shell script that records its call and goes on as told."""
        folder.mkdir(exist_ok=True)
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.record}\n{then}\n')
        program.chmod(0o755)
        return program

    @property
    def called(self) -> list[str]:
        return self.record.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FreshMachine]:
    fresh = FreshMachine(tmp_path)
    monkeypatch.setenv("PATH", str(fresh.programs))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(rabbit_install, "_PLACES", (str(fresh.places),))
    monkeypatch.setattr(rabbit_install, "_MAPPER_PLACES", ())
    monkeypatch.setattr(distribution, "_RETRY_PAUSE_S", 0.0)
    _forget_places()
    yield fresh
    _forget_places()


def _forget_places() -> None:
    for place in (rabbit_install.scripts, rabbit_install.port_mapper):
        place.cache_clear()


def test_rabbitmq_is_installed_before_its_port_mapper_is_started(machine: FreshMachine) -> None:
    packed = machine.record.parent / "packed"
    machine.put(packed, "rabbitmq-server", "exit 1")
    (packed / "listens.py").write_text(_LISTENS)
    machine.put(packed, "epmd", f'exec {sys.executable} {packed / "listens.py"} "$@"')
    machine.put(
        machine.programs,
        "apt-get",
        f'case "$*" in *install*) cp {packed}/epmd {machine.programs}; cp -R {packed} {machine.places};; esac',
    )
    rabbit = PrivateRabbit()
    try:
        with pytest.raises(RabbitError, match="did not start"):
            rabbit.start()
    finally:
        rabbit.close()
    options = "apt-get -q -o DPkg::Lock::Timeout=300"
    assert machine.called[:2] == [
        f"{options} update",
        f"{options} install -y --no-install-recommends rabbitmq-server",
    ]
    assert [line.split()[0] for line in machine.called[2:]] == ["epmd", "rabbitmq-server"]


def test_the_lock_of_another_run_of_apt_is_waited_for(machine: FreshMachine) -> None:
    tries = machine.record.parent / "tries"
    machine.put(
        machine.programs,
        "apt-get",
        f'echo . >> {tries}; [ "$(wc -l < {tries})" -gt 2 ] ||'
        ' { echo "E: Could not get lock /var/lib/apt/lists/lock." >&2; exit 100; }',
    )
    with pytest.raises(ProgramMissing, match="not found"):
        rabbit_install.scripts()
    assert [line.split()[4] for line in machine.called] == ["update", "update", "update", "install"]


def test_a_lock_is_not_waited_for_for_ever(machine: FreshMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "LOCK_LIMIT_S", 0.0)
    machine.put(machine.programs, "apt-get", 'echo "E: Could not get lock /var/lib/apt/lists/lock." >&2; exit 100')
    with pytest.raises(ProgramMissing, match=r"AMQP_URI(.|\n)*Could not get lock"):
        rabbit_install.scripts()


def test_what_apt_says_beside_locks_is_passed_on_at_once(machine: FreshMachine) -> None:
    machine.put(machine.programs, "apt-get", 'echo "E: Unable to locate package" >&2; exit 100')
    with pytest.raises(ProgramMissing, match="Unable to locate package"):
        rabbit_install.scripts()
    assert len(machine.called) == 1


@pytest.mark.parametrize("sharing", [[], ["-n", "2", "--dist", "loadfile"]], ids=["alone", "shared"])
def test_a_missing_program_ends_the_whole_run_with_one_message(tmp_path: Path, sharing: list[str]) -> None:
    (tmp_path / "conftest.py").write_text(
        "from tests.stack import rabbit_install\nrabbit_install._PLACES = rabbit_install._MAPPER_PLACES = ()\n"
    )
    (tmp_path / "test_two.py").write_text("def test_one(amqp_uri): pass\ndef test_two(amqp_uri): pass\n")
    nowhere = tmp_path / "nothing"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", tmp_path, "-p", "tests.conftest",
         "-p", "no:nameko", "-p", "no:cacheprovider", *sharing, tmp_path],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "AMQP_URI"} | {"PATH": str(nowhere)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    said = done.stdout + done.stderr
    assert said.count("These tests need a real RabbitMQ") == 1, said
    assert "Traceback" not in said
    assert "test_two.py" not in said, "no test is reported to have erred"
