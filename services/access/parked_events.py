"""A service's parked events as an operator sees them: those of the operator's center, and what is no event of any."""

from typing import Any
from uuid import UUID

from schemas.cursors import cursor_of, place_of
from schemas.errors import NotFound
from schemas.requests import parked as api
from services.access import centers
from services.access.parked_view import envelope_of, fields_of, instant_in, text_in, uuid_in, why_of
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.messaging import retry_queue
from services.privacy.masking import mask_text

_COLUMNS = "event_id, type, subject, error, attempts + early_attempts AS tries, held_since"
_VISIBLE = (
    "next_try_at IS NULL AND (type IS NULL OR coalesce(substring(encode(body, 'escape')"
    ' FROM \'"center"\\s*:\\s*"([A-Za-z0-9][A-Za-z0-9_-]*)"\'), %(center)s) = %(center)s)'
)
"""The center stands in each envelope; what has none is everybody's to mend."""


def summary(tx: Transaction, center: str) -> api.ParkedSummary:
    """How many are parked, by type."""
    rows = tx.rows(
        f"SELECT type, count(*) AS parked, min(held_since) AS oldest FROM held WHERE {_VISIBLE}"
        " GROUP BY type ORDER BY type NULLS FIRST",
        center=center,
    )
    waiting: Any = tx.row("SELECT count(*) AS events FROM held WHERE next_try_at IS NOT NULL")
    kinds = tuple(api.ParkedKind(**row._asdict()) for row in rows)
    return api.ParkedSummary(parked=sum(each.parked for each in kinds), waiting=waiting.events, kinds=kinds)


def page(tx: Transaction, center: str, query: api.ParkedQuery) -> api.ParkedPage:
    """Parked events, those that are parked for the longest first. Raises Invalid on a bad cursor."""
    since, event_id = place_of(query.after) if query.after else ("-infinity", UUID(int=0))
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM held WHERE {_VISIBLE} AND (held_since, event_id) > (%(since)s, %(event_id)s)"
        " ORDER BY held_since, event_id LIMIT %(limit)s",
        center=center,
        since=since,
        event_id=event_id,
        limit=query.limit + 1,
    )
    items = tuple(api.ParkedEventView(**_view(row)) for row in rows[: query.limit])
    following = cursor_of(items[-1].held_since, items[-1].event_id) if len(rows) > query.limit else None
    return api.ParkedPage(items=items, next=following)


def details(tx: Transaction, center: str, event_id: UUID) -> api.ParkedEventDetails:
    """One of them. Raises NotFound."""
    row = _row(tx, center, event_id)
    body = bytes(row.body)
    envelope = envelope_of(body) if row.type else {}
    return api.ParkedEventDetails(
        **_view(row),
        source=text_in(envelope.get("source")),
        announced_at=instant_in(envelope.get("time")),
        correlation_id=uuid_in(envelope.get("correlationid")),
        size=len(body),
        fields=tuple(fields_of(row.type, envelope.get("data"), _codes(tx, center))),
    )


def _codes(tx: Transaction, code: str) -> set[str]:
    """The codes of the center file, which say nothing of a citizen."""
    version = centers.current_version(tx, code)
    center = centers.at_version(tx, code, version) if version else None
    return {code, *center.departments, *center.staff, *center.channels} if center else {code}


def replay(tx: Transaction, center: str, event_id: UUID, by: str) -> None:
    """Try it again, as often as a fresh one. Raises NotFound."""
    row = _row(tx, center, event_id)
    retry_queue.replay(tx, event_id)
    _record(tx, row, center, by, "replay", None)


def replay_kind(tx: Transaction, center: str, type_: str | None, by: str) -> int:
    """Try all of a type again; how many those were."""
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM held WHERE {_VISIBLE} AND type IS NOT DISTINCT FROM %(type)s FOR UPDATE",
        center=center,
        type=type_,
    )
    for row in rows:
        retry_queue.replay(tx, row.event_id)
        _record(tx, row, center, by, "replay", None)
    return len(rows)


def discard(tx: Transaction, center: str, event_id: UUID, by: str, reason: str) -> None:
    """Forget it for good; who did so and why is kept. Raises NotFound."""
    row = _row(tx, center, event_id)
    retry_queue.release(tx, event_id)
    _record(tx, row, center, by, "discard", mask_text(reason))


def _row(tx: Transaction, center: str, event_id: UUID) -> Row:
    row = tx.row(
        f"SELECT {_COLUMNS}, body FROM held WHERE event_id = %(event_id)s AND {_VISIBLE} FOR UPDATE",
        center=center,
        event_id=event_id,
    )
    if row is None:
        raise NotFound("no such parked event")
    return row


def _record(tx: Transaction, row: Row, center: str, by: str, act: str, reason: str | None) -> None:
    tx.execute(
        "INSERT INTO parked_acts (event_id, type, act, center, acted_by, acted_at, reason, error) VALUES"
        " (%(event_id)s, %(type)s, %(act)s, %(center)s, %(by)s, %(now)s, %(reason)s, %(error)s)",
        event_id=row.event_id,
        type=row.type,
        act=act,
        center=center,
        by=by,
        now=tx.now,
        reason=reason,
        error=why_of(row.error),
    )


def _view(row: Row) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("event_id", "type", "tries", "held_since")}
    return shown | {"subject": row.subject if uuid_in(row.subject) else None, "why": why_of(row.error)}
