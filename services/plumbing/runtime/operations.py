"""The operations port: `/metrics`, `/health/live` and `/health/ready` of a process, apart from what citizens reach.

One listener a process, whatever services run in it, with few connections of its own: whoever fills one port keeps
nobody from the other. An answer is made once and given to all who ask within the next second.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import eventlet
import prometheus_client
import psycopg2
import structlog
from eventlet.event import Event as Signal
from eventlet.wsgi import STATE_IDLE
from nameko.web.server import parse_address
from werkzeug.wrappers import Request, Response

from services.plumbing.database.database import Database
from services.plumbing.http.connections import OPERATIONS_LIMIT, ConnectionLimiter, accept_all
from services.plumbing.http.protocol import wsgi_server
from services.plumbing.http.replies import problem, problem_of
from services.plumbing.runtime import telemetry

PER_SECOND = 50.0
"""How many connections are accepted in the long run, and how many at once, each for one answer: far more than probes
need, and too few for others to notice.
"""

READY_SECONDS = 5.0
"""How long a probe waits for the database; the question to a database that is silent ends later, by itself."""

_log = structlog.get_logger()


class OperationsServer:
    """Serves from `start` to the end of the process.

    :param address: ``host:port`` to listen on.
    :param databases: of each service in this process, for readiness; their connections are used for nothing else.
    :param cache_seconds: how long an answer is given again.
    """

    def __init__(self, address: str, databases: Mapping[str, Database], cache_seconds: float) -> None:
        self._address, self._databases = address, databases
        self._answers = {
            "/metrics": CachedAnswer(_metrics, cache_seconds),
            "/health/live": CachedAnswer(_live, cache_seconds),
            "/health/ready": CachedAnswer(self._ready, cache_seconds, patience=READY_SECONDS),
        }
        self._connections = ConnectionLimiter("operations", OPERATIONS_LIMIT)
        self._pace = Pace(PER_SECOND)

    def start(self) -> None:
        """Listen. Raises OSError when the address cannot be had."""
        listening = eventlet.listen(parse_address(self._address))
        listening.settimeout(None)
        server = wsgi_server(listening, self._serve, self._connections)

        def serve(connection: Any, address: Any) -> None:
            eventlet.sleep(self._pace.wait(time.monotonic()))  # the next one is accepted after it
            state = [address, connection, STATE_IDLE]
            eventlet.spawn_n(self._connections.hold, connection, lambda: server.process_request(state))

        eventlet.spawn_n(accept_all, listening, lambda: True, serve)

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            answer = self._answers.get(request.path)
            if answer is None:
                response = problem(404, "There is nothing at this address.")
            elif request.method not in ("GET", "HEAD"):
                response = problem(405, "This method is not allowed here.", headers={"Allow": "GET, HEAD"})
            else:
                response = answer.get()
        except Exception as error:
            response = problem_of(error)
            if response.status_code == 500:
                _log.exception("an operations request failed", kind=type(error).__name__)
        response.headers["Cache-Control"] = "no-store"
        environ["bancheng.connection"].close_connection = 1
        return response(environ, start_response)

    def _ready(self) -> Response:
        if obstacles := telemetry.obstacles():
            return problem(503, "; ".join(obstacles))
        for service, database in self._databases.items():
            try:
                with database.transaction() as tx:
                    row = tx.row("SELECT current_setting('transaction_read_only') AS is_read_only")
            except psycopg2.Error as error:
                _log.warning("not ready", service=service, kind=type(error).__name__)
                return problem_of(error)
            if row is None or row.is_read_only != "off":
                return problem(503, "The database takes no changes.")
        return Response('{"status": "ready"}', content_type="application/json")


class Pace:
    """Lets ``per_second`` through in any second once a second's worth was let through at once."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._reserved_until = 0.0

    def wait(self, now: float) -> float:
        """How many seconds from ``now``, on a clock that only goes forward, the next one has to wait."""
        self._reserved_until = max(self._reserved_until, now - 1) + self._interval
        return max(0.0, self._reserved_until - now)


class CachedAnswer:
    """An answer that is made at most once in ``seconds``, however many ask, and never twice at a time.

    Who would wait longer than ``patience`` seconds for it is told 503; it is still being made then, and for all.
    """

    def __init__(self, make: Callable[[], Response], seconds: float, *, patience: float | None = None) -> None:
        self._make, self._seconds, self._patience = make, seconds, patience
        self._answer: Response | None = None
        self._made_at = 0.0
        self._being_made: Signal | None = None

    def get(self) -> Response:
        """The answer. Raises what ``make`` raises."""
        if self._answer is not None and time.monotonic() - self._made_at < self._seconds:
            return self._answer
        if self._patience is None:
            return self._make_now()
        if self._being_made is None:
            self._being_made = Signal()
            eventlet.spawn_n(self._make_for_all, self._being_made)
        with eventlet.Timeout(self._patience, False):
            answer: Response = self._being_made.wait()
            return answer
        return problem(503, "The database does not answer in time.")

    def _make_now(self) -> Response:
        self._answer = self._make()
        self._made_at = time.monotonic()
        return self._answer

    def _make_for_all(self, done: Signal) -> None:
        try:
            done.send(self._make_now())
        except Exception as error:
            done.send_exception(error)
        finally:
            self._being_made = None


def _metrics() -> Response:
    return Response(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)


def _live() -> Response:
    if stalled := telemetry.stalled():
        return problem(503, f"No turn for {telemetry.STALLED_AFTER_SECONDS:.0f} s: {', '.join(sorted(stalled))}")
    return Response('{"status": "alive"}', content_type="application/json")
