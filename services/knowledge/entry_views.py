"""What is read of entries over HTTP."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from schemas.cursors import cursor_of, place_of
from schemas.entries import (
    Basis,
    FlagVerdict,
    VettingStage,
    VettingVerdict,
)
from schemas.enums import Role
from schemas.errors import NotFound
from schemas.requests import entries as api
from services.access.tokens import Actor
from services.knowledge import store
from services.knowledge.rules.entry import Entry
from services.knowledge.rules.vetting import acts_of
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call

ALL_SEEN = frozenset({Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.AUDITOR, Role.OPS})
"""Who sees the entries of every department."""


def entries(call: Call) -> api.EntryPage:
    """A page of the entries that the actor may see."""
    query, actor = call.query, call.actor
    rows = store.entry_pages.page(
        *(call.tx, actor.center),
        own=own_department(actor),
        staff=actor.staff,
        state=query.state,
        department=query.department,
        text=query.text.strip(),
        drafts_of=None,
        after=place_of(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    items = tuple(_item(each) for each in rows[: query.limit])
    return api.EntryPage(items=items, next=next_of(rows, query.limit))


def entry(call: Call, entry_id: UUID) -> api.EntryView:
    """An entry whole. Raises NotFound, also for who may not see it."""
    tx, actor = call.tx, call.actor
    found = store.entries.find(tx, actor.center, entry_id)
    if not store.entry_pages.is_in_scope(tx, entry_id, own_department(actor), actor.staff):
        raise NotFound("no such entry")
    versions = store.entries.versions(tx, entry_id)
    vettings: dict[int, list[api.VettingView]] = defaultdict(list)
    for row in store.vettings.of_entry(tx, entry_id):
        vettings[row.version].append(_vetting(row))
    asked = store.vettings.asked(tx, entry_id, found.latest_version)
    return api.EntryView(
        **_fields(found, api.EntryItem),
        versions=tuple(
            api.EntryVersionView(
                **_fields(each, api.EntryVersionView, but={"basis", "vettings"}),
                basis=tuple(api.BasisView(**vars(given)) for given in each.basis),
                vettings=tuple(vettings[each.version]),
            )
            for each in versions
        ),
        flags=tuple(
            api.FlagView(**row._asdict() | {"verdict": FlagVerdict(row.verdict) if row.verdict else None})
            for row in store.flags.of_entry(tx, entry_id)
        ),
        timeline=tuple(api.EntryTimelineItem(**row._asdict()) for row in store.entry_pages.timeline(tx, entry_id)),
        may=acts_of(actor, found, versions[0], asked),
    )


def _vetting(row: Row) -> api.VettingView:
    values = row._asdict() | {
        "stage": VettingStage(row.stage),
        "verdict": VettingVerdict(row.verdict) if row.verdict else None,
    }
    del values["version"]
    return api.VettingView(**values)


def basis_of(given: Sequence[Any]) -> tuple[api.BasisView, ...]:
    """The bases of a row."""
    return tuple(api.BasisView(**vars(Basis.load(each))) for each in given)


def own_department(actor: Actor) -> str | None:
    """The department whose entries the actor sees; None for those of all."""
    return None if actor.has(*ALL_SEEN) else actor.department or ""


def _item(found: Entry) -> api.EntryItem:
    return api.EntryItem(**_fields(found, api.EntryItem))


def _fields(found: Any, record: type, but: Collection[str] = ()) -> dict[str, Any]:
    names = record.schema().fields.keys() - set(but)  # type: ignore[attr-defined]
    return {name: getattr(found, name) for name in names}


def next_of(rows: Sequence[Entry], limit: int) -> str | None:
    """Where the page after these begins, of which there is one more than ``limit`` if there is such a page."""
    return cursor_of(rows[limit - 1].changed_at, rows[limit - 1].id) if len(rows) > limit else None
