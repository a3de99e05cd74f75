"""Under the policy of the deployed broker: only what ends processes is dead-lettered, never what a database refuses."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.sandbox.embedded_postgres import EmbeddedPostgres
from services.sandbox.ports import free_ports
from tests.stack.eventually import eventually
from tests.stack.not_writable import disk_full, read_only
from tests.stack.rabbit import PrivateRabbit
from tests.stack.sample_house import QUEUE, SampleHouse, an_event, wire, written
from tests.stack.services import ServiceProcess
from tests.stack.waiting import amqp_connection

DEFINITIONS = Path(__file__).parents[2] / "deploy/rabbitmq/definitions.json"
DEAD = "bancheng.dead"
LIMIT = 2
"""Deliveries after the first, instead of the deployed 20: so that the tests need not wait as long."""


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRabbit]:
    definitions = json.loads(DEFINITIONS.read_text(encoding="utf-8"))
    (policy,) = (each for each in definitions["policies"] if each["name"] == "bancheng")
    policy["definition"]["delivery-limit"] = LIMIT
    hasty = tmp_path_factory.mktemp("definitions") / "hasty.json"
    hasty.write_text(json.dumps(definitions))
    hasty.parent.chmod(0o755)
    with PrivateRabbit() as node:
        node.import_definitions(hasty)
        yield node


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(port=free_ports(1)[0]) as embedded:
        yield embedded


@pytest.fixture(scope="module")
def house(rabbit: PrivateRabbit, server: EmbeddedPostgres) -> SampleHouse:
    return SampleHouse(rabbit.virtual_host("/"), server.url)


@pytest.fixture(scope="module")
def service(house: SampleHouse) -> Iterator[ServiceProcess]:
    with house.process() as process:
        yield process
        print(process.log[-4000:])


@pytest.fixture(autouse=True)
def _well_before(house: SampleHouse, service: ServiceProcess) -> None:
    """No test begins in the ruins of another."""
    assert house.hears(written(service), seconds=30)


def _no_space(url: str) -> AbstractContextManager[None]:
    return disk_full(url, "sample.heard", "sample.held")


def _length(house: SampleHouse, queue: str) -> int:
    """How many messages wait in a queue to be delivered."""
    with amqp_connection(house.amqp_uri) as connection:
        return int(connection.channel().queue_declare(queue, passive=True).message_count)


def _sent(house: SampleHouse, number: int = 60) -> list[dict[str, Any]]:
    events = [an_event() for _ in range(number)]
    house.send(*(wire(event) for event in events), f'{{"no event": "{uuid4()}"}}'.encode())
    return events


@pytest.mark.parametrize("not_writable", [read_only, _no_space], ids=["read-only", "disk full"])
def test_what_a_database_refuses_to_take_stays_in_hand_until_it_does(
    house: SampleHouse,
    server: EmbeddedPostgres,
    service: ServiceProcess,
    not_writable: Callable[[str], AbstractContextManager[None]],
) -> None:
    """Each failed try dropped the link, and the broker counted it as a death: dead-lettered within half a minute."""
    house.rows("DELETE FROM held")
    with not_writable(server.url):
        events = _sent(house)
        time.sleep((LIMIT + 1) * 2.5)  # what would give it back each time would have done so often enough
        assert (_length(house, QUEUE), _length(house, DEAD)) == (0, 0)
        assert service.ask_operations("/health/live", timeout=10).status_code == 200
    assert all(house.hears(event["subject"], seconds=30) for event in events)
    assert _length(house, DEAD) == 0
    assert house.count("held", "type IS NOT NULL") == 0
    assert eventually(lambda: house.count("held", "type IS NULL") == 1)
    assert "inbox interrupted" not in service.log


def test_sigterm_ends_a_process_whose_database_takes_no_writes(
    house: SampleHouse, server: EmbeddedPostgres, service: ServiceProcess
) -> None:
    service.kill()
    try:
        with house.process() as stopping:
            assert house.hears(written(stopping))
            with read_only(server.url):
                _sent(house)
                assert eventually(lambda: "events stay in hand" in stopping.log)
                code, took = stopping.stop()
                assert (code, took < 10) == (0, True)
                assert _length(house, QUEUE) > 0
    finally:
        service.start()


def test_what_could_not_be_marked_is_not_published(
    house: SampleHouse, server: EmbeddedPostgres, service: ServiceProcess
) -> None:
    """The relay would publish it again at each try, for as long as the database takes no writes."""
    service.kill()
    try:
        with house.process(amqp_uri=f"amqp://guest:guest@127.0.0.1:{free_ports(1)[0]}//") as cut_off:
            written(cut_off, events=20)
        with house.tap() as tap, closing(house.process()) as relaying:
            with read_only(server.url):
                relaying.launch()
                assert eventually(lambda: relaying.log.count("relay interrupted") >= 3, seconds=30)
                assert tap.read() == []
            assert house.drains()
            assert len(tap.read()) == 20
    finally:
        service.start()
