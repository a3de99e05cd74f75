"""Documents that are made into PDFs while nobody waits: whose they are, and what came of it."""

from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction

LONGEST_SECONDS = 900
"""One that has taken longer was being made by a process that is gone."""


def begin(tx: Transaction, pdf_id: UUID, center: str, staff: str, name: str) -> None:
    """Note that one is being made."""
    tx.execute(
        "INSERT INTO pdfs (id, center, staff, name) VALUES (%(id)s, %(center)s, %(staff)s, %(name)s)",
        id=pdf_id,
        center=center,
        staff=staff,
        name=name,
    )


def end(tx: Transaction, pdf_id: UUID, content: bytes | None) -> None:
    """It is there, or cannot be made."""
    tx.execute("UPDATE pdfs SET is_over = true, content = %(content)s WHERE id = %(id)s", id=pdf_id, content=content)


def pdf(tx: Transaction, center: str, staff: str, pdf_id: UUID) -> Row | None:
    """One of a person's; None if it is none of theirs."""
    return tx.row(
        "SELECT id, name, content, is_over OR asked_at < bancheng.real_now() - make_interval(secs => %(longest)s)"
        " AS is_over FROM pdfs WHERE id = %(id)s AND center = %(center)s AND staff = %(staff)s",
        id=pdf_id,
        center=center,
        staff=staff,
        longest=LONGEST_SECONDS,
    )


def delete(tx: Transaction, pdf_id: UUID) -> None:
    """Forget one that somebody has got."""
    tx.execute("DELETE FROM pdfs WHERE id = %(id)s", id=pdf_id)


def delete_old(tx: Transaction) -> None:
    """Forget what was asked for more than a day ago."""
    tx.execute("DELETE FROM pdfs WHERE asked_at < bancheng.real_now() - interval '1 day'")
