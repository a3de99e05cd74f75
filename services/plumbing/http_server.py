"""nameko's web server, made safe for the open: deadlines on header, body and idle connections, no text of errors.

Every service answers `/metrics`, `/health/live`, `/health/ready` and `/openapi.json` without being asked to.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import eventlet.wsgi
import prometheus_client
import psycopg2
import structlog
import werkzeug.exceptions
from nameko.web.server import HttpOnlyProtocol, WebServer
from werkzeug.routing import BaseConverter, Map
from werkzeug.wrappers import Request, Response

from services.plumbing import openapi, telemetry
from services.plumbing.problems import Unacceptable, problem, problem_of
from services.plumbing.resources import ServiceDatabase

BODY_LIMIT = 1 << 20
READ_SECONDS = 8.0
"""For the whole header, for the whole body, and for an idle connection: closed well within 10 seconds."""
FLUSH_LIMIT = 16 << 20

_log = structlog.get_logger()


class _TooSlow(Exception):
    """The client did not send its request in time."""


class Code(BaseConverter):
    """``<code:center>`` in an address: a code such as a center's, at the start of its part, and never of a UUID."""

    regex = r"(?![0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?:/|\Z))[A-Za-z0-9][A-Za-z0-9_-]{0,39}?"


class Protocol(HttpOnlyProtocol):  # type: ignore[misc]
    """One connection: from the wait for a request to the end of its header there is one deadline."""

    def handle_one_request(self) -> None:
        """Serve a request, or close the connection of a client that does not get round to sending one."""
        self._deadline = eventlet.Timeout(READ_SECONDS, _TooSlow())
        try:
            super().handle_one_request()
        except _TooSlow:
            self.close_connection = 1
        finally:
            self._deadline.cancel()

    def get_environ(self) -> dict[str, Any]:
        """The header is whole: its deadline is over."""
        self._deadline.cancel()
        environ: dict[str, Any] = super().get_environ()
        environ["SERVER_PROTOCOL"] = self.request_version
        environ["bancheng.connection"] = self
        return environ


def read_body(request: Request) -> bytes:
    """The whole body, at most BODY_LIMIT bytes, within READ_SECONDS. Raises Unacceptable."""
    connection = request.environ["bancheng.connection"]
    stream = request.environ["wsgi.input"]
    try:
        with eventlet.Timeout(READ_SECONDS, _TooSlow()):
            if (request.content_length or 0) > BODY_LIMIT:
                raise Unacceptable(413, f"The body is larger than {BODY_LIMIT} bytes.")
            body: bytes = stream.read(BODY_LIMIT + 1)
            if len(body) > BODY_LIMIT:
                raise Unacceptable(413, f"The body is larger than {BODY_LIMIT} bytes.")
    except _TooSlow:
        connection.close_connection = 1
        raise Unacceptable(408, "The body did not arrive in time.") from None
    except (OSError, ValueError):  # ValueError: a chunk that is none
        connection.close_connection = 1
        raise Unacceptable(400, "The body could not be read.") from None
    except Unacceptable:
        _swallow(stream)
        connection.close_connection = 1
        raise
    if len(body) < (request.content_length or 0):
        connection.close_connection = 1
        raise Unacceptable(400, "The body is shorter than its Content-Length.")
    return body


def _swallow(stream: Any) -> None:
    """Read on for a moment, so that a client that is still sending gets to see the reply instead of a reset."""
    with eventlet.Timeout(2, False):
        taken = 0
        while taken < FLUSH_LIMIT and (part := stream.read(65536)):
            taken += len(part)


class HttpServer(WebServer):  # type: ignore[misc]
    """One service's HTTP side."""

    resources = ServiceDatabase()

    def get_wsgi_server(self, sock: Any, wsgi_app: Any, protocol: Any = Protocol, debug: bool = False) -> Any:
        """eventlet's server with our protocol; the access log is the metric, not a line a request."""
        return eventlet.wsgi.Server(
            sock,
            sock.getsockname(),
            wsgi_app,
            protocol=Protocol,
            debug=False,
            log=logging.getLogger(__name__),
            log_output=False,
            keepalive=READ_SECONDS,
            socket_timeout=READ_SECONDS,
        )

    def make_url_map(self) -> Map:
        """The routes, which may use ``<code:...>`` besides werkzeug's own converters."""
        url_map = Map(converters={"code": Code}, merge_slashes=False)
        for provider in self._providers:
            rule = provider.get_url_rule()
            rule.endpoint = provider
            url_map.add(rule)
        return url_map

    def get_wsgi_app(self) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
        """The WSGI application."""
        self._url_map = self.make_url_map()
        self._openapi = json.dumps(openapi.document(self.container.service_name, self._providers))
        self._own = {
            "/metrics": self._metrics,
            "/health/live": self._live,
            "/health/ready": self._ready,
            "/openapi.json": lambda: Response(self._openapi, content_type="application/json"),
        }
        return self._serve

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        started = time.monotonic()
        route = "none"
        try:
            if environ["SERVER_PROTOCOL"] == "HTTP/1.1" and not environ.get("HTTP_HOST"):
                raise Unacceptable(400, "The Host header is missing.")
            if "\x00" in environ["PATH_INFO"] or "%00" in environ.get("QUERY_STRING", ""):
                raise Unacceptable(400, "The address holds the character U+0000.")
            adapter = self._url_map.bind_to_environ(environ)
            own = self._own.get(request.path) if request.method in ("GET", "HEAD") else None
            if own is not None:
                return own()(environ, start_response)
            provider, request.path_values = adapter.match()
            route = provider.url
            response = provider.handle_request(request)
        except (werkzeug.exceptions.HTTPException, Unacceptable) as error:
            response = problem_of(error)
        response.headers["X-Content-Type-Options"] = "nosniff"
        service = self.container.service_name
        telemetry.HTTP_REQUESTS.labels(service, route, response.status_code).inc()
        telemetry.HTTP_SECONDS.labels(service, route).observe(time.monotonic() - started)
        if request.environ["wsgi.input"].position < (request.content_length or 0):
            environ["bancheng.connection"].close_connection = 1  # nobody read the body: do not read it for nothing
        return response(environ, start_response)

    def _metrics(self) -> Response:
        return Response(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)

    def _live(self) -> Response:
        stalled = telemetry.stalled(self.container.service_name)
        if stalled:
            return problem(503, f"No turn for {telemetry.STALLED_AFTER_SECONDS:.0f} s: {', '.join(sorted(stalled))}")
        return Response('{"status": "alive"}', content_type="application/json")

    def _ready(self) -> Response:
        try:
            with self.resources.database.transaction():
                return Response('{"status": "ready"}', content_type="application/json")
        except psycopg2.Error as error:
            return problem_of(error)
