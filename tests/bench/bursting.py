"""The burst: a city's promises all break at close of business. From then to the last escalation written down."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.bench.figures import PROCESSOR_MS, Figure, cost
from tests.bench.house import House, demo_center
from tests.bench.seeding import seed
from tests.bench.servers import Servers
from tests.bench.usage import Usage

GRACE_SECONDS = 2.0
"""The watch waits about so long for answers that are still on their way (services.plumbing.messaging.watermark)."""
SEEDED_A_SECOND = 4000
COUNT = 100_000
GIVE_UP_SECONDS = 300.0


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """One process of each service, then two and four of the watch and of routing."""
    for replicas in (1, 2, 4):
        with House(servers, replicas={"routing": replicas, "deadline_watch": replicas}) as house:
            figure = _figure(house, COUNT, replicas)
            yield from (figure, cost(figure, "deadline"))
            if replicas == 1:
                yield _memory(house, COUNT)


def due_soon(house: House, count: int, *, spare: float = 8.0) -> datetime:
    """An instant by which so many deadlines can have been laid down."""
    now: datetime = house.value("SELECT clock_timestamp()")
    return now + timedelta(seconds=spare + count / SEEDED_A_SECOND)


def burst(house: House, count: int) -> tuple[float, Usage]:
    """Let so many deadlines break at once: the seconds from that instant to the last escalation, and what that cost."""
    due_at = due_soon(house, count)
    seed(house.database_url, count, due_at, centers=[center.code for center in house.centers])
    ahead = (due_at - house.value("SELECT clock_timestamp()")).total_seconds()
    if ahead < 0:
        raise RuntimeError(f"The deadlines were laid down {-ahead:.0f} s too late.")
    time.sleep(ahead + GRACE_SECONDS)
    with house.usage() as usage:
        wait_for_escalations(house, count)
    latest: datetime = house.value("SELECT clock_timestamp()")
    return (latest - due_at).total_seconds(), usage


def wait_for_escalations(house: House, count: int) -> None:
    """Return when routing has written down so many. Raises RuntimeError when it takes for ever."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while (found := house.value("SELECT count(*) FROM routing.escalations")) < count:
        if time.monotonic() > give_up:
            held = house.value("SELECT string_agg(DISTINCT error, '; ') FROM routing.held")
            raise RuntimeError(f"Only {found} of {count} escalations: {house.backlog()} wait, held for {held}.")
        time.sleep(0.2 if count < 10_000 else 0.5)


def by(replicas: int) -> str:
    """How many processes did it, if more than one of each."""
    return f"; {replicas} processes of watch and routing each" if replicas > 1 else ""


def _figure(house: House, count: int, replicas: int) -> Figure:
    seconds, usage = burst(house, count)
    return Figure(
        key=f"burst.{replicas}",
        what=f"{count:,} deadlines due at once, to the escalation written down by routing{by(replicas)}",
        value=count / seconds,
        unit="deadlines/s",
        aim=5000,
        against=("limit.claim",) if replicas == 1 else ("burst.1",),
        bounded_by=usage.sentence(),
        detail={
            "seconds": seconds,
            "of these, grace": GRACE_SECONDS,
            "cores": usage.cores,
            PROCESSOR_MS: usage.each(count),
        },
    )


def _memory(house: House, count: int) -> Figure:
    house.settle(seconds=600)
    memory = house.memory()
    return Figure(
        key="memory.burst",
        what=f"Memory of the largest service after {count:,} deadlines",
        value=max(memory.values()),
        unit="MB",
        aim=150,
        less_is_better=True,
        bounded_by="What waits is in PostgreSQL; a service holds the batch in hand.",
        detail=memory,
    )


def centers(count: int) -> list[str]:
    """Codes for so many centers."""
    return ["BC", *(f"C{number:03}" for number in range(1, count))]


def many_centers(servers: Servers, count: int, name: str) -> House:
    """A house of so many centers, all like the demo center."""
    return House(servers, centers=[demo_center(code) for code in centers(count)], name=name)
