"""Up to which instant all events of the other services have arrived, so that it is known what was done in time; and up
to which instant marks have waited for them long enough.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from schemas.events.watermarks import SourceReached
from services.plumbing.database.transaction import Transaction, as_json_rows

SOURCES = ("intake", "routing")
"""The services whose events change deadlines."""


def keep(tx: Transaction, events: Sequence[SourceReached]) -> None:
    """Store the watermark of each service. The newest event counts, even if its instant is earlier than before."""
    newest = {event.source: event for event in events}
    tx.execute(
        "INSERT INTO watermarks (source, reached_at) SELECT source, reached_at"
        " FROM json_populate_recordset(NULL::watermarks, %(rows)s)"
        " ON CONFLICT (source) DO UPDATE SET reached_at = EXCLUDED.reached_at, received_at = clock_timestamp()",
        rows=as_json_rows([newest[source] for source in sorted(newest)]),
    )


def confirmed(tx: Transaction) -> datetime | None:
    """The instant before which everything that was done is known here by its event; None while it is not known."""
    row: Any = tx.row(
        "SELECT least(min(reached_at), bancheng.now()) AS at FROM watermarks WHERE source = ANY(%(sources)s)"
        " HAVING count(*) = %(count)s",
        sources=list(SOURCES),
        count=len(SOURCES),
    )
    at: datetime | None = row.at if row else None
    return at


def unconfirmed_until(tx: Transaction, seconds: float) -> datetime | None:
    """The instant up to which marks have waited for ``seconds`` of real time, while the watch ran all that time.

    None until the watch has run for that long, and while Bancheng's clock stands still.
    """
    row = tx.row(
        "SELECT bancheng.real_seconds_ago(%(seconds)s) AS at FROM clock_readings"
        " WHERE bancheng.real_now() - watching_since >= make_interval(secs => %(seconds)s)"
        " AND NOT EXISTS (SELECT FROM bancheng.clock WHERE speed = 0)",
        seconds=seconds,
    )
    at: datetime | None = row.at if row else None
    return at


def lags(tx: Transaction) -> dict[str, float]:
    """By how many real seconds the events of each known service are behind; 0 if Bancheng's clock stands still."""
    rows = tx.rows("SELECT source, -bancheng.real_seconds_until(reached_at) AS seconds FROM watermarks")
    return {row.source: max(0.0, float(row.seconds or 0)) for row in rows}
