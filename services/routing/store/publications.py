"""Who published which version of a center file; the files themselves are kept by `services.access.centers`."""

from services.plumbing.database.transaction import Row, Transaction

_PUBLICATION = "version, published_at, published_by, restores"


def insert(
    tx: Transaction, center: str, version: int, *, by: str | None, restores: int | None, source: str | None
) -> None:
    """A version was published."""
    tx.execute(
        "INSERT INTO publications (center, version, published_at, published_by, restores, source)"
        " VALUES (%(center)s, %(version)s, %(now)s, %(by)s, %(restores)s, %(source)s)",
        center=center,
        version=version,
        now=tx.now,
        by=by,
        restores=restores,
        source=source,
    )


def page(tx: Transaction, center: str, before: int | None, limit: int) -> list[Row]:
    """Versions before one, the newest first; one more than was asked for, if there is one."""
    return tx.rows(
        f"SELECT {_PUBLICATION} FROM (SELECT version FROM centers WHERE code = %(center)s"
        " AND (%(before)s::integer IS NULL OR version < %(before)s) ORDER BY version DESC LIMIT %(limit)s) AS kept"
        " LEFT JOIN (SELECT * FROM publications WHERE center = %(center)s) AS known USING (version)"
        " ORDER BY version DESC",
        center=center,
        before=before,
        limit=limit + 1,
    )


def publication(tx: Transaction, center: str, version: int) -> Row | None:
    """When and by whom a version was published, and its text; None of one from before that was written down."""
    return tx.row(
        f"SELECT {_PUBLICATION}, source FROM publications WHERE center = %(center)s AND version = %(version)s",
        center=center,
        version=version,
    )
