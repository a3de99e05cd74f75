"""A center's own Word templates."""

from services.plumbing.database.transaction import Row, Transaction, new_id


def put(tx: Transaction, center: str, document: str, content: bytes | None, staff: str) -> None:
    """From now on this is the template; None for ours."""
    tx.execute(
        "INSERT INTO document_templates (id, center, document, content, put_by, put_at)"
        " VALUES (%(id)s, %(center)s, %(document)s, %(content)s, %(staff)s, %(now)s)",
        id=new_id(),
        center=center,
        document=document,
        content=content,
        staff=staff,
        now=tx.now,
    )


def content(tx: Transaction, center: str, document: str) -> bytes | None:
    """The center's own template; None where it is ours."""
    row = tx.row(
        "SELECT content FROM document_templates WHERE center = %(center)s AND document = %(document)s"
        " ORDER BY id DESC LIMIT 1",
        center=center,
        document=document,
    )
    return bytes(row.content) if row and row.content is not None else None


def latest(tx: Transaction, center: str) -> dict[str, Row]:
    """By document who changed its template last, when, and whether it is the center's own."""
    rows = tx.rows(
        "SELECT DISTINCT ON (document) document, put_by, put_at, content IS NOT NULL AS is_own"
        " FROM document_templates WHERE center = %(center)s ORDER BY document, id DESC",
        center=center,
    )
    return {row.document: row for row in rows}
