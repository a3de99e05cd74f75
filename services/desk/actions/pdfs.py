"""A document as PDF: at once where that takes seconds, else in the background, however busy the machine is."""

from functools import partial
from uuid import UUID

import structlog

from services.desk import store
from services.plumbing.database.database import Database
from services.plumbing.database.transaction import new_id
from services.plumbing.runtime.background import StillGoing, wait_a_while
from services.plumbing.runtime.office import to_pdf

PATIENCE_SECONDS = 20.0
"""For so long whoever asks is kept waiting."""

_log = structlog.get_logger()


class NotReady(Exception):
    """It is being made on; ``pdf_id`` is where it will be."""

    def __init__(self, pdf_id: UUID) -> None:
        super().__init__()
        self.pdf_id = pdf_id


def make_pdf(database: Database, center: str, staff: str, name: str, document: bytes) -> bytes | None:
    """The document (docx) as PDF; None where it cannot be made. Raises NotReady, TooManyAtOnce."""
    pdf_id = new_id()
    with database.transaction() as tx:
        store.pdfs.begin(tx, pdf_id, center, staff, name)
    try:
        made = wait_a_while(partial(_make, database, pdf_id, document), PATIENCE_SECONDS)
    except StillGoing:
        raise NotReady(pdf_id) from None
    with database.transaction() as tx:
        store.pdfs.delete(tx, pdf_id)
    return made


def _make(database: Database, pdf_id: UUID, document: bytes) -> bytes | None:
    made = None
    try:
        made = to_pdf(document)
    finally:
        try:
            with database.transaction() as tx:
                store.pdfs.end(tx, pdf_id, made)
        except Exception:
            _log.exception("a PDF could not be kept")
    return made
