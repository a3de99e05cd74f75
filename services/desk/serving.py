"""Puts the pages on the service's HTTP server, and hears from PostgreSQL what they must show anew."""

import time
from typing import Any

import eventlet
import psycopg2
from eventlet.hubs import trampoline
from nameko.extensions import DependencyProvider

from services.desk.application import make_application
from services.desk.backend import Backend, addresses
from services.desk.live import CHANNEL, Hub
from services.desk.settings import desk_settings
from services.plumbing.http.server import HttpServer
from services.plumbing.runtime.loop import BEAT_SECONDS, Loop
from services.plumbing.runtime.resources import ServiceDatabase, environment

IDLE_SECONDS = 10.0
"""After so long without a word the database is asked whether it is still there."""


class Pages(DependencyProvider):  # type: ignore[misc]
    """The pages of this process, for as long as the service runs."""

    server = HttpServer()
    resources = ServiceDatabase()

    def start(self) -> None:
        """Serve, and begin to listen."""
        self._hub = Hub()
        self._listener: Any = None
        backend = Backend(addresses(), environment().secret)
        self.server.mount(
            make_application(
                desk_settings(), self.resources.database, self._hub, backend, environment().trusted_proxies
            )
        )
        self._loop = Loop(self.container, "live", self._listen, interruptions=(psycopg2.Error, OSError))

    def stop(self) -> None:
        """End the streams: a browser comes back to another process."""
        self._hub.end()
        self._loop.stop()
        self._hang_up()

    def get_dependency(self, worker_ctx: Any) -> Hub:
        """The streams of this process."""
        return self._hub

    def _listen(self) -> float:
        try:
            if self._listener is None:
                self._listener = self.resources.database.connect()
                self._execute(f"LISTEN {CHANNEL}")
                self._hub.publish_everything()  # what changed while nobody listened
            self._wait()
            self._execute("SELECT")  # takes in what was announced, and finds out when nobody is there any more
            while self._listener.notifies:
                self._hub.publish(self._listener.notifies.pop(0).payload)
        except BaseException:
            self._hang_up()
            raise
        return 0.0

    def _wait(self) -> None:
        """Until the database has something to say, the service stops, or IDLE_SECONDS are over."""
        ends = time.monotonic() + IDLE_SECONDS
        while time.monotonic() < ends and not self._loop.is_stopping:
            with eventlet.Timeout(BEAT_SECONDS, False):
                trampoline(self._listener.fileno(), read=True)
                return
            self._loop.beat()

    def _execute(self, sql: str) -> None:
        with self._listener.cursor() as cursor:
            cursor.execute(sql)

    def _hang_up(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
