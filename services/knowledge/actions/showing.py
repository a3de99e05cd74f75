"""An entry is shown, shown no more for the time being, or is over."""

from typing import Any

from schemas.entries import EntryState, SuspensionReason, VersionState
from schemas.events.entries import EntryExpired, EntryPublished, EntrySuspended
from services.knowledge import store
from services.knowledge.actions.entry_index import index_entry, unindex_entry
from services.knowledge.rules import entry as rules
from services.knowledge.rules.entry import Entry, EntryVersion
from services.plumbing.database.transaction import Transaction


def publish(tx: Transaction, entry: Entry, version: EntryVersion) -> None:
    """Show a version in place of the one before. The entry is locked."""
    if entry.published_version is not None:
        before = store.entries.version(tx, entry.id, entry.published_version)
        store.entries.update_version(tx, entry.id, before.version, state=VersionState.REPLACED)
        if entry.state is EntryState.PUBLISHED:
            unindex_entry(tx, entry, before)
    store.entries.update_version(tx, entry.id, version.version, state=VersionState.PUBLISHED, published_at=tx.now)
    valid_until = rules.valid_until_of(version)
    shown = entry._replace(
        state=EntryState.PUBLISHED,
        published_version=version.version,
        departments=version.departments,
        matters=version.matters,
        question=version.question,
        audience=version.audience,
        valid_until=valid_until,
        basis_ends=rules.basis_ends(version),
        reviewed_at=tx.now,
    )
    changed: dict[str, Any] = {name: value for name, value in shown._asdict().items() if value != getattr(entry, name)}
    store.entries.update(tx, entry.id, **changed)
    index_entry(tx, shown, version)
    store.flags.end(tx, entry.id, judged_only=True)
    store.reviews.end(tx, entry.id)
    store.entries.record_and_announce(
        tx,
        EntryPublished(
            **about(entry, version.version),
            departments=version.departments,
            matters=version.matters,
            audience=version.audience,
            valid_until=valid_until,
            drafted_by=version.drafted_by,
            published_at=tx.now,
        ),
    )


def suspend(tx: Transaction, entry: Entry, reason: SuspensionReason, why: str, by: str | None) -> None:
    """Show an entry no more until another version is published; ``by`` is None where nobody decided it. The entry is
    locked, and shown now.
    """
    assert entry.published_version is not None
    version = store.entries.version(tx, entry.id, entry.published_version)
    store.entries.update(tx, entry.id, state=EntryState.SUSPENDED)
    unindex_entry(tx, entry, version)
    store.entries.record_and_announce(
        tx,
        EntrySuspended(**about(entry, version.version), reason=reason, why=why, suspended_by=by, suspended_at=tx.now),
    )


def expire(tx: Transaction, entry: Entry, why: str, by: str | None) -> None:
    """An entry is over; ``by`` is None where its time has come. The entry is locked, and was shown once."""
    assert entry.published_version is not None
    version = store.entries.version(tx, entry.id, entry.published_version)
    store.entries.update(tx, entry.id, state=EntryState.EXPIRED)
    if entry.state is EntryState.PUBLISHED:
        unindex_entry(tx, entry, version)
    store.flags.end(tx, entry.id, judged_only=False)
    store.vettings.end(tx, entry.id)
    store.reviews.end(tx, entry.id)
    store.entries.record_and_announce(
        tx, EntryExpired(**about(entry, version.version), why=why, expired_by=by, expired_at=tx.now)
    )


def about(entry: Entry, version: int) -> dict[str, Any]:
    """What every event about a version of an entry says."""
    return {"center": entry.center, "entry_id": entry.id, "number": entry.number, "version": version}
