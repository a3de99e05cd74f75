"""What operators see: metrics, and whether the loops of this process still turn."""

import time

from prometheus_client import Counter, Gauge, Histogram

STALLED_AFTER_SECONDS = 60.0

HTTP_REQUESTS = Counter("bancheng_http_requests", "Requests answered.", ["service", "route", "status"])
HTTP_SECONDS = Histogram(
    "bancheng_http_request_seconds",
    "From the whole request read to the reply made.",
    ["service", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
HTTP_HUNG_UP = Counter(
    "bancheng_http_hung_up",
    "Connections ended because there were too many, and these had waited longest.",
    ["service"],
)
EVENTS_HANDLED = Counter(
    "bancheng_events_handled", "Events taken from the queue, by what became of them.", ["service", "type", "outcome"]
)
EVENTS_PUBLISHED = Counter("bancheng_events_published", "Events that the broker confirmed.", ["service", "type"])
EVENTS_RETURNED = Counter(
    "bancheng_events_returned", "Events that somebody subscribes to and no queue took.", ["service"]
)
EVENTS_PARKED = Gauge("bancheng_events_parked", "Events that were given up and wait for a person.", ["service"])
EVENTS_WAITING = Gauge("bancheng_events_waiting", "Events that failed and will be tried again.", ["service"])
RECONCILIATION_MISSING = Counter(
    "bancheng_reconciliation_missing", "Tickets that a reconciliation named, unknown to this service.", ["service"]
)
OUTBOX_AGE = Gauge("bancheng_outbox_oldest_age_seconds", "Age of the oldest event not yet confirmed.", ["service"])
OUTBOX_EVENTS = Gauge("bancheng_outbox_events", "Events not yet confirmed.", ["service"])
DATABASE_WRITABLE = Gauge(
    "bancheng_database_takes_writes",
    "Whether it does; 0 also while it is away.",
    ["service"],
)
LOOP_BEAT = Gauge("bancheng_loop_last_turn_timestamp_seconds", "When a loop last made a turn.", ["service", "loop"])

_obstacles: dict[tuple[str, str], str] = {}
_turns: dict[tuple[str, str], float] = {}


def beat(service: str, loop: str) -> None:
    """A loop made a turn, whether or not there was work."""
    _turns[service, loop] = time.monotonic()
    LOOP_BEAT.labels(service, loop).set_to_current_time()


def stalled(service: str | None = None) -> list[str]:
    """The loops that made no turn for STALLED_AFTER_SECONDS (of one service, or of the process)."""
    now = time.monotonic()
    return [
        f"{owner}/{loop}"
        for (owner, loop), turned in list(_turns.items())  # another thread may ask
        if service in (None, owner) and now - turned > STALLED_AFTER_SECONDS
    ]


def set_obstacle(service: str, what: str, reason: str | None) -> None:
    """Say why a service cannot do its work although its loops turn and its database answers; None: it can again."""
    if reason is None:
        _obstacles.pop((service, what), None)
    else:
        _obstacles[service, what] = reason


def obstacles() -> list[str]:
    """Why the services of this process are not ready."""
    return [f"{service}: {reason}" for (service, _what), reason in _obstacles.items()]
