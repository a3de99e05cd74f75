"""What can be found by asking: a version that is shown is entered, and taken out when it is shown no more.

Both are called in the transaction in which that becomes so, with the entry locked.
"""

from services.knowledge.actions import learning
from services.knowledge.rules.asking import EntryWords
from services.knowledge.rules.entry import Entry, EntryVersion
from services.knowledge.store.shelves import ShelfKind
from services.plumbing.database.transaction import Transaction


def index_entry(tx: Transaction, entry: Entry, version: EntryVersion) -> None:
    """A version is shown from now on; the one before, if any, was taken out."""
    learning.learn(tx, entry.center, {entry.id: _words(version)}, ShelfKind.ENTRIES)


def unindex_entry(tx: Transaction, entry: Entry, version: EntryVersion) -> None:
    """A version that was shown is replaced, suspended or expired."""
    learning.forget(tx, entry.center, {entry.id: _words(version)}, ShelfKind.ENTRIES)


def _words(version: EntryVersion) -> EntryWords:
    return EntryWords(version.question, version.other_wordings, version.answer)
