"""What a service does from time to time, beside what arrives.

    @periodically(every=15)
    def observe(self, tx): ...       # how much was done; called again at once unless 0 or None

Every replica does it: who must do it alone locks a row. What fails is logged and tried at the next turn.
"""

import time

import psycopg2
import structlog
from nameko.extensions import Entrypoint

from services.plumbing.messaging.outbox import Relay
from services.plumbing.runtime.loop import Loop, run_worker
from services.plumbing.runtime.resources import ServiceDatabase

RESTFUL = 20
"""A task rests for so many times as long as it takes, so that it never is most of what the service does."""

_log = structlog.get_logger()


class Periodic(Entrypoint):  # type: ignore[misc]
    """What `@periodically` puts on a method: it is called every so many real seconds, with an open transaction."""

    resources = ServiceDatabase()
    relay = Relay()

    def __init__(self, *, every: float) -> None:
        super().__init__()
        self.every = every

    def start(self) -> None:
        """Begin; the first turn is at once."""
        self._loop = Loop(self.container, self.method_name, self._turn)

    def stop(self) -> None:
        """No further turn."""
        self._loop.stop()

    def _turn(self) -> float:
        began = time.monotonic()
        try:
            while not self._loop.is_stopping:
                self._loop.beat()
                with self.resources.database.transaction() as tx:
                    done = run_worker(self, tx)
                if not done:
                    break
        except psycopg2.Error as error:
            _log.warning("task interrupted", task=self.method_name, reason=type(error).__name__)
        except Exception:
            _log.exception("task failed", task=self.method_name)
        return max(self.every, RESTFUL * (time.monotonic() - began))


periodically = Periodic.decorator
