"""How many tickets intake takes in, one by one and in batches, while the other services carry on with them."""

import time
from collections.abc import Iterator

from tests.bench.figures import PROCESSOR_MS, Figure, cost
from tests.bench.house import House
from tests.bench.load import Outcome
from tests.bench.servers import Servers
from tests.bench.usage import Usage

BATCH = 500
WARM_SECONDS = 2.0
MEMORY_LIMIT_MB = 150


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """Tickets accepted a second, and what each service then holds in memory."""
    seconds = 30.0 if full else 10.0
    with House(servers) as house:
        house.load(seconds=WARM_SECONDS, first=9_000_000)
        house.settle()
        yield _idle(house, 5)
        for accepted in (_accepted, _accepted_in_batches):
            figure = accepted(house, seconds)
            yield from (figure, cost(figure, "ticket, until its deadline runs"))
        for room, megabytes in house.memory().items():
            yield Figure(
                key=f"memory.{room}",
                what=f"Memory of {room} after that load",
                value=megabytes,
                unit="MB",
                aim=MEMORY_LIMIT_MB,
                less_is_better=True,
                bounded_by="Python with its libraries; the working memory is batches of some 500 events.",
            )


def _idle(house: House, seconds: float) -> Figure:
    """What the loops cost that look whether there is work."""
    with house.usage() as usage:
        time.sleep(seconds)
    parts = {name: busy for name, busy in usage.cores.items() if name != "machine"}
    return Figure(
        key="accept.idle",
        what="A house with nothing to do",
        value=sum(parts.values()),
        unit="cores",
        less_is_better=True,
        bounded_by=", ".join(f"{name} {busy:.2f}" for name, busy in parts.items()) + ".",
    )


def _accepted(house: House, seconds: float) -> Figure:
    with house.usage() as usage:
        outcome = house.load(seconds=seconds)
    return Figure(
        key="accept.one",
        what="POST /tickets, accepted",
        value=outcome.rate,
        unit="tickets/s",
        aim=400,
        against=("limit.pong",),
        bounded_by=usage.sentence(),
        detail=_detail(house, outcome, usage),
    )


def _accepted_in_batches(house: House, seconds: float) -> Figure:
    with house.usage() as usage:
        outcome = house.load(seconds=seconds, size=BATCH, connections=4, first=1_000_000)
    return Figure(
        key="accept.batch",
        what=f"POST /tickets:batch of {BATCH}, accepted",
        value=outcome.rate,
        unit="tickets/s",
        aim=2000,
        against=("limit.insert",),
        bounded_by=usage.sentence(),
        detail=_detail(house, outcome, usage),
    )


def _detail(house: House, outcome: Outcome, accepting: Usage) -> dict[str, object]:
    """What is kept raw, after everything accepted was routed and has its deadlines: that is work too, and not free."""
    with house.usage() as carrying:
        backlog = house.settle(seconds=600)
    carried, until_then = carrying.each(outcome.accepted), accepting.each(outcome.accepted)
    return {
        "statuses": outcome.statuses,
        "http p50 s": outcome.p50,
        "http p99 s": outcome.p99,
        "cores": accepting.cores,
        PROCESSOR_MS: {name: round(spent + carried[name], 3) for name, spent in until_then.items()},
        "carried to the end, tickets/s": outcome.accepted / (outcome.seconds + backlog),
        "cores while the rest was carried": carrying.cores,
    }
