"""A process that is told to stop ends, with exit code 0, whatever its requests are doing at that moment."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import requests

from tests.stack.eventually import eventually
from tests.stack.sample_house import SampleHouse
from tests.stack.services import ServiceProcess

LIMIT_S, LONGER_THAN_THE_LIMIT_S = 25.0, 32.0

_NAPPING = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%%'"


@contextmanager
def _clients_that_nap(service: ServiceProcess, number: int, seconds: float) -> Iterator[None]:
    """Many connections that are kept alive; each has a statement running nearly all the time, also after the signal."""

    def nap() -> None:
        with requests.Session() as session, suppress(requests.RequestException):
            while True:
                session.post(f"{service.url}/naps", json={"seconds": seconds}, timeout=60)

    clients = [threading.Thread(target=nap, daemon=True) for _ in range(number)]
    for client in clients:
        client.start()
    yield
    for client in clients:
        client.join(60)


@pytest.mark.parametrize("clients", [1, 20])
def test_sigterm_ends_a_process_whose_clients_keep_asking(house: SampleHouse, clients: int) -> None:
    """A request that came late was killed with its statement running in another greenlet: to close that connection
    waits for the statement, and the only thread with it. And as long as somebody asked again, the stop did not go on.
    """
    with ExitStack() as stack:
        service = stack.enter_context(house.process())
        stack.enter_context(_clients_that_nap(service, clients, 1.5))
        assert eventually(lambda: house.rows(_NAPPING)[0][0] > 0)
        began = time.monotonic()
        service.signal(signal.SIGTERM)
        try:
            assert service.wait(LONGER_THAN_THE_LIMIT_S) == 0
            assert time.monotonic() - began < LIMIT_S
        finally:
            print(service.log[-3000:])
            service.kill()


def test_a_greenlet_that_is_killed_ends_the_statement_it_runs(house: SampleHouse) -> None:
    """On the server too, with the locks that it holds; and nothing of the transaction stays."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stack.run_killed", house.database_url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines() == ["running", "OperationalError", "InterfaceError"], done.stderr
    assert eventually(lambda: house.rows(_NAPPING)[0][0] == 0, seconds=4)
    assert house.count("notes", "text = 'of one who is killed'") == 0


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (None, 1)], ids=["told to stop", "stalled"])
def test_a_process_whose_only_thread_hangs_is_ended(house: SampleHouse, how: signal.Signals | None, code: int) -> None:
    """A limit in a greenlet hangs with it. The limits are shortened to 2 s (`tests.stack.run_sample_hanging`)."""
    with house.process("tests.stack.run_sample_hanging") as service:
        service.signal(signal.SIGUSR1)
        assert eventually(lambda: "hanging" in service.log)
        if how is not None:
            service.signal(how)
        assert service.wait(15) == code
