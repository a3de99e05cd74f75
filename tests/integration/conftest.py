"""One sample house and one process of it, or one deadline watch without any, for each module that asks."""

from collections.abc import Iterator

import pytest

from services.sandbox.ports import free_ports
from tests.integration.watch_by_hand import Watch, fresh_watch, opened_watch
from tests.stack.one_service import OneService
from tests.stack.sample_house import SampleHouse
from tests.stack.services import ServiceProcess, settings


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[SampleHouse]:
    """An empty house of this module's own."""
    made = SampleHouse(amqp_uri, database_url)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def service(house: SampleHouse) -> Iterator[ServiceProcess]:
    """The sample service at work in it."""
    with house.process() as process:
        yield process
        print(process.log[-4000:])  # pytest shows it when the test failed


@pytest.fixture
def poor(house: SampleHouse) -> Iterator[ServiceProcess]:
    """The service with room for 42 connections."""
    (port,) = free_ports(1)
    environment = settings(house.amqp_uri, house.database_url)
    with ServiceProcess(
        "tests.stack.run_sample", "poor", f"127.0.0.1:{port}", port=port, environment=environment
    ) as process:
        yield process


@pytest.fixture(scope="module")
def watched(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    """The tables of a deadline watch of two centers, in which no process is at work."""
    with opened_watch(amqp_uri, database_url, "BC", "OTHER") as opened:
        yield opened


@pytest.fixture
def watch(watched: OneService) -> Watch:
    """That watch, by hand, without anything that other tests did."""
    return fresh_watch(watched)
