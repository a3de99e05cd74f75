"""Requests in a transaction: each alone, or those that wait at the same moment together.

Together they cost one commit, one flush of the log and one wait for a lock, as of whoever takes the next number. Nobody
waits for company: the first goes alone, and who comes meanwhile goes next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from eventlet.event import Event as Signal

from schemas.errors import Refused
from schemas.record.record import Record
from services.plumbing.database.database import Database
from services.plumbing.database.errors import is_away
from services.plumbing.database.transaction import Transaction
from services.plumbing.http import idempotency
from services.plumbing.http.idempotency import StoredReply

MOST = 50


class Actor(Protocol):
    """Who asks: whose their Idempotency-Keys are, and what rights their stored replies were given for."""

    @property
    def owner(self) -> str:
        """Whose an Idempotency-Key is."""

    @property
    def rights(self) -> str:
        """What a stored reply was given for."""


class PendingRequest(NamedTuple):
    """What a request wants; and the Idempotency-Key it came with, if any, whose it is, and what it was used for."""

    actor: Actor
    admit: Callable[[Transaction, Any], Actor] | None
    """Whether the actor may still ask, by what the database holds; None where anybody may. Raises Refused."""
    body: Any
    query: Any
    key: str | None
    owner: str
    fingerprint: bytes


@dataclass
class Call:
    """One request, as a handler sees it: ``body`` and ``query`` are records of the declared classes."""

    tx: Transaction
    actor: Any
    """An Actor, as the service has declared them."""
    body: Any
    query: Any


Perform = Callable[[list[Call]], Sequence[Record | Refused]]
"""Does what is asked; of each call the reply, or why it is refused while the others are not."""


def answer(
    database: Database, status: int, perform: Perform, group: Sequence[PendingRequest]
) -> list[StoredReply | Refused]:
    """What each is told, all in one transaction. Raises what ``perform`` raises, and then nothing was done for any."""
    with database.transaction() as tx:
        began = [_begin(tx, asked) for asked in group]
        told = [None if isinstance(each, PendingRequest) else each for each in began]
        fresh = [each for each in began if isinstance(each, PendingRequest)]
        said = iter(perform([Call(tx, asked.actor, asked.body, asked.query) for asked in fresh]) if fresh else ())
        return [
            known if known is not None else _finish(tx, asked, status, next(said))
            for asked, known in zip(group, told, strict=True)
        ]


def _begin(tx: Transaction, asked: PendingRequest) -> PendingRequest | StoredReply | Refused:
    """What is to be done, by whom as the center file has them today; or what there is to say at once."""
    try:
        if asked.admit is not None:
            asked = asked._replace(actor=asked.admit(tx, asked.actor))
        if asked.key is None:
            return asked
        return idempotency.begin(tx, asked.owner, asked.key, asked.fingerprint) or asked
    except Refused as error:
        return error


def _finish(tx: Transaction, asked: PendingRequest, status: int, said: Record | Refused) -> StoredReply | Refused:
    if isinstance(said, Refused):
        if asked.key is not None:
            idempotency.release(tx, asked.owner, asked.key)
        return said
    reply = said.dump()
    if asked.key is not None:
        idempotency.finish(tx, asked.owner, asked.key, status, reply)
    return StoredReply(status, reply)


class GroupCommit:
    """The requests of one route, one group at a time. ``spawn`` runs something beside the request."""

    def __init__(self, spawn: Callable[[Callable[[], None]], None], database: Database, status: int, perform: Perform):
        self._spawn, self._database, self._status, self._perform = spawn, database, status, perform
        self._waiting: list[tuple[PendingRequest, Signal]] = []
        self._is_serving = False

    def answer(self, asked: PendingRequest) -> StoredReply:
        """What ``asked`` is told. Raises why it is refused, or what went wrong."""
        told = Signal()
        self._waiting.append((asked, told))
        if not self._is_serving:
            self._is_serving = True
            self._spawn(self._serve)
        answered: StoredReply = told.wait()
        return answered

    def _serve(self) -> None:
        try:
            while self._waiting:
                self._settle(self._next_group())
        finally:
            self._is_serving = False

    def _next_group(self) -> list[tuple[PendingRequest, Signal]]:
        """Those that have waited longest; of several with the same key the first, for whom the others wait."""
        group: list[tuple[PendingRequest, Signal]] = []
        later: list[tuple[PendingRequest, Signal]] = []
        keys: set[tuple[str, str]] = set()
        for asked, told in self._waiting:
            key = (asked.owner, asked.key or "")
            has_to_wait = len(group) == MOST or (asked.key is not None and key in keys)
            (later if has_to_wait else group).append((asked, told))
            keys.add(key)
        self._waiting = later
        # In one order in all replicas, so that they cannot wait for each other's keys crosswise.
        return sorted(group, key=lambda each: (each[0].owner, each[0].key or ""))

    def _settle(self, group: list[tuple[PendingRequest, Signal]]) -> None:
        """Tell each of a group; one that spoils it for the others is told alone what was wrong with it."""
        try:
            outcome = answer(self._database, self._status, self._perform, [asked for asked, _told in group])
        except Exception as error:
            self._refuse(group, error)
            return
        for (_asked, told), result in zip(group, outcome, strict=True):
            if isinstance(result, Refused):
                told.send_exception(result)
            else:
                told.send(result)

    def _refuse(self, group: list[tuple[PendingRequest, Signal]], error: Exception) -> None:
        """Ask for each alone. While the database is away that would fail as slowly: then all who wait are told so."""
        if is_away(error):
            group, self._waiting = [*group, *self._waiting], []
        elif len(group) > 1:
            for each in group:
                self._settle([each])
            return
        for _asked, told in group:
            told.send_exception(error)
