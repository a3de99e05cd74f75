"""The stream that tells a page what to look at again."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, g, request

from schemas.enums import Role
from services.desk.live import Hub, Stream
from services.desk.pages.guard import for_staff
from services.desk.rules.changes import CENTER_WIDE

pages = Blueprint("stream", __name__)

MOST_TICKETS = 50
"""On one page."""


@pages.get("/stream")
@for_staff()
def listen() -> Any:
    """Server-sent events about one's own department or center, and about the tickets that are looked at.

    They begin with what has changed since the page was asked for.
    """
    topics = {f"department:{department}" for department in (*g.person.departments, *g.person.headed)}
    topics |= {f"person:{g.person.staff}", f"notices:{g.person.staff}"}
    if not g.person.roles <= {Role.LIAISON, Role.DEPARTMENT_HEAD}:
        topics |= {*CENTER_WIDE, "roster", "sittings"}
    topics.add("entries")
    topics |= {f"ticket:{ticket}" for ticket in request.args.getlist("ticket")[:MOST_TICKETS]}
    request.environ["eventlet.minimum_write_chunk_size"] = 0
    stream = g.desk.hub.open(g.person.center, g.person.staff, topics, request.args.get("since", ""))
    return Response(
        _events_of(g.desk.hub, g.person.center, stream),
        content_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


def _events_of(hub: Hub, center: str, stream: Stream) -> Iterator[bytes]:
    try:
        yield from stream.events()
    finally:
        hub.close(center, stream)
