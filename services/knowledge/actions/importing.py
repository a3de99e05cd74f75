"""A file of entries is read in: its rows become drafts, which the departments sign many at once."""

from collections.abc import Sequence
from uuid import UUID

from schemas.center.center import Center
from schemas.errors import Conflict, Invalid
from schemas.requests.entry_lists import ImportUndone
from services.access.tokens import Actor
from services.knowledge import store
from services.knowledge.actions import drafting
from services.knowledge.rules import entry as rules
from services.knowledge.rules.entry import EntryDraft
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call


def import_drafts(call: Call, center: Center, drafts: Sequence[EntryDraft]) -> int:
    """Make drafts of a part of a file; how many of its rows were read in by now. A part that came before is left out.

    Raises Invalid, which names the row, as in ``entries.3.owner``; Conflict where parts before it are missing.
    """
    tx, body, by = call.tx, call.body, call.actor.staff
    for nth, draft in enumerate(drafts):
        try:
            rules.owner_of(center, draft)
        except Invalid as error:
            raise Invalid(f"entries.{nth}.{error.field}", error.detail) from None
    known = store.entry_imports.lock(tx, center.code, body.import_id, body.name, by)
    if known.undone_at is not None:
        raise Conflict("the import was undone")
    if body.first > known.rows:
        raise Conflict("rows before these were not read in")
    if body.first < known.rows:
        return int(known.rows)
    drafting.create_drafts(tx, center, drafts, by, import_id=body.import_id)
    return store.entry_imports.grow(tx, body.import_id, len(drafts))


def undo(tx: Transaction, actor: Actor, import_id: UUID) -> ImportUndone:
    """Take away the drafts that are as they were read in. Raises NotFound, Conflict."""
    if store.entry_imports.get(tx, actor.center, import_id).undone_at is not None:
        raise Conflict("the import was undone")
    removed, kept = store.entry_imports.remove_drafts(tx, actor.center, import_id)
    store.entry_imports.note_undone(tx, import_id, actor.staff, removed)
    return ImportUndone(removed=removed, kept=kept)
