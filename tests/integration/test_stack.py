"""The servers that everything else is tested on: they start, and they break and heal as the fault tests rely on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import amqp
import psutil
import psycopg2
import pytest

from services.sandbox.embedded_postgres import EmbeddedPostgres
from services.sandbox.ports import free_ports
from tests.stack.frozen import frozen
from tests.stack.rabbit import PrivateRabbit
from tests.stack.waiting import accepts_clients, amqp_connection


@pytest.fixture(scope="module")
def rabbit() -> Iterator[PrivateRabbit]:
    with PrivateRabbit() as node:
        yield node


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(port=free_ports(1)[0]) as embedded:
        with closing(psycopg2.connect(embedded.url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (word text)")
        yield embedded


def test_a_quorum_queue_keeps_a_confirmed_message_over_a_kill(rabbit: PrivateRabbit) -> None:
    with amqp_connection(rabbit.uri) as connection:
        channel = connection.channel()
        channel.confirm_select()
        channel.queue_declare("kept", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        time.sleep(2)  # see tests.stack.rabbit about queues that are too young to be killed
        channel.basic_publish_confirm(amqp.Message("said", delivery_mode=2), routing_key="kept")
        rabbit.kill()
    rabbit.start()
    assert _wait_for_message(rabbit.uri, "kept") == "said"


def test_a_stopped_broker_starts_again(rabbit: PrivateRabbit) -> None:
    rabbit.stop()
    assert not accepts_clients(rabbit.uri)
    rabbit.start()
    assert accepts_clients(rabbit.uri)


def test_a_frozen_broker_is_silent_until_it_is_thawed(rabbit: PrivateRabbit) -> None:
    with amqp_connection(rabbit.uri, timeout=1) as connection:
        channel = connection.channel()
        rabbit.freeze()
        with pytest.raises(TimeoutError):
            channel.queue_declare("asked")
        rabbit.thaw()
        assert _eventually(lambda: accepts_clients(rabbit.uri))


def test_the_broker_can_be_reached_from_this_machine_only(rabbit: PrivateRabbit) -> None:
    sockets = psutil.Process(rabbit.pid).net_connections("tcp")
    addresses = [each.laddr.ip for each in sockets if each.status == psutil.CONN_LISTEN]
    assert addresses == ["127.0.0.1"] * 3


def test_a_virtual_host_is_empty_and_usable(amqp_uri: str) -> None:
    with amqp_connection(amqp_uri) as connection:
        assert connection.channel().queue_declare("asked").message_count == 0


@pytest.mark.parametrize("how", ["immediate", "fast", "kill"])
def test_postgres_keeps_what_was_committed_over_a_crash(server: EmbeddedPostgres, how: str) -> None:
    with closing(psycopg2.connect(server.url)) as connection:
        with connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO kept VALUES (%s)", (how,))
        if how == "kill":
            os.kill(server.postmaster_pid, signal.SIGKILL)
        else:
            server.stop(how)
        server.start()
    assert how in _kept(server)


def test_a_frozen_postgres_answers_nobody(server: EmbeddedPostgres) -> None:
    with closing(psycopg2.connect(server.url)) as connection, connection.cursor() as cursor:
        with frozen(server.postmaster_pid), pytest.raises(psycopg2.OperationalError, match="timeout"):
            psycopg2.connect(server.url, connect_timeout=2)
        cursor.execute("SELECT 1")


def test_each_module_has_a_database_of_its_own(database_url: str) -> None:
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('fsync')")
        name, fsync = cursor.fetchone()  # type: ignore[misc]
    assert "test_stack" in name
    assert fsync == "on"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_postgres_does_not_outlive_the_program_that_started_it(how: signal.Signals) -> None:
    assert _is_gone_after(
        how,
        "from services.sandbox.embedded_postgres import EmbeddedPostgres",
        "with EmbeddedPostgres() as server: print(server.postmaster_pid, server.folder, flush=True); time.sleep(600)",
    )


def test_rabbit_does_not_outlive_the_program_that_started_it() -> None:
    assert _is_gone_after(
        signal.SIGKILL,
        "from tests.stack.rabbit import PrivateRabbit",
        "with PrivateRabbit() as server: print(server.pid, server.folder, flush=True); time.sleep(600)",
    )


def _is_gone_after(how: signal.Signals, *program: str) -> bool:
    """Whether the server that a program starts, and its folder, vanish when that program is sent the signal."""
    started = subprocess.Popen(
        [sys.executable, "-c", "\n".join(["import time", *program])],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert started.stdout
    pid, folder = started.stdout.readline().split()
    assert _lives(int(pid))
    started.send_signal(how)
    started.communicate()
    return _eventually(lambda: not _lives(int(pid)) and not Path(folder).exists())


def _kept(server: EmbeddedPostgres) -> set[str]:
    with closing(psycopg2.connect(server.url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT word FROM kept")
        return {word for (word,) in cursor.fetchall()}


def _wait_for_message(uri: str, queue: str) -> str:
    """The queue's next message; what is asked right after a start, before the queue has a leader, is not answered."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(TimeoutError), amqp_connection(uri, timeout=2) as connection:
            if message := connection.channel().basic_get(queue, no_ack=True):
                return str(message.body)
            time.sleep(0.1)
    raise TimeoutError(f"No message in {queue}.")


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False
