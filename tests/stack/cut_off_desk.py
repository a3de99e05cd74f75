"""The desk before the same services, each behind a line that can be cut."""

from pathlib import Path
from typing import Any

import psycopg2.extensions
from flask.testing import FlaskClient

from services.desk.application import make_application
from services.desk.backend import Backend
from services.desk.live import Hub
from services.desk.settings import DeskSettings
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login
from services.sandbox.ports import free_ports
from tests.stack.desk_house import DeskHouse
from tests.stack.proxy import Proxy

BACKENDS = ("intake", "routing", "deadline_watch", "notify", "knowledge")


class CutOffDesk:
    """Another process's worth of the desk before the same services, each behind a line that can be cut."""

    def __init__(self, house: DeskHouse) -> None:
        self.house = house
        self._proxies = {name: Proxy(_address(house.sandbox.addresses[name])) for name in BACKENDS}
        url = as_login(house.sandbox.database_url, "bancheng_desk")
        self._upstreams: dict[str, Any] = {name: _address(house.sandbox.addresses[name]) for name in BACKENDS}
        self._upstreams["database"] = _database_address(url)
        self._proxies["database"] = Proxy(self._upstreams["database"])
        parts = psycopg2.extensions.parse_dsn(url)
        here = {"host": "127.0.0.1", "port": str(self._proxies["database"].port), "sslmode": "disable"}
        self._database = Database(psycopg2.extensions.make_dsn(**(parts | here)), "desk", size=4)
        urls = {name: f"http://127.0.0.1:{self._proxies[name].port}" for name in BACKENDS}
        backend = Backend(urls, house.sandbox._secret)
        self._application = make_application(DeskSettings(second_factor=False), self._database, Hub(), backend, ())

    def browser(self, staff: str) -> FlaskClient:
        """A browser in which somebody is logged in already."""
        client = self._application.test_client()
        client.set_cookie("bancheng", self.house.person(staff).http.cookies["bancheng"])
        return client

    def cut(self, name: str) -> None:
        """Nobody answers there any more."""
        (port,) = free_ports(1)
        self._proxies[name].lead_to(("127.0.0.1", port))

    def mend(self, name: str) -> None:
        """It is there again."""
        self._proxies[name].lead_to(self._upstreams[name])

    def close(self) -> None:
        """Hang up."""
        self._database.close()
        for proxy in self._proxies.values():
            proxy.close()


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _database_address(url: str) -> Any:
    parts = psycopg2.extensions.parse_dsn(url)
    host, port = parts.get("host", "127.0.0.1"), parts.get("port", "5432")
    return Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
