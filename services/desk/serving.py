"""Puts the pages on the service's HTTP server, and hears from PostgreSQL what they must show anew."""

from typing import Any

import eventlet
import psycopg2
import structlog
from eventlet.hubs import trampoline
from nameko.extensions import DependencyProvider

from services.desk.application import make_application
from services.desk.backend import Backend, address_of
from services.desk.live import CHANNEL, Hub
from services.desk.settings import desk_settings
from services.plumbing.http.server import HttpServer
from services.plumbing.runtime import telemetry
from services.plumbing.runtime.resources import ServiceDatabase, environment

ASKED = {"intake": "127.0.0.1:8001", "routing": "127.0.0.1:8002", "deadline_watch": "127.0.0.1:8003"}
"""The services that the pages ask, and where they serve by default."""
IDLE_SECONDS = 10.0
BACK_OFF_SECONDS = 1.0

_log = structlog.get_logger()


class Pages(DependencyProvider):  # type: ignore[misc]
    """The pages of this process, for as long as the service runs."""

    server = HttpServer()
    resources = ServiceDatabase()

    def start(self) -> None:
        """Serve, and begin to listen."""
        self._stopping = False
        self._hub = Hub()
        backend = Backend({name: address_of(name, default) for name, default in ASKED.items()}, environment().secret)
        self.server.mount(
            make_application(
                desk_settings(), self.resources.database, self._hub, backend, environment().trusted_proxies
            )
        )
        self.container.spawn_managed_thread(self._run, identifier="live")

    def stop(self) -> None:
        """End the streams: a browser comes back to another process."""
        self._stopping = True
        self._hub.end()

    def get_dependency(self, worker_ctx: Any) -> Hub:
        """The streams of this process."""
        return self._hub

    def _run(self) -> None:
        while not self._stopping:
            telemetry.beat(self.container.service_name, "live")
            try:
                self._listen()
            except (psycopg2.Error, OSError) as error:
                _log.warning("live updates interrupted", reason=type(error).__name__)
                eventlet.sleep(BACK_OFF_SECONDS)

    def _listen(self) -> None:
        connection = self.resources.database.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._hub.publish_everything()  # what changed while nobody listened
            while not self._stopping:
                telemetry.beat(self.container.service_name, "live")
                with eventlet.Timeout(IDLE_SECONDS, False):
                    trampoline(connection.fileno(), read=True)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT")  # takes in what was told, and finds out when nobody is there any more
                while connection.notifies:
                    self._hub.publish(connection.notifies.pop(0).payload)
        finally:
            connection.close()
