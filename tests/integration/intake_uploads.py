"""How files are sent to the intake service, and given out by it."""

from itertools import count
from typing import Any

import requests

from tests.integration.intake_desk import CLERK, Desk, Header

_senders = count()


def send(
    desk: Desk,
    path: str,
    content: bytes,
    said: str = "image/jpeg",
    who: Header | None = CLERK,
    **headers: str,
) -> requests.Response:
    """The reply to who sends a file."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    more["X-Forwarded-For"] = f"10.1.0.{next(_senders) % 250}"
    return desk.service.ask("POST", path, headers=(who or {}) | {"Content-Type": said} | more, data=content)


def by_citizen(desk: Desk, receipt: dict[str, str], content: bytes, said: str = "image/jpeg") -> requests.Response:
    """The reply to the citizen who adds a file."""
    path = f"/tickets/{receipt['number']}/attachments"
    return send(desk, path, content, said, None, Query_Code=receipt["query_code"])


def added(desk: Desk, receipt: dict[str, str], content: bytes, said: str = "image/jpeg") -> dict[str, Any]:
    """A file that a clerk adds."""
    reply = send(desk, f"/tickets/{receipt['id']}/attachments", content, said)
    assert reply.status_code == 201, reply.text
    shown: dict[str, Any] = reply.json()
    return shown


def given(desk: Desk, receipt: dict[str, str], attachment: dict[str, Any], who: Header = CLERK) -> requests.Response:
    """The reply to who asks for a file."""
    return desk.ask("GET", f"/tickets/{receipt['id']}/attachments/{attachment['id']}", who)
