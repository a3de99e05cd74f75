"""A file of entries is read in: its rows become drafts, which the departments sign many at once."""

from collections.abc import Sequence
from uuid import UUID

from schemas.center.center import Center
from schemas.errors import Invalid
from schemas.requests.entry_lists import ImportUndone
from services.knowledge import store
from services.knowledge.actions import drafting
from services.knowledge.rules import entry as rules
from services.knowledge.rules.entry import Entry, EntryDraft
from services.plumbing.database.transaction import Transaction


def import_drafts(
    tx: Transaction, center: Center, import_id: UUID, drafts: Sequence[EntryDraft], by: str
) -> list[Entry]:
    """Drafts in the order of their rows. Raises Invalid, which names the row, as in ``entries.3.owner``."""
    for nth, draft in enumerate(drafts):
        try:
            rules.owner_of(center, draft)
        except Invalid as error:
            raise Invalid(f"entries.{nth}.{error.field}", error.detail) from None
    return drafting.create_drafts(tx, center, drafts, by, import_id=import_id)


def undo(tx: Transaction, center: str, import_id: UUID) -> ImportUndone:
    """Take away the drafts that are as they were read in."""
    removed, kept = store.entries.remove_imported(tx, center, import_id)
    return ImportUndone(removed=removed, kept=kept)
