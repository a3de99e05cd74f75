"""A small service for the tests of the plumbing: a bit of everything that a service can have, and no rules of its own.

Only its own process imports this (`tests.stack.run_sample`), so that its events stay out of the tests' vocabulary.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length, Range

from schemas.enums import Role
from schemas.errors import Conflict, NotFound, Refused
from schemas.events.event import Event
from schemas.record.record import Record
from schemas.values import Timestamp
from services.access.admission import route
from services.plumbing.database.transaction import Transaction, as_json_rows, new_id
from services.plumbing.http.group_commit import Call
from services.plumbing.messaging.failures import NotYet
from services.plumbing.messaging.inbox import subscribe


class NoteWritten(Event, type="note.written.v1", by="sample"):
    """``serial`` counts the events of one note; ``ticket_id`` is the note, so that it is the event's subject."""

    ticket_id: UUID
    serial: int
    text: str


class NoteRated(Event, type="note.rated.v1", by="sample"):
    ticket_id: UUID


class NoteCopied(Event, type="note.copied.v1", by="sample"):
    """The version before knows nothing of this one (`tests.stack.run_sample`)."""

    ticket_id: UUID


class NoteForgotten(Event, type="note.forgotten.v1", by="sample"):
    """Nobody subscribes to this one."""

    ticket_id: UUID


class WriteNote(Record):
    text: Annotated[str, Length(min=1, max=200_000)]
    events: Annotated[int, Range(min=1, max=5000)] = 1
    at: Timestamp | None = None
    weight: float = 0.0


class Search(Record):
    text: str


class Nap(Record):
    seconds: float


class Note(Record):
    id: UUID
    text: str


class Found(Record):
    notes: tuple[Note, ...]


class HouseTime(Record):
    now: datetime


ELSEWHERE = "said elsewhere"
ACCIDENT = "an accident"


class Unbearable(Exception):
    """What the handler raises."""


class SampleService:
    """Notes are written over HTTP, and heard of when the event comes back."""

    name = "sample"

    @subscribe(NoteWritten, batch=True, order=10)
    def hear(self, events: list[NoteWritten], tx: Transaction) -> None:
        texts = [event.text for event in events]
        if found := tx.rows("SELECT text, is_slow FROM unbearable WHERE text = ANY(%(texts)s)", texts=texts):
            if found[0].is_slow:
                tx.execute("SET LOCAL statement_timeout = '0.1s'")
                tx.execute("SELECT pg_sleep(5)")
            raise Unbearable(f"{found[0].text}\x00 \ud800")  # an error's text may hold anything
        tx.execute(
            "INSERT INTO heard (note_id, serial) SELECT ticket_id, serial"
            " FROM json_to_recordset(%(rows)s) AS heard (ticket_id uuid, serial int)",
            rows=as_json_rows(events),
        )

    @subscribe(NoteRated, order=20)
    def rate(self, event: NoteRated, tx: Transaction) -> None:
        if tx.row("SELECT FROM heard WHERE note_id = %(id)s", id=event.ticket_id) is None:
            raise NotYet("the note has not been heard of")
        tx.execute("INSERT INTO rated VALUES (%(id)s)", id=event.ticket_id)

    @subscribe(NoteCopied, order=30)
    def copy(self, event: NoteCopied, tx: Transaction) -> None:
        tx.execute("INSERT INTO heard (note_id, serial) VALUES (%(id)s, 0)", id=event.ticket_id)

    @route("POST", "/notes", body=WriteNote, reply=Note, status=201, roles={Role.CLERK}, batched=True)
    def write(self, calls: list[Call]) -> list[Note | Refused]:
        return [Conflict("this is said elsewhere") if call.body.text == ELSEWHERE else _written(call) for call in calls]

    @route("GET", "/notes/<uuid:note_id>", reply=Note, roles={Role.CLERK})
    def read(self, call: Call, note_id: UUID) -> Note:
        row = call.tx.row("SELECT id, text FROM notes WHERE id = %(id)s", id=note_id)
        if row is None:
            raise NotFound("there is no such note")
        return Note(id=row.id, text=row.text)

    @route("GET", "/notes", query=Search, reply=Found, roles={Role.CLERK})
    def find(self, call: Call) -> Found:
        rows = call.tx.rows("SELECT id, text FROM notes WHERE text = %(text)s", text=call.query.text)
        return Found(notes=tuple(Note(id=row.id, text=row.text) for row in rows))

    @route("GET", "/titles/<title>", reply=Found, roles=None)
    def titles(self, call: Call, title: str) -> Found:
        rows = call.tx.rows("SELECT id, text FROM notes WHERE text = %(title)s", title=title)
        return Found(notes=tuple(Note(id=row.id, text=row.text) for row in rows))

    @route("DELETE", "/notes/<uuid:note_id>", reply=Note, roles={Role.CLERK})
    def forget(self, call: Call, note_id: UUID) -> Note:
        call.tx.announce(NoteForgotten(center=call.actor.center, ticket_id=note_id))
        return Note(id=note_id, text="")

    @route("POST", "/naps", body=Nap, reply=HouseTime, roles=None)
    def nap(self, call: Call) -> HouseTime:
        call.tx.row("SELECT pg_sleep(%(seconds)s)", seconds=call.body.seconds)
        return HouseTime(now=call.tx.now)

    @route("GET", "/now", reply=HouseTime, roles=None)
    def now(self, call: Call) -> HouseTime:
        return HouseTime(now=call.tx.now)

    @route("POST", "/knocks", reply=HouseTime, roles=None, per_minute=3)
    def knock(self, call: Call) -> HouseTime:
        return HouseTime(now=call.tx.now)

    @route("POST", "/accidents", reply=HouseTime, roles=None)
    def accident(self, call: Call) -> HouseTime:
        raise RuntimeError("postgresql://house:secret@db/bancheng is not what it was")

    @route("POST", "/quarrels", reply=HouseTime, roles={Role.DIRECTOR})
    def quarrel(self, call: Call) -> HouseTime:
        raise Conflict("somebody else was first")


def _written(call: Call) -> Note:
    if call.body.text == ACCIDENT:
        raise RuntimeError("one of several went wrong")
    note = Note(id=new_id(), text=call.body.text)
    call.tx.execute("INSERT INTO notes VALUES (%(id)s, %(text)s, %(now)s)", id=note.id, text=note.text, now=call.tx.now)
    call.tx.announce(
        *(
            NoteWritten(center=call.actor.center, ticket_id=note.id, serial=serial, text=note.text[:100])
            for serial in range(call.body.events)
        )
    )
    return note
