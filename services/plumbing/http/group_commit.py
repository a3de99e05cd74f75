"""Requests in a transaction: each alone, or by group commit.

In a group they cost one commit, one flush of the log and one wait for a lock, as of whoever takes the next number.
Requests that arrive during a transaction share the next one; none is delayed to wait for others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple, Protocol

from eventlet.event import Event as Signal

from schemas.errors import Refused
from schemas.record.record import Record
from services.plumbing.database.database import Database
from services.plumbing.database.errors import is_away
from services.plumbing.database.transaction import Transaction
from services.plumbing.http import idempotency
from services.plumbing.http.idempotency import StoredReply

GROUP_SIZE = 50


class Requester(Protocol):
    """Who asks: whose their Idempotency-Keys are, and what rights their stored replies were given for."""

    @property
    def owner(self) -> str:
        """Whose an Idempotency-Key is."""

    @property
    def rights(self) -> str:
        """What a stored reply was given for."""


class PendingRequest(NamedTuple):
    """What a request wants; and the Idempotency-Key it came with, if any, whose it is, and what it was used for."""

    actor: Requester
    admit: Callable[[Transaction, Any], Requester] | None
    """Whether the actor may still ask, by what the database holds; None where anybody may. Raises Refused."""
    body: Any
    query: Any
    key: str | None
    owner: str
    fingerprint: bytes
    zone: Callable[[Transaction], tzinfo | None] = lambda _tx: None
    """With which offset the reply's instants are written; None leaves them as they are."""


@dataclass
class Call:
    """One request, as a handler sees it: ``body`` and ``query`` are records of the declared classes."""

    tx: Transaction
    actor: Any
    """An Requester, as the service has declared them."""
    body: Any
    query: Any


Perform = Callable[[list[Call]], Sequence[Record | Refused]]
"""Does what is asked; of each call the reply, or why it is refused while the others are not."""


def answer(
    database: Database, status: int, perform: Perform, group: Sequence[PendingRequest]
) -> list[StoredReply | Refused]:
    """The reply to each, all in one transaction. Raises what ``perform`` raises, and then nothing was done for any."""
    with database.transaction() as tx:
        begun = [_begin(tx, pending) for pending in group]
        to_do = [each for each in begun if isinstance(each, PendingRequest)]
        calls = [Call(tx, pending.actor, pending.body, pending.query) for pending in to_do]
        results = iter(perform(calls) if calls else ())
        return [
            _finish(tx, each, status, next(results)) if isinstance(each, PendingRequest) else each for each in begun
        ]


def _begin(tx: Transaction, pending: PendingRequest) -> PendingRequest | StoredReply | Refused:
    """What is to be done, for an actor as the database has them today; or the reply, where there is one already."""
    try:
        if pending.admit is not None:
            pending = pending._replace(actor=pending.admit(tx, pending.actor))
        if pending.key is None:
            return pending
        return idempotency.begin(tx, pending.owner, pending.key, pending.actor.rights, pending.fingerprint) or pending
    except Refused as error:
        return error


def _finish(tx: Transaction, pending: PendingRequest, status: int, result: Record | Refused) -> StoredReply | Refused:
    if isinstance(result, Refused):
        if pending.key is not None:
            idempotency.release(tx, pending.owner, pending.key)
        return result
    reply = StoredReply(status, result.json(pending.zone(tx)))
    if pending.key is not None:
        idempotency.finish(tx, pending.owner, pending.key, reply)
    return reply


class GroupCommit:
    """The requests of one route, one group at a time. ``spawn`` runs something beside the request."""

    def __init__(self, spawn: Callable[[Callable[[], None]], None], database: Database, status: int, perform: Perform):
        self._spawn, self._database, self._status, self._perform = spawn, database, status, perform
        self._waiting: list[tuple[PendingRequest, Signal]] = []
        self._is_serving = False

    def answer(self, pending: PendingRequest) -> StoredReply | Refused:
        """The reply to ``pending``. Raises what went wrong."""
        signal = Signal()
        self._waiting.append((pending, signal))
        if not self._is_serving:
            self._is_serving = True
            self._spawn(self._serve)
        reply: StoredReply | Refused = signal.wait()
        return reply

    def _serve(self) -> None:
        try:
            while self._waiting:
                self._answer_all(self._next_group())
        finally:
            self._is_serving = False

    def _next_group(self) -> list[tuple[PendingRequest, Signal]]:
        """Those that have waited longest; of several with the same key the first, for whom the others wait."""
        group: list[tuple[PendingRequest, Signal]] = []
        later: list[tuple[PendingRequest, Signal]] = []
        keys: set[tuple[str, str]] = set()
        for pending, signal in self._waiting:
            key = (pending.owner, pending.key or "")
            has_to_wait = len(group) == GROUP_SIZE or (pending.key is not None and key in keys)
            (later if has_to_wait else group).append((pending, signal))
            keys.add(key)
        self._waiting = later
        # In one order in all replicas, so that they cannot wait for each other's keys crosswise.
        return sorted(group, key=lambda each: (each[0].owner, each[0].key or ""))

    def _answer_all(self, group: list[tuple[PendingRequest, Signal]]) -> None:
        """Answer each of a group. After a failure each is tried alone, so that only those fail that have to.

        While the database is away that would fail as slowly: then all who wait are told so.
        """
        try:
            replies = answer(self._database, self._status, self._perform, [pending for pending, _signal in group])
        except Exception as error:
            if is_away(error):
                group, self._waiting = [*group, *self._waiting], []
            elif len(group) > 1:
                for each in group:
                    self._answer_all([each])
                return
            for _pending, signal in group:
                signal.send_exception(error)
        else:
            for (_pending, signal), reply in zip(group, replies, strict=True):
                signal.send(reply)
