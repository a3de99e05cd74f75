"""A service's own copy of the center files, as `center.published` brought them."""

import time

import psycopg2.extras

from schemas.center.center import Center, CenterMissed, CenterPublished
from schemas.errors import NotFound
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import EventRejected


class UnknownCenter(NotFound):
    """No center file of that code has arrived here."""


FRESH_SECONDS = 1.0
"""How long a process goes by the version that it knows, so that not every request asks for it."""


MOST_AHEAD = 1000
"""How many versions may have been missed. No center publishes as many; a number beyond would block all that follow."""


def keep(tx: Transaction, published: CenterPublished) -> bool:
    """Store the version that follows the newest one; False if it was known, or versions before it are missing.

    Those are asked for, this one with them, so that in whatever order they come all are stored in the end.
    Raises EventRejected on another file by a number that is taken, and on a number out of all order.
    """
    newest = newest_version(tx, published.center)
    if 1 <= published.version <= newest:
        if at_version(tx, published.center, published.version) != published.body:
            raise EventRejected(f"version: another file was published as version {published.version}")
        return False
    if not newest < published.version <= newest + MOST_AHEAD:
        raise EventRejected(f"version: {published.version} does not follow {newest}")
    if published.version > newest + 1:
        tx.announce(CenterMissed(center=published.center, after=newest, missed_by=tx.service))
        return False
    tx.cache.pop(published.center, None)
    return bool(
        tx.execute(
            "INSERT INTO centers (code, version, body) VALUES (%(code)s, %(version)s, %(body)s) ON CONFLICT DO NOTHING",
            code=published.center,
            version=published.version,
            body=psycopg2.extras.Json(published.body.dump()),
        )
    )


def codes(tx: Transaction) -> list[tuple[str, str]]:
    """The code and the name of every center whose file has come here, by code."""
    rows = tx.rows("SELECT DISTINCT code FROM centers ORDER BY code")
    return [(row.code, current(tx, row.code).name) for row in rows]


def newest_version(tx: Transaction, code: str) -> int:
    """The number of the newest version, counted from 1; 0 if there is none."""
    row = tx.row("SELECT coalesce(max(version), 0) AS version FROM centers WHERE code = %(code)s", code=code)
    return int(row.version) if row else 0


def current_version(tx: Transaction, code: str) -> int:
    """The number of the version that this process goes by; 0 if there is none."""
    version, known_at = tx.cache.get(code, (0, 0.0))
    if version == 0 or time.monotonic() - known_at > FRESH_SECONDS:
        version = newest_version(tx, code)
        tx.cache[code] = version, time.monotonic()
    return int(version)


def current(tx: Transaction, code: str) -> Center:
    """The center as it is configured now. Raises UnknownCenter."""
    return at_version(tx, code, current_version(tx, code))


def at_version(tx: Transaction, code: str, version: int) -> Center:
    """The center as one version configured it. Raises UnknownCenter."""
    kept = tx.cache.get((code, version))
    if kept is None:
        row = tx.row(
            "SELECT body FROM centers WHERE code = %(code)s AND version = %(version)s", code=code, version=version
        )
        if row is None:
            raise UnknownCenter(f"no center file {code!r} has been published")
        kept = tx.cache[code, version] = Center.load(row.body)  # a version never changes
    return kept
