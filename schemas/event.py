"""The envelope and the base of every event: CloudEvents 1.0 in JSON, structured mode (design: Events).

    class TicketClosed(Event, type="ticket.closed.v1"):
        ticket_id: UUID
        outcome: Outcome

An event is declared once, like that; its class is the schema at both ends. Its ``type`` is also its routing key.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import marshmallow
from marshmallow.validate import Equal

from schemas.record import Record

CONTENT_TYPE = "application/cloudevents+json"

VOCABULARY: dict[str, type["Event"]] = {}
"""Every event of the house by its type; filled as the classes are declared."""


class UnreadableEvent(Exception):
    """Bytes that are no event we know: the reason is for operators and names fields, never their contents."""


class Event(Record, unknown=marshmallow.EXCLUDE):
    """Something that happened, in the past tense. Carries ids and masked text, never names, phones or ID numbers."""

    TYPE: ClassVar[str] = ""

    center: str

    def __init_subclass__(cls, *, type: str | None = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        if type is None:  # a base that several events share
            return
        if type in VOCABULARY:
            raise TypeError(f"{type} is declared twice")
        cls.TYPE = type
        VOCABULARY[type] = cls

    @property
    def subject(self) -> str:
        """What the event is about: the ticket's id, or the center's code where no ticket is concerned."""
        return str(getattr(self, "ticket_id", self.center))


class Envelope(Record, unknown=marshmallow.EXCLUDE):
    """The CloudEvents attributes that readers use.

    ``time`` is when it was announced; ``correlationid`` is shared by all that one cause led to.
    """

    specversion: Annotated[str, Equal("1.0")]
    id: UUID
    type: str
    subject: str
    time: datetime
    center: str
    correlationid: UUID
    data: Any


@dataclass(frozen=True)
class Delivery:
    """An event as it arrived: what was said, and the envelope that it came in."""

    event: Event
    envelope: Envelope


def envelope(
    *,
    id: UUID,
    source: str,
    type: str,
    subject: str,
    time: datetime,
    center: str,
    correlation_id: UUID,
    data: Any = None,
) -> dict[str, Any]:
    """An event's envelope as plain JSON types. Raises ValueError on a naive ``time``."""
    if time.tzinfo is None:
        raise ValueError("an event's time needs an offset")
    return {
        "specversion": "1.0",
        "id": str(id),
        "source": f"/bancheng/{source}",
        "type": type,
        "subject": subject,
        "time": time.isoformat(),
        "center": center,
        "correlationid": str(correlation_id),
        "dataschema": f"/schemas/{type}",
        "datacontenttype": "application/json",
        "data": data,
    }


def wire(envelope: dict[str, Any], data: str) -> bytes:
    """An envelope on the wire, with ``data`` that is JSON text already: the relay need not understand it."""
    head = json.dumps(envelope | {"data": None}, ensure_ascii=False)
    return f"{head.removesuffix('null}')}{data}}}".encode()


def read(body: bytes) -> Delivery:
    """The event in a message body. Raises UnreadableEvent on anything that is not a whole event of a known type."""
    try:
        envelope = Envelope.load(json.loads(body))
    except marshmallow.ValidationError as error:
        raise UnreadableEvent(f"envelope: {', '.join(sorted(map(str, error.normalized_messages())))}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableEvent(f"not JSON: {type(error).__name__}") from None
    declared = VOCABULARY.get(envelope.type)
    if declared is None:
        raise UnreadableEvent("type: no event of that name and version is known")
    try:
        event = declared.load(envelope.data)
    except marshmallow.ValidationError as error:
        raise UnreadableEvent(f"data: {', '.join(sorted(map(str, error.normalized_messages())))}") from None
    return Delivery(event, envelope)
