"""A house with its desk, and people who log in to it over HTTP as their browsers would."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from itertools import count
from typing import Any

import requests

from services.sandbox.accounts import give_account
from services.sandbox.sandbox import Sandbox
from tests.e2e.actors import Actors, at
from tests.stack.house import demo_center

STARTS_AT = "2026-04-28 09:00"
"""A Tuesday morning, when a leader sits and no holiday is near."""
SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
"""What somebody may write, and no page may show but as text."""
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_FRESH = re.compile(r'name="key" value="([^"]+)"')


_hosts = count(1)


class DeskHouse:
    """All services in one process, and an account for whoever is asked for."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.actors = Actors(sandbox)
        self.url = f"http://{sandbox.addresses['desk']}"
        self._passwords: dict[str, str] = {}

    def password(self, staff: str) -> str:
        """The password of somebody of the center, who gets an account at the first time."""
        if staff not in self._passwords:
            self._passwords[staff] = give_account(self.sandbox, staff)
        return self._passwords[staff]

    def visitor(self) -> "Visitor":
        """A browser that nobody has logged in with."""
        return Visitor(self)

    def person(self, staff: str) -> "Visitor":
        """A browser in which somebody is logged in."""
        visitor = self.visitor()
        reply = visitor.log_in(staff, self.password(staff))
        assert reply.status_code == 303, reply.text
        return visitor


@contextmanager
def desk_house(*, second_factor: str = "optional") -> Iterator[DeskHouse]:
    """A house on a clock that stands at STARTS_AT."""
    with Sandbox(demo_center(), at(STARTS_AT), second_factor=second_factor) as sandbox:
        yield DeskHouse(sandbox)


class Visitor:
    """One browser without its screen, at an address of its own: it keeps cookies, and what is hidden in a form."""

    def __init__(self, house: DeskHouse) -> None:
        self.house = house
        self.http = requests.Session()
        self.address = f"10.0.0.{next(_hosts)}"
        self.http.headers["X-Forwarded-For"] = self.address

    def get(self, path: str, **more: Any) -> requests.Response:
        """A page, without following where it sends the browser."""
        return self.http.get(self.house.url + path, allow_redirects=False, timeout=30, **more)

    def post(self, path: str, form: dict[str, Any], **more: Any) -> requests.Response:
        """Send a form as it is given."""
        return self.http.post(self.house.url + path, data=form, allow_redirects=False, timeout=30, **more)

    def log_in(self, staff: str, password: str, **form: str) -> requests.Response:
        """Fill in the log-in form."""
        return self.post("/login", {"center": "BC", "staff": staff, "password": password} | form)

    def send(self, page: str, path: str, form: dict[str, Any]) -> requests.Response:
        """Load a page and send one of its forms with the token and the key that stand in it."""
        text = self.get(page).text
        hidden = {"csrf_token": csrf_in(text)}
        if key := _FRESH.search(text):
            hidden["key"] = key[1]
        return self.post(path, hidden | form)

    @property
    def csrf_token(self) -> str:
        """The token of the session, off a page that everybody has."""
        return csrf_in(self.get("/account").text)


def csrf_in(page: str) -> str:
    """The token that stands in a page's forms."""
    return found(_CSRF, page)


def found(pattern: re.Pattern[str], text: str) -> str:
    """The first group of what is found in a page."""
    match = pattern.search(text)
    assert match, text
    return unescape(match[1])
