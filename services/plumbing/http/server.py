"""nameko's web server, made safe for the open: deadlines on header, body and idle connections, no text of errors.

Every service answers `/openapi.json` without being asked to. What operators ask has a port of its own
(`services.plumbing.runtime.operations`).
"""

import io
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import eventlet
import orjson
import werkzeug.exceptions
from nameko.web.server import WebServer
from werkzeug.routing import BaseConverter, Map
from werkzeug.wrappers import Request, Response

from schemas.errors import TooMany
from services.plumbing.http import openapi
from services.plumbing.http.clients import client_of
from services.plumbing.http.connections import BACKLOG, ConnectionLimiter, accept_all, connection_limit
from services.plumbing.http.framing import read_body
from services.plumbing.http.protocol import wsgi_server
from services.plumbing.http.replies import RequestRejected, problem_of
from services.plumbing.http.uploads import UploadSlots, read_upload
from services.plumbing.runtime import telemetry
from services.plumbing.runtime.resources import environment

OPENAPI = "/openapi.json"
LAST_REQUESTS_SECONDS = 10.0
"""How long a stop waits for the replies that are being made."""
POLL_SECONDS = 0.02


class CodeConverter(BaseConverter):
    """``<code:center>`` in an address: a code such as a center's, at the start of its part, and never of a UUID."""

    regex = rf"(?![0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}(?:/|\Z)){openapi.CODE}?"


class HttpServer(WebServer):  # type: ignore[misc]
    """One service's HTTP side."""

    _mounted: Any = None

    def mount(self, application: Any) -> None:
        """Have a Flask application answer whatever is no route of the service's own. Its configuration says by
        ``UPLOADS``, a pattern of paths, where bodies of ``UPLOAD_LIMIT`` are taken, in place of MAX_CONTENT_LENGTH, and
        by ``MAX_FORM_FIELDS`` how many fields a form has elsewhere: of many short ones the reading takes long.
        """
        self._mounted = application

    def start(self) -> None:
        """Listen, with room for many to arrive at once: eventlet's own is for fifty."""
        self._connections = ConnectionLimiter(self.container.service_name, connection_limit())
        self._requests = 0
        self._uploads = UploadSlots()
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
                eventlet.sleep(POLL_SECONDS)
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
        self._connections.hold(sock, partial(super().process_request, sock, address))

    def get_wsgi_server(self, sock: Any, wsgi_app: Any, **_nameko: Any) -> Any:
        """eventlet's server with our protocol."""
        return wsgi_server(sock, wsgi_app, self._connections)

    def make_url_map(self) -> Map:
        """The routes, which may use ``<code:...>`` besides werkzeug's own converters."""
        url_map = Map(converters={"code": CodeConverter}, merge_slashes=False)
        for provider in self._providers:
            rule = provider.get_url_rule()
            rule.endpoint = provider
            url_map.add(rule)
        return url_map

    def get_wsgi_app(self) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
        """The WSGI application."""
        self._url_map = self.make_url_map()
        self._openapi = orjson.dumps(openapi.document(self.container.service_name, self._providers))
        return self._serve

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request, and count it."""
        started, service, route = time.monotonic(), self.container.service_name, "none"
        request, response = Request(environ), Response()
        self._requests += 1
        try:
            adapter = self._url_map.bind_to_environ(environ)
            if self._mounted is not None and request.path != OPENAPI and not adapter.test():
                return self._answer_mounted(request, start_response, started)
            if request.path == OPENAPI and request.method in ("GET", "HEAD"):
                route, response = OPENAPI, Response(self._openapi, content_type="application/json")
            else:
                provider, path_values = adapter.match()
                route, response = provider.url, provider.handle_request(request, path_values)
        except (werkzeug.exceptions.HTTPException, RequestRejected) as error:
            response = problem_of(error)
        finally:
            self._requests -= 1
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"  # personal and internal data, and codes that are given once
        telemetry.HTTP_REQUESTS.labels(service, route, response.status_code).inc()
        telemetry.HTTP_SECONDS.labels(service, route).observe(time.monotonic() - started)
        self._end_request(environ, response.status_code)
        return response(environ, start_response)

    def _end_request(self, environ: dict[str, Any], status: int) -> None:
        connection, body = environ["bancheng.connection"], environ["wsgi.input"]
        connection.is_still_sending = body.position < body.content_length
        if connection.is_still_sending or status == 400 or not self._is_accepting:
            connection.close_connection = 1  # also where the next request could begin anywhere

    def _read_mounted(self, request: Request) -> bytes:
        """The body, which may be larger and slower where files are sent. Raises RequestRejected, TooMany."""
        config = self._mounted.config
        if config["UPLOADS"].fullmatch(request.path) is None:
            body = read_body(request.environ, config["MAX_CONTENT_LENGTH"])
            if body.count(b"&") >= config["MAX_FORM_FIELDS"]:
                raise RequestRejected(413, "The form has too many fields.")
            return body
        with self._uploads.slot(client_of(request, environment().trusted_proxies)):
            return read_upload(request.environ, config["UPLOAD_LIMIT"])

    def _answer_mounted(self, request: Request, start_response: Any, started: float) -> Iterable[bytes]:
        """Let the mounted application answer, once the whole body has been read within its limits."""
        environ, service = request.environ, self.container.service_name
        body = b""
        try:
            if request.method not in ("GET", "HEAD"):
                body = self._read_mounted(request)
        except (RequestRejected, TooMany) as refused:
            environ["bancheng.refused"] = refused  # a person reads it, so it is said by a page
        self._end_request(environ, 200)
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            telemetry.HTTP_REQUESTS.labels(service, "pages", status[:3]).inc()
            telemetry.HTTP_SECONDS.labels(service, "pages").observe(time.monotonic() - started)
            environ["bancheng.connection"].is_stream = ("Content-Type", "text/event-stream") in headers
            own = [("X-Content-Type-Options", "nosniff")]
            if not any(name.lower() == "cache-control" for name, _ in headers):
                own.append(("Cache-Control", "no-store"))
            return start_response(status, [*headers, *own], *more)

        return self._mounted(environ, start)  # type: ignore[no-any-return]
