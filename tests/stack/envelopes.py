"""Envelopes as tests write and read them; the house writes its own in the relay."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import schemas.registry  # noqa: F401  an event is read when its class is known
from schemas.events.event import Delivery, Event, parse, split_batch


def wire(
    event: Event, id_: UUID, *, time: datetime, source: str | None = None, correlation_id: UUID | None = None
) -> bytes:
    """A message body with one event, from the service that announces it unless told otherwise."""
    envelope = {
        "specversion": "1.0",
        "id": str(id_),
        "source": f"/bancheng/{source or event.ANNOUNCED_BY[0]}",
        "type": event.TYPE,
        "subject": event.subject,
        "time": time.isoformat(),
        "center": event.center,
        "correlationid": str(correlation_id or id_),
        "dataschema": f"/schemas/{event.TYPE}",
        "datacontenttype": "application/json",
        "data": event.dump(),
    }
    return json.dumps(envelope, ensure_ascii=False).encode()


def envelopes_in(body: bytes) -> list[dict[str, Any]]:
    """What a message holds: one envelope, or a batch of them."""
    said = json.loads(body)
    return said if isinstance(said, list) else [said]


def the_event(body: bytes) -> Delivery:
    """The only event in a message. Raises UnreadableEvent."""
    (said,) = split_batch(body)
    return parse(said)
