"""Processes that are told to stop while they work: row 31."""

import random
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests

from schemas.enums import Role
from tests.faults.house import House
from tests.faults.row import row
from tests.faults.run import Run
from tests.faults.supervised import Supervised

LIMIT_S = 30.0
STOPS, QUICK_STOPS = 201, 18
READERS = 3
_LISTS = {
    "intake": ("/tickets", Role.CLERK),
    "routing": ("/tickets", Role.CLERK),
    "deadline_watch": ("/deadlines", Role.OPS),
}


@row(
    31,
    f"SIGTERM {STOPS} times ({QUICK_STOPS} in a short run), all services at a time, while {READERS} clients read"
    " without a pause",
)
def processes_are_stopped_under_load(run: Run) -> None:
    """Processes are stopped under load, again and again. Each ends by itself, in time and with exit code 0."""
    stops = STOPS if run.size.full else QUICK_STOPS
    with run.house(at_least=2.0 * stops) as house, _readers(run, house), run.fault(f"{stops} stops"):
        for _ in range(stops // len(_LISTS)):
            stopping = [
                threading.Thread(target=_stop, args=(run, supervised, run.chance.uniform(0, 1)))
                for supervised in house.supervisor.all
            ]
            for each in stopping:
                each.start()
            for each in stopping:
                each.join()
            house.supervisor.await_ready()


def _stop(run: Run, supervised: Supervised, pause: float) -> None:
    time.sleep(pause)
    try:
        code, seconds = supervised.stop()
        run.expect(code == 0 and seconds < LIMIT_S, f"F {supervised.service} ended with {code} after {seconds:.1f} s")
    except subprocess.TimeoutExpired:
        run.expect(False, f"F {supervised.service} did not end on SIGTERM")
        supervised.process.kill()
    supervised.start()


@contextmanager
def _readers(run: Run, house: House) -> Iterator[None]:
    """Clients that always have a request under way, also at a process that is about to stop."""
    has_ended = threading.Event()

    def read(chance: random.Random) -> None:
        while not has_ended.is_set():
            supervised = chance.choice(house.supervisor.all)
            path, role = _LISTS[supervised.service]
            header = {"Authorization": f"Bearer {house.token(role)}"}
            with suppress(requests.RequestException):
                supervised.process.ask("GET", path, headers=header, timeout=20)

    readers = [
        threading.Thread(target=read, args=(random.Random(f"{run.seed}/{nth}"),), name="reader", daemon=True)
        for nth in range(READERS)
    ]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        has_ended.set()
        for reader in readers:
            reader.join(30)
