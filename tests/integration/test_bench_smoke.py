"""The benchmark's parts still fit the house: a second of load, a small burst. No time is judged here."""

from collections.abc import Iterator

import pytest

from tests.bench.bursting import burst
from tests.bench.house import House
from tests.bench.listener import Listener
from tests.bench.servers import Servers


@pytest.fixture(scope="module")
def bench_house() -> Iterator[House]:
    with Servers() as servers, House(servers) as house:
        yield house


def test_the_load_is_accepted_routed_and_clocked(bench_house: House) -> None:
    with Listener(bench_house.amqp_uri) as listener:
        outcome = bench_house.load(seconds=1, connections=2, rate=20)
        bench_house.settle(seconds=30)
        arrivals = listener.arrivals()
    assert outcome.statuses == {"201": outcome.accepted}
    assert outcome.times.keys() == arrivals.keys()


def test_a_batch_is_accepted_whole(bench_house: House) -> None:
    outcome = bench_house.load(seconds=0.2, connections=1, rate=5, size=10, first=1_000_000)
    assert outcome.accepted == 10 * outcome.statuses["200"]
    bench_house.settle(seconds=30)


def test_a_burst_of_deadlines_is_escalated(bench_house: House) -> None:
    _, usage = burst(bench_house, 50)
    assert bench_house.value("SELECT count(*) FROM routing.escalations") >= 50
    assert usage.cores.keys() >= {"intake", "routing", "watch", "PostgreSQL", "RabbitMQ"}
