"""How long decent clients wait for intake while 500 others hold connections and hardly say anything."""

from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.house import House
from tests.bench.servers import Servers
from tests.stack.slow_clients import SlowClients, slow_kinds

CROWD = 500
RATE = 50.0
"""Tickets a second: a city's busy hour many times over, and little enough for the waiting to be the crowd's doing."""
AIM_SECONDS = 1.0


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """The same load without the crowd and with it."""
    seconds = 60.0 if full else 20.0
    with House(servers) as house:
        house.load(seconds=2.0, first=9_000_000)
        house.settle()
        yield _waited(house, seconds, crowd=0, first=0)
        house.settle()
        yield _waited(house, seconds, crowd=CROWD, first=1_000_000)


def _waited(house: House, seconds: float, *, crowd: int, first: int) -> Figure:
    post = (
        "POST /tickets HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {house.tokens()[0]}\r\n"
    )
    port = house.processes["intake"][0].port
    with SlowClients(port, crowd, slow_kinds(post.encode())) as slow, house.usage() as usage:
        outcome = house.load(seconds=seconds, rate=RATE, connections=8, first=first)
        hanging = slow.hanging
    return Figure(
        key=f"hostile.{crowd}",
        what=f"99 of 100 POST /tickets are answered within, at {RATE:.0f} a second"
        + (f", while {crowd} slow clients of {len(slow.hung_up) or 'all'} kinds hang" if crowd else ""),
        value=outcome.p99 * 1000,
        unit="ms",
        aim=AIM_SECONDS * 1000 if crowd else None,
        less_is_better=True,
        against=("hostile.0",) if crowd else (),
        bounded_by=usage.sentence(),
        detail={
            "statuses": outcome.statuses,
            "http p50 s": outcome.p50,
            "hanging at the end": hanging,
            "hung up on, who then came back": dict(slow.hung_up),
            "cores": usage.cores,
        },
    )
