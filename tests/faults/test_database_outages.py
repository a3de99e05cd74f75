"""The database away, silent or full: 503 and never a false 201, back in time, nothing lost, every effect once."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing
from uuid import uuid4

import psycopg2
import pytest
import requests

from services.sandbox.embedded_postgres import EmbeddedPostgres
from services.sandbox.ports import free_ports
from tests.stack.eventually import eventually
from tests.stack.frozen import frozen
from tests.stack.not_writable import disk_full, read_only
from tests.stack.proxy import Proxy
from tests.stack.sample_house import SampleHouse, an_event, token, wire, write, written
from tests.stack.services import ServiceProcess

RECOVERY_S = 30.0
PATIENCE_S = 16.0


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(port=free_ports(1)[0], settings={"max_connections": "30"}) as embedded:
        yield embedded


@pytest.fixture(scope="module")
def house(amqp_uri: str, server: EmbeddedPostgres) -> SampleHouse:
    return SampleHouse(amqp_uri, server.url)


@pytest.fixture(scope="module")
def proxy(server: EmbeddedPostgres) -> Iterator[Proxy]:
    assert server.port is not None
    with Proxy(("127.0.0.1", server.port)) as between:
        yield between


@pytest.fixture(scope="module")
def service(house: SampleHouse, proxy: Proxy) -> Iterator[ServiceProcess]:
    with house.process(database_url=f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres") as process:
        yield process
        print(process.log[-4000:])


@pytest.fixture(autouse=True)
def _well_before(house: SampleHouse, service: ServiceProcess) -> None:
    """No test begins in the ruins of another."""
    assert _works_again(house, service)


def _works_again(house: SampleHouse, service: ServiceProcess) -> bool:
    began = time.monotonic()
    works = eventually(lambda: write(service).status_code == 201, seconds=RECOVERY_S)
    return works and house.hears(written(service), seconds=RECOVERY_S - (time.monotonic() - began))


def _crowd(service: ServiceProcess, text: str, size: int = 25) -> list[requests.Response]:
    """Many requests at once: more than the pool has connections."""
    with ThreadPoolExecutor(size) as crowd:
        return list(crowd.map(lambda _: write(service, text), range(size)))


def test_a_frozen_database_means_503_in_time_until_it_thaws(
    house: SampleHouse, server: EmbeddedPostgres, service: ServiceProcess
) -> None:
    """A frozen server hangs its greenlet for ever (pitfalls, psycopg2); ten idle connections are ten times patience."""
    assert {reply.status_code for reply in _crowd(service, "before")} == {201}
    with house.process() as stopping, frozen(server.postmaster_pid):
        stopping.signal(signal.SIGTERM)
        began = time.monotonic()
        replies = _crowd(service, "frozen")
        assert time.monotonic() - began < PATIENCE_S
        assert service.ask_operations("/health/live", timeout=10).status_code == 200
        assert stopping.wait(RECOVERY_S) == 0
    assert {reply.status_code for reply in replies} == {503}
    assert {reply.headers["Retry-After"] for reply in replies} == {"5"}
    assert _works_again(house, service)
    assert house.count("held") == 0


@pytest.mark.parametrize("how", ["immediate", "kill"])
def test_a_stopped_database_is_answered_with_503_and_no_event_is_lost(
    house: SampleHouse, server: EmbeddedPostgres, service: ServiceProcess, how: str
) -> None:
    """`requeue_on_error` would dead-letter good messages within 10 ms of an outage (pitfalls, nameko, 1)."""
    notes = house.count("notes")
    server.kill() if how == "kill" else server.stop(how)
    events = [an_event() for _ in range(40)]
    house.send(*(wire(event) for event in events))
    replies = [write(service, f"down {how}") for _ in range(5)]
    assert {reply.status_code for reply in replies} == {503}
    time.sleep(2)
    server.start()
    assert _works_again(house, service)
    assert all(house.hears(event["subject"], seconds=RECOVERY_S) for event in events)
    assert house.count("notes", "text = %(text)s", text=f"down {how}") == 0
    assert house.count("notes") > notes
    assert house.count("held") == 0


def _no_space(url: str) -> AbstractContextManager[None]:
    return disk_full(url, "sample.notes")


@pytest.mark.parametrize("not_writable", [read_only, _no_space], ids=["read-only", "disk full"])
def test_a_database_that_takes_no_writes_means_503_and_not_ready(
    house: SampleHouse,
    server: EmbeddedPostgres,
    service: ServiceProcess,
    not_writable: Callable[[str], AbstractContextManager[None]],
) -> None:
    """It was an accident of ours (500), and the load balancer was told that all was well."""
    note_id = written(service)
    with not_writable(server.url):
        # It takes all sessions a moment to read the server's new setting.
        assert eventually(lambda: {reply.status_code for reply in _crowd(service, "not yet")} == {503})
        replies = _crowd(service, "not writable")
        assert {reply.status_code for reply in replies} == {503}
        assert {reply.headers["Retry-After"] for reply in replies} == {"5"}
        assert service.ask("GET", f"/notes/{note_id}", headers=token()).status_code == 200
        assert eventually(lambda: service.ask_operations("/health/ready").status_code == 503, seconds=8)
        assert eventually(lambda: service.metric("bancheng_database_takes_writes", service="sample") == 0, seconds=8)
        assert house.count("notes", "text = 'not writable'") == 0
    assert _works_again(house, service)
    assert eventually(service.is_ready, seconds=RECOVERY_S)
    assert eventually(lambda: service.metric("bancheng_database_takes_writes", service="sample") == 1)


def test_a_request_whose_commit_reply_was_lost_is_answered_the_same_again(
    house: SampleHouse, proxy: Proxy, service: ServiceProcess
) -> None:
    unsure = 0
    for attempt in range(40):
        key, text, cuts = str(uuid4()), f"lost {attempt}", proxy.cuts
        proxy.cut_after(b"COMMIT")  # it may be that of another loop
        first = write(service, text, key=key)
        was_stored = house.count("notes", "text = %(text)s", text=text) == 1
        assert first.status_code in (201, 503)
        assert was_stored or first.status_code == 503
        assert eventually(lambda cuts=cuts: proxy.cuts > cuts)  # type: ignore[misc]
        again = [write(service, text, key=key) for _ in range(2)]
        assert [reply.status_code for reply in again] == [201, 201]
        assert again[0].text == again[1].text
        assert house.count("notes", "text = %(text)s", text=text) == 1
        assert house.hears(again[0].json()["id"])
        unsure += was_stored and first.status_code == 503
        if unsure == 3:
            break
    assert unsure == 3


def test_with_no_connections_left_it_is_503_until_there_are(
    house: SampleHouse, server: EmbeddedPostgres, service: ServiceProcess
) -> None:
    with ExitStack() as held:
        held.enter_context(_no_connections(server))
        replies = _crowd(service, "crowded")
        assert {reply.status_code for reply in replies} <= {201, 503}
    accepted = sum(reply.status_code == 201 for reply in replies)
    assert house.count("notes", "text = 'crowded'") == accepted
    assert _works_again(house, service)
    assert {reply.status_code for reply in _crowd(service, "room again")} == {201}


class _no_connections(ExitStack):
    """Holds every connection that the server has to give, after cutting those of the services."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        super().__init__()
        with closing(psycopg2.connect(server.url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ 'bancheng'")
        try:
            while True:
                self.enter_context(closing(psycopg2.connect(server.url)))
        except psycopg2.OperationalError:
            return


def test_a_relay_cut_off_from_the_database_is_relieved_and_comes_back(
    house: SampleHouse, proxy: Proxy, service: ServiceProcess
) -> None:
    """A dead peer's advisory lock is held for as long as the server takes its connection for alive: hours, by TCP."""
    with house.process() as other:
        assert other.metric("bancheng_events_published_total") == 0
        proxy.black_hole()
        note_id = written(other)
        began = time.monotonic()
        assert {reply.status_code for reply in _crowd(service, "cut off", 12)} == {503}
        assert time.monotonic() - began < PATIENCE_S
        assert service.ask_operations("/health/live", timeout=10).status_code == 200
        assert house.hears(note_id, seconds=RECOVERY_S)
        proxy.heal()
        assert _works_again(house, service)
