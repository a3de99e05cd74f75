"""Up to which time a service has published everything: what the relay reports once all earlier events are published.

    SELECT now, reached_at ...  asked first: every transaction with an earlier time has been committed, or never will be
    the outbox is emptied       so all of it has been confirmed by the broker
    source.reached.v1           follows it into the same queues

A transaction takes its time at its start (`Database.transaction`), so one that is still open holds the watermark back.
"""

from datetime import datetime
from typing import Any, NamedTuple

import orjson

from schemas.events.event import CONTENT_TYPE
from schemas.events.watermarks import EVERYWHERE, SourceReached
from services.plumbing.database.transaction import new_id
from services.plumbing.messaging.publisher import Message

EVERY_SECONDS = 1.0
MARGIN_SECONDS = 1.0
"""A transaction becomes visible to others in PostgreSQL a moment after it has taken its time."""

SCHEMA = """
CREATE OR REPLACE FUNCTION bancheng.oldest_transaction(service text) RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN bool_or(state IS NULL) THEN '-infinity' ELSE min(xact_start) END FROM pg_stat_activity
    WHERE application_name = 'bancheng-' || service AND datname = current_database() AND pid <> pg_backend_pid()
$$;
"""
"""When the oldest transaction of a service began that is still open, in any of its processes: null if there is none,
minus infinity where the asking user may not see it. It runs with the rights of the user who migrates, and returns no
more than this instant."""

_REACHED = """
SELECT CASE WHEN opened IS NULL THEN %(now)s
        WHEN opened = '-infinity' OR opened < stepped_at THEN NULL
        ELSE %(now)s - greatest(%(real_now)s - opened, interval '0') * speed END
    - make_interval(secs => %(margin)s * speed) AS reached_at, speed = 0 AS is_still
FROM (SELECT bancheng.oldest_transaction(current_schema()) AS opened) AS transactions
LEFT JOIN (SELECT real_time AS stepped_at, speed AS set_speed FROM bancheng.clock) AS setting ON true,
LATERAL (SELECT coalesce(set_speed, 1) AS speed) AS pace
"""


class Watermark(NamedTuple):
    """All that was done before ``reached_at`` is committed; None where that cannot be known now.

    ``is_still``: Bancheng's clock stands still, and a driver steps it.
    """

    reached_at: datetime | None
    is_still: bool


def read(cursor: Any) -> Watermark:
    """Up to which time everything that the service did is committed.

    The time is read before the sessions are looked at. A transaction that begins in between is not seen, and need not
    be: its time is later.
    """
    cursor.execute("SELECT bancheng.now(), bancheng.real_now()")
    now, real_now = cursor.fetchone()
    cursor.execute(_REACHED, {"now": now, "real_now": real_now, "margin": MARGIN_SECONDS})
    return Watermark(*cursor.fetchone())


def message(service: str, reached_at: datetime, subscribers: tuple[str, ...]) -> Message:
    """The event `source.reached.v1` as the broker gets it. It is never stored, since the next one replaces it."""
    id_ = str(new_id())
    event = SourceReached(center=EVERYWHERE, source=service, reached_at=reached_at)
    body = {
        "specversion": "1.0",
        "id": id_,
        "source": f"/bancheng/{service}",
        "type": event.TYPE,
        "subject": event.subject,
        "time": reached_at,
        "center": event.center,
        "correlationid": id_,
        "dataschema": f"/schemas/{event.TYPE}",
        "datacontenttype": "application/json",
        "data": event.dump(),
    }
    return Message(id_, event.TYPE, orjson.dumps(body), CONTENT_TYPE, subscribers)
