"""The envelope and the base of every event: CloudEvents 1.0 in JSON, structured or batch mode (docs/adr, 3 and 5).

    class TicketClosed(Event, type="ticket.closed.v1", by="routing"):
        ticket_id: UUID
        outcome: Outcome

An event is declared once, like that; its class is the schema at both ends. Its ``type`` is also its routing key, and
only the service that it is announced ``by`` (or one of several) is believed.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, NamedTuple
from uuid import UUID

import marshmallow
from marshmallow.validate import Equal

from schemas.record.record import Record

SOURCES = "/bancheng/"
"""What an envelope's source begins with, before the service's name."""
CONTENT_TYPE = "application/cloudevents+json"
BATCH_CONTENT_TYPE = "application/cloudevents-batch+json"

_SPACES = " \t\n\r"
_AFTER_A_MEMBER = re.compile(rf"[{_SPACES}]*([],])[{_SPACES}]*")
_DECODER = json.JSONDecoder()

VOCABULARY: dict[str, type["Event"]] = {}
"""Every event of the system by its type; filled as the classes are declared."""


class UnreadableEvent(Exception):
    """Bytes that are no event we know: the reason is for operators and names fields, never their contents."""


class UnknownType(UnreadableEvent):
    """A whole envelope around an event of a type or version that is not known here."""

    def __init__(self, reason: str, envelope: "Envelope") -> None:
        super().__init__(reason)
        self.envelope = envelope


class Event(Record, unknown=marshmallow.EXCLUDE):
    """Something that happened, in the past tense. Carries ids and masked text, never names, phones or ID numbers."""

    TYPE: ClassVar[str] = ""
    ANNOUNCED_BY: ClassVar[tuple[str, ...]] = ()
    """The services whose event it is."""

    center: str

    def __init_subclass__(
        cls, *, type: str | None = None, by: str | tuple[str, ...] | None = None, **more: Any
    ) -> None:
        super().__init_subclass__(**more)
        if by is not None:
            cls.ANNOUNCED_BY = (by,) if isinstance(by, str) else by
        if type is None:  # a base that several events share
            return
        if type in VOCABULARY:
            raise TypeError(f"{type} is declared twice")
        cls.TYPE = type
        VOCABULARY[type] = cls

    def may_be_of(self, service: str) -> bool:
        """Whether this service may say it; for events that speak of their sender. The type's own services are given."""
        return True

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
    source: str
    type: str
    subject: str
    time: datetime
    center: str
    correlationid: UUID
    data: Any


class RawEvent(NamedTuple):
    """An envelope as it arrived, not judged yet: its text, to be kept, and the same as plain JSON types."""

    text: str
    value: Any

    @property
    def body(self) -> bytes:
        """A message body with this envelope alone."""
        return self.text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Delivery:
    """An event, the envelope that it came in, and that envelope as it arrived (``raw``)."""

    event: Event
    envelope: Envelope
    raw: RawEvent


def split_batch(body: bytes) -> list[RawEvent]:
    """The envelopes in a message body: one, or several in a list (CloudEvents' batch mode).

    Raises UnreadableEvent on what is no JSON, or an empty list.
    """
    try:
        text = body.decode("utf-8", "surrogatepass").strip(_SPACES)
        return _members(text) if text.startswith("[") else [RawEvent(text, json.loads(text))]
    except (ValueError, RecursionError) as error:
        raise UnreadableEvent(f"not JSON: {type(error).__name__}") from None


def _members(text: str) -> list[RawEvent]:
    """The members of a JSON list. Raises ValueError when it is none, or has none."""
    members, separator = [], ","
    start = len(text) - len(text[1:].lstrip(_SPACES))
    while separator == ",":
        value, end = _DECODER.raw_decode(text, start)
        members.append(RawEvent(text[start:end], value))
        after = _AFTER_A_MEMBER.match(text, end)
        if after is None:
            raise ValueError("a list that does not go on")
        separator, start = after[1], after.end()
    if start != len(text):
        raise ValueError("something after the list")
    return members


def parse(raw: RawEvent) -> Delivery:
    """The event in an envelope. Raises UnreadableEvent unless it is a whole one of a known type; UnknownType if only
    the type is not known.
    """
    try:
        envelope = Envelope.load(raw.value)
    except marshmallow.ValidationError as error:
        raise UnreadableEvent(f"envelope: {', '.join(sorted(map(str, error.normalized_messages())))}") from None
    declared = VOCABULARY.get(envelope.type)
    if declared is None:
        raise UnknownType("type: no event of that name and version is known", envelope)
    if envelope.source not in {f"{SOURCES}{service}" for service in declared.ANNOUNCED_BY}:
        raise UnreadableEvent(f"source: {envelope.type} is not announced by this service")
    try:
        event = declared.load(envelope.data)
    except marshmallow.ValidationError as error:
        raise UnreadableEvent(f"data: {', '.join(sorted(map(str, error.normalized_messages())))}") from None
    if not event.may_be_of(envelope.source.removeprefix(SOURCES)):
        raise UnreadableEvent(f"data: {envelope.type} speaks for another service than its source")
    return Delivery(event, envelope, raw)
