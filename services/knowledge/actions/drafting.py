"""Drafts of entries: written by hand, made of a solved ticket, or read in from a file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from schemas.center.center import Center
from schemas.entries import EntryState, VersionState
from services.knowledge import store
from services.knowledge.rules import entry as rules
from services.knowledge.rules.entry import Entry, EntryDraft, EntryVersion
from services.plumbing.database.transaction import Transaction, new_id


def create_draft(
    tx: Transaction, center: Center, draft: EntryDraft, by: str, *, ticket_id: UUID | None = None
) -> Entry:
    """A new entry with a draft as its first version; ``ticket_id`` is the solved ticket that it is made of. Raises
    Invalid.
    """
    (entry,) = create_drafts(tx, center, [draft], by, ticket_id=ticket_id)
    return entry


def create_drafts(
    tx: Transaction,
    center: Center,
    drafts: Sequence[EntryDraft],
    by: str,
    *,
    ticket_id: UUID | None = None,
    import_id: UUID | None = None,
) -> list[Entry]:
    """New entries in the order of their drafts. Raises Invalid on a department that the center has not."""
    owners = [rules.owner_of(center, each) for each in drafts]
    numbers = store.entries.next_numbers(tx, center.code, len(drafts))
    entries, versions = [], []
    for draft, owner, number in zip(drafts, owners, numbers, strict=True):
        version = _version(tx, new_id(), 1, draft, by, (by,))
        entries.append(
            Entry(
                id=version.entry_id,
                center=center.code,
                number=number,
                kind=draft.kind,
                state=EntryState.DRAFT,
                owner=owner,
                departments=draft.departments,
                matters=draft.matters,
                question=draft.question,
                audience=draft.audience,
                latest_version=1,
                published_version=None,
                valid_until=None,
                basis_ends=None,
                created_at=tx.now,
                changed_at=tx.now,
                reviewed_at=None,
                ticket_id=ticket_id,
                import_id=import_id,
            )
        )
        versions.append(version)
    store.entries.insert(tx, entries, versions)
    return entries


def write(tx: Transaction, center: Center, entry_id: UUID, draft: EntryDraft, by: str) -> Entry:
    """Write the latest draft anew, or begin another version where none is a draft: what is shown stays until that is
    published. Raises NotFound, Conflict, Invalid.
    """
    entry = store.entries.lock(tx, center.code, entry_id)
    rules.ensure_open(entry)
    latest = store.entries.version(tx, entry.id, entry.latest_version)
    rules.ensure_may_write(latest)
    owner = rules.owner_of(center, draft)
    goes_on = latest.state in {VersionState.DRAFT, VersionState.RETURNED, VersionState.REFUSED}
    drafters = tuple(dict.fromkeys((*(latest.drafters if goes_on else ()), by)))
    if latest.state is VersionState.DRAFT:
        version = _version(tx, entry.id, latest.version, draft, by, drafters)
        store.entries.rewrite(tx, version)
    else:
        version = _version(tx, entry.id, latest.version + 1, draft, by, drafters)
        store.entries.insert_versions(tx, [version])
    changes: dict[str, Any] = {"latest_version": version.version}
    if entry.published_version is None:
        changes |= {
            "state": EntryState.DRAFT,
            "owner": owner,
            **{name: getattr(draft, name) for name in ("kind", "departments", "matters", "question", "audience")},
        }
    store.entries.update(tx, entry.id, **changes)
    return entry


def _version(
    tx: Transaction, entry_id: UUID, version: int, draft: EntryDraft, by: str, drafters: tuple[str, ...]
) -> EntryVersion:
    return EntryVersion(
        entry_id=entry_id,
        version=version,
        state=VersionState.DRAFT,
        **{name: getattr(draft, name) for name in rules.WRITTEN},
        drafted_by=by,
        drafters=drafters,
        drafted_at=tx.now,
    )
