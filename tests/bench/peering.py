"""Bancheng beside its peers: timers due at once, the same effect each; what waiting costs, a kill, and a restart."""

import time
from collections.abc import Callable, Iterator

from tests.bench.bursting import burst, by, due_soon, wait_for_escalations
from tests.bench.figures import Figure
from tests.bench.house import House
from tests.bench.peers.peer import PEERS, Came, PeerAtWork
from tests.bench.seeding import seed
from tests.bench.servers import Servers, ask

AHEAD = 3.0
"""So many times as fast as the fastest peer is what is aimed at, in a burst of the same size."""


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """Each peer in turn, Bancheng last."""
    count, waiting, survivors = (100_000, 100_000, 5_000) if full else (20_000, 20_000, 2_000)
    fastest = 0.0
    for peer in PEERS:
        with peer.at_work(servers) as working:
            rate = _rate(working, count)
            fastest = max(fastest, rate.value)
            yield rate
        with peer.at_work(servers) as working:
            yield _memory(working, waiting)
        for what, fault in _faults(servers, peer.holds_in).items():
            with peer.at_work(servers) as working:
                yield _survival(working, survivors, what, fault)
    for replicas in (1, 2):
        yield _bancheng_rate(servers, count, replicas, fastest)
    yield from _bancheng(servers, waiting, survivors)


Fault = Callable[[Callable[[], None]], None]
"""Does the harm; it is given what kills the worker."""


def _faults(servers: Servers, holds_in: str) -> dict[str, Fault]:
    """kill -9 of the worker, and a restart of what holds the timers: each when some timers have gone off."""

    def restart(_kill: Callable[[], None]) -> None:
        server = servers.rabbit if holds_in == "RabbitMQ" else servers.postgres
        server.stop()
        server.start()

    return {"kill -9 of the worker": lambda kill: kill(), f"a restart of {holds_in}": restart}


def _rate(working: PeerAtWork, count: int) -> Figure:
    due_at = time.time() + 5 + count / working.peer.scheduled_a_second
    began = time.time()
    working.schedule(count, due_at)
    scheduling = time.time() - began
    time.sleep(max(0.0, due_at - time.time()))
    came = working.await_timers(count, still_for=30, seconds=600)
    name = working.peer.name
    detail: dict[str, object] = {"scheduled a second": count / scheduling, "late": scheduling > due_at - began}
    if came.timers < count:
        detail["the worker's last words"] = working.log[-2000:]
    return Figure(
        key=f"peer.{name}",
        what=f"{name}: {count:,} timers due at once, each to its escalation, timeline and two announcements"
        + (f"; {count - came.timers} never came" if came.timers < count else ""),
        value=came.timers / working.seconds_since(due_at),
        unit="timers/s",
        bounded_by=_MANNERS[name],
        detail=detail,
    )


_MANNERS = {
    "Celery": "A worker holds what waits in its memory, and hands each task to a child process when its time comes.",
    "Dramatiq": "A worker holds what waits in its memory, and then puts each message into another queue.",
    "Procrastinate": "Each job is claimed, run and marked in transactions of its own.",
    "poller": "Reads every open row; an update, the effect and a commit each; here it looks every second.",
}


def _memory(working: PeerAtWork, count: int) -> Figure:
    time.sleep(4)  # until it has read its code
    empty = working.memory
    working.schedule(count, time.time() + 3600)
    held, since = working.memory, time.monotonic()
    while time.monotonic() < since + 3:
        time.sleep(0.5)
        if (now := working.memory) > held + 1:
            held, since = now, time.monotonic()
    name = working.peer.name
    return Figure(
        key=f"peer.{name}.memory",
        what=f"{name}: memory of the worker with {count:,} timers waiting ({empty:.0f} MB with none)",
        value=held,
        unit="MB",
        less_is_better=True,
        bounded_by="What waits is in the worker's memory."
        if working.peer.holds_in == "RabbitMQ"
        else "What waits is in PostgreSQL.",
    )


def _survival(working: PeerAtWork, count: int, what: str, fault: Fault) -> Figure:
    due_at = time.time() + 4 + count / working.peer.scheduled_a_second
    working.schedule(count, due_at)
    time.sleep(max(0.0, due_at - time.time()))
    working.await_timers(count // 10, still_for=30, seconds=60)
    before = working.came()
    fault(working.kill)
    working.start()
    came = working.await_timers(count, still_for=25, seconds=180)
    return lost_and_doubled(working.peer.name, count, what, came, {"went off before the harm": before.timers})


def lost_and_doubled(name: str, count: int, what: str, came: Came, detail: dict[str, object]) -> Figure:
    """How many of the timers never went off; how many went off twice is told beside it."""
    doubled = came.times - came.timers
    return Figure(
        key=f"peer.{name}.{what}",
        what=f"{name}: {count:,} timers, {what} while they go off: lost ({doubled} doubled)",
        value=count - came.timers,
        unit="lost",
        aim=0 if name == "Bancheng" else None,
        less_is_better=True,
        bounded_by="Waited until nothing more had happened for 25 s." if came.timers < count else "All of them came.",
        detail={"doubled": doubled} | detail,
    )


def _bancheng_rate(servers: Servers, count: int, replicas: int, fastest: float) -> Figure:
    """Celery and Dramatiq have two processes that do the work: with two of each service Bancheng has as many."""
    with House(servers, replicas={"routing": replicas, "deadline_watch": replicas}) as house:
        seconds, usage = burst(house, count)
    return Figure(
        key=f"peer.Bancheng.{replicas}",
        what=f"Bancheng: {count:,} deadlines due at once, each to the same (2 s of grace included){by(replicas)}",
        value=count / seconds,
        unit="timers/s",
        aim=AHEAD * fastest,
        against=tuple(f"peer.{peer.name}" for peer in PEERS),
        bounded_by=usage.sentence(),
    )


def _bancheng(servers: Servers, waiting: int, survivors: int) -> Iterator[Figure]:
    with House(servers) as house:
        seed(house.database_url, waiting, due_soon(house, waiting, spare=3600))
        time.sleep(3)
        yield Figure(
            key="peer.Bancheng.memory",
            what=f"Bancheng: memory of deadline_watch with {waiting:,} deadlines waiting",
            value=house.memory()["deadline_watch"],
            unit="MB",
            less_is_better=True,
            against=tuple(f"peer.{peer.name}.memory" for peer in PEERS),
            bounded_by="What waits is in PostgreSQL.",
        )
    for what, fault in _faults(servers, "RabbitMQ").items():
        with House(servers) as house:
            yield _house_survival(house, survivors, what, fault)


def _house_survival(house: House, count: int, what: str, fault: Fault) -> Figure:
    """Harm comes to the watch and to routing at once, as soon as the first escalation is written down."""
    due_at = due_soon(house, count)
    seed(house.database_url, count, due_at)
    wait_for_escalations(house, 1)
    hurt = [*house.processes["deadline_watch"], *house.processes["routing"]]

    def kill() -> None:
        for process in hurt:
            process.kill()

    before = house.value("SELECT count(*) FROM routing.escalations")
    fault(kill)
    for process in hurt:
        if not process.runs:
            process.start()
    try:
        wait_for_escalations(house, count)
    finally:
        timers = ask(house.database_url, "SELECT count(DISTINCT deadline_id) FROM routing.escalations")
    noted = ask(house.database_url, "SELECT count(*) FROM routing.timeline WHERE what = 'ticket.escalated'")
    return lost_and_doubled("Bancheng", count, what, Came(timers, noted), {"went off before the harm": before})
