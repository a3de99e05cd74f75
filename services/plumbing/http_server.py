"""nameko's web server, made safe for the open: deadlines on header, body and idle connections, no text of errors.

Every service answers `/metrics`, `/health/live`, `/health/ready` and `/openapi.json` without being asked to.
"""

import errno
import json
import logging
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import eventlet
import eventlet.wsgi
import prometheus_client
import psycopg2
import structlog
import werkzeug.exceptions
from nameko.web.server import WebServer
from werkzeug.routing import BaseConverter, Map
from werkzeug.wrappers import Request, Response

from services.plumbing import openapi, telemetry
from services.plumbing.http_body import READ_SECONDS, check_framing, is_left_over
from services.plumbing.http_connections import Connections, connection_limit
from services.plumbing.http_protocol import Protocol
from services.plumbing.problems import Unacceptable, problem, problem_of
from services.plumbing.resources import ServiceDatabase

BACKLOG = 1024
ACCEPT_PAUSE_SECONDS = 0.1

_log = structlog.get_logger()


class Code(BaseConverter):
    """``<code:center>`` in an address: a code such as a center's, at the start of its part, and never of a UUID."""

    regex = rf"(?![0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}(?:/|\Z)){openapi.CODE}?"


class HttpServer(WebServer):  # type: ignore[misc]
    """One service's HTTP side."""

    resources = ServiceDatabase()

    def start(self) -> None:
        """Listen, with room for many to arrive at once: eventlet's own is for fifty."""
        self._connections = Connections(self.container.service_name, connection_limit())
        super().start()
        self._sock.listen(BACKLOG)

    def run(self) -> None:
        """Let in whoever comes. nameko's own loop ends, and with it the service, when no file is left for one more."""
        while self._is_accepting:
            try:
                sock, address = self._sock.accept()
            except OSError as error:
                _log.warning("a connection could not be accepted", error=errno.errorcode.get(error.errno or 0))
                eventlet.sleep(ACCEPT_PAUSE_SECONDS)
                continue
            sock.settimeout(READ_SECONDS)
            self.container.spawn_managed_thread(partial(self.process_request, sock, address))

    def process_request(self, sock: Any, address: Any) -> None:
        """Serve a connection to its end. nameko must not hear of what goes wrong on it: it would end the service."""
        self._connections.enter(sock)
        try:
            super().process_request(sock, address)
        except Exception as error:
            _log.warning("a connection failed", kind=type(error).__name__)
        finally:
            self._connections.leave(sock)
            sock.close()

    def get_wsgi_server(self, sock: Any, wsgi_app: Any, protocol: Any = Protocol, debug: bool = False) -> Any:
        """eventlet's server with our protocol; the access log is the metric, not a line a request."""
        server = eventlet.wsgi.Server(
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
        server.connections = self._connections
        return server

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
        self._own: dict[str, Callable[[], Response]] = {
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
        response: Response
        try:
            check_framing(environ)
            if "\x00" in environ["PATH_INFO"] or "%00" in environ.get("QUERY_STRING", ""):
                raise Unacceptable(400, "The address holds the character U+0000.")
            adapter = self._url_map.bind_to_environ(environ)
            own = self._own.get(request.path) if request.method in ("GET", "HEAD") else None
            if own is not None:
                route, response = request.path, own()
            else:
                provider, environ["bancheng.path_values"] = adapter.match()
                route, response = provider.url, provider.handle_request(request)
        except (werkzeug.exceptions.HTTPException, Unacceptable) as error:
            response = problem_of(error)
        response.headers["X-Content-Type-Options"] = "nosniff"
        service = self.container.service_name
        telemetry.HTTP_REQUESTS.labels(service, route, response.status_code).inc()
        telemetry.HTTP_SECONDS.labels(service, route).observe(time.monotonic() - started)
        if response.status_code == 400 or is_left_over(environ["wsgi.input"]):
            environ["bancheng.connection"].close_connection = 1  # the next request could begin anywhere
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
