"""What a service runs beside its requests: loops, each in a greenlet of its own, and methods as nameko workers."""

import time
from collections.abc import Callable
from typing import Any

import psycopg2
import structlog
from eventlet.event import Event as Signal
from nameko.extensions import Entrypoint

from services.plumbing.runtime import telemetry

RETRY_SECONDS = 1.0
BEAT_SECONDS = 1.0

_log = structlog.get_logger()


class Loop:
    """Calls ``turn`` again and again until the service stops, and shows by its beats that it does not stand still.

    ``turn`` returns how many seconds to pause before the next call. If it raises one of ``interruptions``, that is
    logged and the next call follows after RETRY_SECONDS; any other error ends the service, for its supervisor to start
    anew. A turn that goes on for long calls `beat`, and ends soon once `is_stopping`.
    """

    def __init__(
        self,
        container: Any,
        name: str,
        turn: Callable[[], float],
        interruptions: tuple[type[BaseException], ...] = (psycopg2.Error,),
    ) -> None:
        self.is_stopping = False
        self._service, self._name = container.service_name, name
        self._turn, self._interruptions = turn, interruptions
        self._wakeup = Signal()
        self._greenlet = container.spawn_managed_thread(self._run, identifier=name)

    def stop(self) -> None:
        """Return when the turn or the pause under way has ended."""
        self.is_stopping = True
        self.wake()
        self._greenlet.wait()

    def beat(self) -> None:
        """Show that the loop does not stand still; due once in telemetry.STALLED_AFTER_SECONDS at least."""
        telemetry.beat(self._service, self._name)

    def wake(self) -> None:
        """End the `rest` under way, or else the next one."""
        if not self._wakeup.ready():
            self._wakeup.send(True)

    def rest(self, seconds: float) -> bool:
        """Within a turn: wait so long, or until the loop is woken or stopped; whether it was."""
        ends = time.monotonic() + seconds
        is_woken = False
        while not is_woken and (left := ends - time.monotonic()) > 0:
            is_woken = bool(self._wakeup.wait(timeout=min(left, BEAT_SECONDS)))
            self.beat()
        if is_woken:
            self._wakeup = Signal()
        return is_woken

    def _run(self) -> None:
        while not self.is_stopping:
            self.beat()
            try:
                pause = self._turn()
            except self._interruptions as error:
                # Not its text, which may hold what is in the rows.
                _log.warning(f"{self._name} interrupted", service=self._service, reason=type(error).__name__)
                pause = RETRY_SECONDS
            ends = time.monotonic() + pause
            while not self.is_stopping and (left := ends - time.monotonic()) > 0:
                self.rest(left)


def run_worker(entrypoint: Entrypoint, *arguments: Any, **named: Any) -> Any:
    """Run an entrypoint's method as a nameko worker, with what its class depends on; what it returns.

    Raises what it raises.
    """
    done = Signal()

    def hand_over(_context: Any, result: Any, failure: Any) -> tuple[Any, Any]:
        done.send(result, failure)
        return result, failure

    entrypoint.container.spawn_worker(entrypoint, arguments, named, handle_result=hand_over)
    return done.wait()
