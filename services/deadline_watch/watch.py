"""The loop that watches the clocks: it does what is due until nothing is, then sleeps until the next mark.

    @watched()
    def fire_marks(self, tx): ...       # how much was done; called again at once unless 0

Any number of replicas may watch: each claims what no other has. What fails is logged and tried at the next turn.
"""

import time

import eventlet
import psycopg2
import structlog
from nameko.extensions import Entrypoint, SharedExtension

from services.deadline_watch import firing, metrics
from services.deadline_watch.steadiness import Steadiness
from services.plumbing import telemetry
from services.plumbing.outbox import Relay
from services.plumbing.resources import ServiceDatabase
from services.plumbing.worker import run_worker

LONGEST_SLEEP_SECONDS = 1.0
SHORTEST_SLEEP_SECONDS = 0.02
STEPPED_SLEEP_SECONDS = 0.1
"""A simulated clock that stands still is stepped by a driver, who does not want to wait."""

_log = structlog.get_logger()


class Watch(SharedExtension):  # type: ignore[misc]
    """Runs the watched methods in one greenlet, for as long as the service runs."""

    resources = ServiceDatabase()
    relay = Relay()

    def __init__(self) -> None:
        self.tasks: list[Watched] = []

    def start(self) -> None:
        """Begin to watch."""
        self._stopping = False
        self._steadiness = Steadiness()
        self.tasks.sort(key=lambda task: task.place)
        self._watching = self.container.spawn_managed_thread(self._run, identifier="watch")

    def stop(self) -> None:
        """Finish the batch in hand and stop."""
        self._stopping = True
        self._watching.wait()

    def _run(self) -> None:
        while not self._stopping:
            try:
                if self._is_steady():
                    for task in self.tasks:
                        self._exhaust(task)
                pause = self._until_next_mark()
            except psycopg2.Error as error:
                _log.warning("watch interrupted", reason=type(error).__name__)
                pause = LONGEST_SLEEP_SECONDS
            eventlet.sleep(pause)

    def _exhaust(self, task: "Watched") -> None:
        """Have one task done until it finds no more to do. Raises psycopg2.Error; whatever else it raises is logged."""
        while not self._stopping:
            telemetry.beat(self.container.service_name, "watch")
            try:
                with self.resources.database.transaction() as tx:
                    done = run_worker(task, tx)
            except psycopg2.Error:
                raise
            except Exception:
                _log.exception("watch failed", task=task.method_name)
                return
            if not done:
                return
            self.resources.database.on_announced()

    def _is_steady(self) -> bool:
        """Whether the database's clock goes on as ours does; while it does not, nothing is fired."""
        with self.resources.database.transaction() as tx:
            read = firing.real_time(tx)
        jump = self._steadiness.judge(read, time.clock_gettime(time.CLOCK_BOOTTIME))
        if jump:
            _log.critical("the database's clock jumped; the watch is held", seconds=jump.total_seconds())
        metrics.hold(jump)
        return not jump

    def _until_next_mark(self) -> float:
        """How long to sleep, in real seconds."""
        with self.resources.database.transaction() as tx:
            outlook = firing.outlook(tx)
        if outlook.seconds is None:
            return STEPPED_SLEEP_SECONDS if outlook.is_any else LONGEST_SLEEP_SECONDS
        return min(max(outlook.seconds, SHORTEST_SLEEP_SECONDS), LONGEST_SLEEP_SECONDS)


class Watched(Entrypoint):  # type: ignore[misc]
    """What `@watched` puts on a method: it is called at every turn of the watch."""

    watch = Watch()

    def setup(self) -> None:
        """Tell the watch that this task exists, and where it stands in the class."""
        self.place = list(vars(self.container.service_cls)).index(self.method_name)
        self.watch.tasks.append(self)


watched = Watched.decorator
