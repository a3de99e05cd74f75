"""nameko's web server, made safe for the open: deadlines on header, body and idle connections, no text of errors.

Every service answers `/openapi.json` without being asked to. What operators ask has a port of its own
(`services.plumbing.runtime.operations`).
"""

import json
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import eventlet
import werkzeug.exceptions
from nameko.web.server import WebServer
from werkzeug.routing import BaseConverter, Map
from werkzeug.wrappers import Request, Response

from services.plumbing.http import openapi
from services.plumbing.http.accepting import BACKLOG, accept_all, serve_connection, wsgi_server
from services.plumbing.http.body import check_framing, is_left_over
from services.plumbing.http.connections import ConnectionLimiter, connection_limit
from services.plumbing.http.problems import RequestRejected, problem_of
from services.plumbing.runtime import telemetry

OPENAPI = "/openapi.json"
LAST_REQUESTS_SECONDS = 10.0
"""How long a stop waits for the replies that are being made."""
GLANCE_SECONDS = 0.02


class Code(BaseConverter):
    """``<code:center>`` in an address: a code such as a center's, at the start of its part, and never of a UUID."""

    regex = rf"(?![0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}(?:/|\Z)){openapi.CODE}?"


class HttpServer(WebServer):  # type: ignore[misc]
    """One service's HTTP side."""

    def start(self) -> None:
        """Listen, with room for many to arrive at once: eventlet's own is for fifty."""
        self._connections = ConnectionLimiter(self.container.service_name, connection_limit())
        self._requests = 0
        self._is_accepting = True
        super().start()
        self._sock.listen(BACKLOG)

    def unregister_provider(self, provider: Any) -> None:
        """A route stops; with the last one, nobody else is let in.

        nameko lets in more until all is quiet, which it never is while clients keep their connections and ask again.
        """
        super().unregister_provider(provider)
        if not self._providers and self._is_accepting:
            self._is_accepting = False
            self._gt.kill()
            self._sock.close()

    def stop(self) -> None:
        """Answer who has asked. What is not answered by then is cut off: it may have been done."""
        with eventlet.Timeout(LAST_REQUESTS_SECONDS, False):
            while self._requests:
                eventlet.sleep(GLANCE_SECONDS)
        super().stop()

    def run(self) -> None:
        """Let in whoever comes."""
        accept_all(
            self._sock,
            lambda: self._is_accepting,
            lambda sock, address: self.container.spawn_managed_thread(partial(self.process_request, sock, address)),
        )

    def process_request(self, sock: Any, address: Any) -> None:
        """Serve a connection to its end."""
        serve_connection(self._connections, sock, partial(super().process_request, sock, address))

    def get_wsgi_server(self, sock: Any, wsgi_app: Any, **_nameko: Any) -> Any:
        """eventlet's server with our protocol."""
        return wsgi_server(sock, wsgi_app, self._connections)

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
        return self._serve

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self._requests += 1
        try:
            return self._answer(environ, start_response)
        finally:
            self._requests -= 1

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        started = time.monotonic()
        route = "none"
        response: Response
        try:
            check_framing(environ)
            if "\x00" in environ["PATH_INFO"] or "%00" in environ.get("QUERY_STRING", ""):
                raise RequestRejected(400, "The address holds the character U+0000.")
            adapter = self._url_map.bind_to_environ(environ)
            if request.path == OPENAPI and request.method in ("GET", "HEAD"):
                route, response = OPENAPI, Response(self._openapi, content_type="application/json")
            else:
                provider, environ["bancheng.path_values"] = adapter.match()
                route, response = provider.url, provider.handle_request(request)
        except (werkzeug.exceptions.HTTPException, RequestRejected) as error:
            response = problem_of(error)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"  # personal and internal data, and codes told once
        service = self.container.service_name
        telemetry.HTTP_REQUESTS.labels(service, route, response.status_code).inc()
        telemetry.HTTP_SECONDS.labels(service, route).observe(time.monotonic() - started)
        is_lost = response.status_code == 400 or is_left_over(environ["wsgi.input"])  # the next could begin anywhere
        if is_lost or not self._is_accepting:
            environ["bancheng.connection"].close_connection = 1
        return response(environ, start_response)
