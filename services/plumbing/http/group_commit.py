"""Requests in a transaction: each alone, or by group commit.

A group costs one commit, one flush of the log, and one wait for a lock, for example that of a counter. Requests that
arrive during a transaction share the next one; no request is delayed to wait for others.
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
    """Somebody who sends requests, with an owner for Idempotency-Keys and with the rights that a stored reply needs."""

    @property
    def owner(self) -> str:
        """The owner of this requester's Idempotency-Keys."""

    @property
    def rights(self) -> str:
        """The rights for which a reply is stored: with others it is not given again."""


class PendingRequest(NamedTuple):
    """What a request asks for; with its Idempotency-Key, if any, the key's owner, and a fingerprint of the request."""

    actor: Requester
    admit: Callable[[Transaction, Any], Requester] | None
    """Checks in the database whether the actor may still ask; None where anybody may. Raises Refused."""
    body: Any
    query: Any
    key: str | None
    owner: str
    fingerprint: bytes
    zone: Callable[[Transaction], tzinfo | None] = lambda _tx: None
    """The time zone for the instants in the reply; None leaves them as they are."""


@dataclass
class Call:
    """One request, as a handler sees it: ``body`` and ``query`` are records of the declared classes."""

    tx: Transaction
    actor: Any
    """A Requester, of the class that the services have for it."""
    body: Any
    query: Any


Perform = Callable[[list[Call]], Sequence[Record | Refused]]
"""Handles calls; returns for each its reply, or why this one is refused. The others are handled all the same."""


def answer(
    database: Database, status: int, perform: Perform, group: Sequence[PendingRequest]
) -> list[StoredReply | Refused]:
    """The replies, all in one transaction. Raises what ``perform`` raises; then nothing was done for any request."""
    with database.transaction() as tx:
        begun = [_begin(tx, pending) for pending in group]
        to_do = [each for each in begun if isinstance(each, PendingRequest)]
        calls = [Call(tx, pending.actor, pending.body, pending.query) for pending in to_do]
        results = iter(perform(calls) if calls else ())
        return [
            _finish(tx, each, status, next(results)) if isinstance(each, PendingRequest) else each for each in begun
        ]


def _begin(tx: Transaction, pending: PendingRequest) -> PendingRequest | StoredReply | Refused:
    """The request, its actor with the present rights; or the reply that is stored for its key; or why it is refused."""
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
    """Answers the requests of one route, one group at a time. ``spawn`` starts a greenlet."""

    def __init__(self, spawn: Callable[[Callable[[], None]], None], database: Database, status: int, perform: Perform):
        self._spawn, self._database, self._status, self._perform = spawn, database, status, perform
        self._waiting: list[tuple[PendingRequest, Signal]] = []
        self._is_serving = False

    def answer(self, pending: PendingRequest) -> StoredReply | Refused:
        """The reply to ``pending``. Raises the error of its transaction."""
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
        """The requests that have waited longest; of several with the same key the first, the others wait for it."""
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
        """Answer each request of a group. After a failure each is tried alone, so that only those fail that must.

        While the database is away, each would fail as slowly: then all that wait fail at once.
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
