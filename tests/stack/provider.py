"""A provider of OpenID Connect on this machine, which says what it was asked and lies when it is told to; and the way
of a browser from the desk to it and back.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import oidc_provider_mock
import pytest
import requests
from flask import Response, request
from werkzeug.serving import make_server

from tests.stack.desk_house import DeskHouse, Visitor, desk_house

START, BACK = "/login/provider", "/login/provider/back"
"""Where a log-in begins at the desk, and where the provider sends the browser back to."""


class LoginProvider:
    """Runs from its making on, until it is stopped. ``asked`` are the forms that its token endpoint was sent."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.lie: Callable[[dict[str, Any]], dict[str, Any]] | None = None
        application = oidc_provider_mock.app()
        application.before_request(self._note)
        application.after_request(self._perhaps_lie)
        self._server = make_server("127.0.0.1", 0, application, threaded=True)
        self.issuer = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, name="provider", daemon=True).start()

    def _note(self) -> None:
        if request.path == "/oauth2/token":
            self.asked.append(dict(request.form))

    def _perhaps_lie(self, response: Response) -> Response:
        if request.path == "/oauth2/token" and self.lie and response.is_json:
            response.set_data(json.dumps(self.lie(response.get_json())))
        return response

    def stop(self) -> None:
        """Nobody answers there any more."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def login_provider() -> Iterator[LoginProvider]:
    """One that is stopped at the end, if it has not been before."""
    provider = LoginProvider()
    try:
        yield provider
    finally:
        provider.stop()


@contextmanager
def house_that_asks(provider: LoginProvider, **settings: str) -> Iterator[DeskHouse]:
    """A house whose desk lets people log in by the provider; ``settings`` are those of BANCHENG_DESK_OIDC_."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ({"ISSUER": provider.issuer, "CENTER": "BC"} | settings).items():
            patch.setenv(f"BANCHENG_DESK_OIDC_{name}", value)
        with desk_house() as standing:
            yield standing


def authorized(provider: LoginProvider, address: str, staff: str) -> str:
    """Where the provider sends the browser of who logs in there as somebody of the staff."""
    who = {"preferred_username": staff}
    assert requests.put(f"{provider.issuer}/users/{staff}", json=who, timeout=10).ok
    reply = requests.post(address, data={"sub": staff}, allow_redirects=False, timeout=10)
    assert reply.status_code == 302, reply.text
    return reply.headers["Location"]


def begun(visitor: Visitor, **query: str) -> str:
    """The provider's address to which a log-in leads."""
    reply = visitor.get(START, params=query)
    assert reply.status_code == 303, reply.text
    return reply.headers["Location"]


def back(visitor: Visitor, address: str) -> requests.Response:
    """What the desk says to who comes back to it."""
    parts = urlsplit(address)
    assert parts.path == BACK
    return visitor.get(f"{parts.path}?{parts.query}")
