"""How many messages a robot may be sent just now: a bucket that all processes share."""

from datetime import timedelta

from services.plumbing.database.transaction import Transaction

_REFILLED = (
    "least(%(capacity)s, r.tokens + %(rate)s * greatest(0, extract(epoch FROM bancheng.real_now() - r.refilled_at)))"
)


def take(tx: Transaction, center: str, fingerprint: bytes, capacity: float, per_second: float) -> bool:
    """Whether a robot may be sent a message now; if so, it is counted."""
    row = tx.row(
        "INSERT INTO robots AS r (center, address_fingerprint, tokens, refilled_at, free_at)"
        " VALUES (%(center)s, %(robot)s, %(capacity)s - 1, bancheng.real_now(), bancheng.real_now())"
        " ON CONFLICT (center, address_fingerprint) DO UPDATE SET refilled_at = excluded.refilled_at,"
        f" tokens = {_REFILLED} - 1, free_at = bancheng.real_now()"
        f" + make_interval(secs => greatest(0, 2 - {_REFILLED}) / %(rate)s)"
        " WHERE r.free_at <= bancheng.real_now() RETURNING tokens",
        center=center,
        robot=fingerprint,
        capacity=capacity,
        rate=per_second,
    )
    return row is not None


def block(tx: Transaction, center: str, fingerprint: bytes, pause: timedelta) -> None:
    """The robot takes none for so long, and then begins with one."""
    tx.execute(
        "UPDATE robots SET tokens = 1, refilled_at = bancheng.real_now() + %(pause)s,"
        " free_at = bancheng.real_now() + %(pause)s WHERE center = %(center)s AND address_fingerprint = %(robot)s",
        center=center,
        robot=fingerprint,
        pause=pause,
    )
