"""What a service does from time to time, beside what arrives.

    @periodically(every=15)
    def observe(self, tx): ...       # how much was done; called again at once unless 0 or None

Every replica does it: who must do it alone locks a row. What fails is logged and tried at the next turn.
"""

import time
from typing import Any

import eventlet
import psycopg2
import structlog
from nameko.extensions import Entrypoint

from services.plumbing.messaging.outbox import Relay
from services.plumbing.runtime import telemetry
from services.plumbing.runtime.resources import ServiceDatabase
from services.plumbing.runtime.worker import run_worker

RESTFUL = 20
"""A task rests for so many times as long as it takes, so that it never is most of what the service does."""
GLANCE_SECONDS = 1.0

_log = structlog.get_logger()


class Periodic(Entrypoint):  # type: ignore[misc]
    """What `@periodically` puts on a method: it is called every so many real seconds, with an open transaction."""

    resources = ServiceDatabase()
    relay = Relay()

    def __init__(self, *, every: float) -> None:
        super().__init__()
        self.every = every
        self._stopping = False

    def start(self) -> None:
        """Begin; the first turn is at once."""
        self.container.spawn_managed_thread(self._run, identifier=self.method_name)

    def stop(self) -> None:
        """No further turn."""
        self._stopping = True

    def _run(self) -> None:
        while not self._stopping:
            began = time.monotonic()
            try:
                while not self._stopping and self._turn():
                    pass
            except psycopg2.Error as error:
                _log.warning("task interrupted", task=self.method_name, reason=type(error).__name__)
            except Exception:
                _log.exception("task failed", task=self.method_name)
            give_up = time.monotonic() + max(self.every, RESTFUL * (time.monotonic() - began))
            while not self._stopping and time.monotonic() < give_up:
                telemetry.beat(self.container.service_name, self.method_name)
                eventlet.sleep(min(GLANCE_SECONDS, self.every))

    def _turn(self) -> Any:
        telemetry.beat(self.container.service_name, self.method_name)
        with self.resources.database.transaction() as tx:
            return run_worker(self, tx)


periodically = Periodic.decorator
