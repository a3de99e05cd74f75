"""The loop that watches the deadlines: it does what is due until nothing is, then sleeps until the next mark.

    @watched(order=1)
    def fire_marks(self, tx): ...       # returns how much was done; called again at once unless 0

The methods are called in their ``order``. The first is called again between the batches of the others, so that no mark
waits while much other work is done. Any number of replicas may watch: each takes rows that no other has locked. A
method that fails is logged and tried again next time.
"""

import time
from datetime import timedelta

import psycopg2
import structlog
from nameko.extensions import Entrypoint, SharedExtension

from services.deadline_watch import metrics, store
from services.deadline_watch.rules.clock_drift import Reading, jump
from services.plumbing.messaging.outbox import Relay
from services.plumbing.runtime.loop import Loop, run_worker
from services.plumbing.runtime.resources import ServiceDatabase

LONGEST_SLEEP_SECONDS = 1.0
SHORTEST_SLEEP_SECONDS = 0.02
STEPPED_SLEEP_SECONDS = 0.1
"""When a simulated clock stands still: a driver steps it, and does not want to wait."""
WAITING_SLEEP_SECONDS = 0.25
"""When something is due, and events of the other services may still be under way."""
KEEP_READING_SECONDS = 10.0

_log = structlog.get_logger()


class Watch(SharedExtension):  # type: ignore[misc]
    """Runs the watched methods in one greenlet, for as long as the service runs."""

    resources = ServiceDatabase()
    relay = Relay()

    def __init__(self) -> None:
        self.tasks: list[Watched] = []

    def start(self) -> None:
        """Begin to watch."""
        self._trusted: Reading | None = None
        self._kept_at = 0.0
        self.tasks.sort(key=lambda task: task.order)
        self._loop = Loop(self.container, "watch", self._look)

    def stop(self) -> None:
        """Finish the batch in hand and stop."""
        self._loop.stop()

    def _look(self) -> float:
        """Do what is due; returns the seconds until the next mark. Raises psycopg2.Error."""
        if self._is_clock_right():
            self._do_what_is_due()
        return self._until_next_mark()

    def _do_what_is_due(self) -> None:
        """Run each task until it finds no more to do, and the first one between all batches. Raises psycopg2.Error."""
        first, *others = self.tasks
        while not self._loop.is_stopping and self._run_once(first):
            pass
        for task in others:
            while not self._loop.is_stopping and self._run_once(task):
                while not self._loop.is_stopping and self._run_once(first):
                    pass

    def _run_once(self, task: "Watched") -> int:
        """Do one batch of a task; returns how much that was. Raises psycopg2.Error; any other error is logged."""
        self._loop.beat()
        try:
            with self.resources.database.transaction() as tx:
                done = int(run_worker(task, tx))
        except psycopg2.Error:
            raise
        except Exception:
            _log.exception("watch failed", task=task.method_name)
            return 0
        return done

    def _is_clock_right(self) -> bool:
        """Whether the database's clock advances like the clock of this machine; while it does not, nothing is fired.

        At the start, and while the watch is held, the reading counts that another replica or the last process
        trusted.
        """
        with self.resources.database.transaction() as tx:
            now = store.clock_readings.read(tx)
            off = jump(self._trusted, now) if self._trusted else timedelta()
            if self._trusted is None or off:
                off = jump(store.clock_readings.trusted(tx), now)
            if not off and time.monotonic() - self._kept_at > KEEP_READING_SECONDS:
                store.clock_readings.trust(tx, now)
                self._kept_at = time.monotonic()
        if off:
            _log.critical("the database's clock jumped; the watch is held", seconds=off.total_seconds())
        else:
            self._trusted = now
        metrics.hold(off)
        return not off

    def _until_next_mark(self) -> float:
        """How long to sleep, in real seconds."""
        with self.resources.database.transaction() as tx:
            outlook = store.firing.outlook(tx)
        if outlook.seconds is None:
            return STEPPED_SLEEP_SECONDS if outlook.is_any else LONGEST_SLEEP_SECONDS
        if outlook.seconds < 0:
            return WAITING_SLEEP_SECONDS
        return min(max(outlook.seconds, SHORTEST_SLEEP_SECONDS), LONGEST_SLEEP_SECONDS)


class Watched(Entrypoint):  # type: ignore[misc]
    """What `@watched` puts on a method: the watch calls it whenever it looks, in the given ``order``."""

    watch = Watch()

    def __init__(self, *, order: int) -> None:
        super().__init__()
        self.order = order

    def setup(self) -> None:
        """Tell the watch that this task exists. Raises ValueError if another task has the same order."""
        if any(task.order == self.order for task in self.watch.tasks):
            raise ValueError(f"{self.method_name}: another task has the order {self.order}")
        self.watch.tasks.append(self)


watched = Watched.decorator
