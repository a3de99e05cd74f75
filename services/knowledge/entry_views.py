"""What is read of entries over HTTP."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from schemas.cursors import cursor_of, place_of
from schemas.entries import (
    Basis,
    EntryState,
    FlagVerdict,
    ReviewReason,
    ReviewSubject,
    ReviewVerdict,
    VettingStage,
    VettingVerdict,
)
from schemas.enums import Role
from schemas.errors import NotFound
from schemas.requests import entries as api
from schemas.requests import entry_lists as lists
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
        own=_own(actor),
        staff=actor.staff,
        state=query.state,
        department=query.department,
        text=query.text.strip(),
        drafts_of=None,
        after=place_of(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    items = tuple(_item(each) for each in rows[: query.limit])
    return api.EntryPage(items=items, next=_next(rows, query.limit))


def imported(call: Call) -> lists.ImportedEntryPage:
    """What was read in for the actor's department and was not handed in, to be signed many at once."""
    query, actor = call.query, call.actor
    rows = store.entry_pages.page(
        *(call.tx, actor.center),
        own=None,
        staff=actor.staff,
        state=None,
        department=None,
        text="",
        drafts_of=actor.department or "",
        after=place_of(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    shown = rows[: query.limit]
    latest = store.entry_pages.latest_versions(call.tx, [each.id for each in shown])
    items = tuple(
        lists.ImportedEntry(
            entry_id=each.id,
            number=each.number,
            question=each.question,
            version=each.latest_version,
            departments=each.departments,
            answer=latest[each.id].answer,
            basis=_basis(latest[each.id].basis),
            valid_until=latest[each.id].valid_until,
        )
        for each in shown
    )
    return lists.ImportedEntryPage(items=items, next=_next(rows, query.limit))


def entry(call: Call, entry_id: UUID) -> api.EntryView:
    """An entry whole. Raises NotFound, also for who may not see it."""
    tx, actor = call.tx, call.actor
    found = store.entries.find(tx, actor.center, entry_id)
    if not store.entry_pages.is_in_scope(tx, entry_id, _own(actor), actor.staff):
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


def to_vet(call: Call) -> lists.VettingPage:
    """What waits to be vetted, what is due first at the top: of the actor's department, or of all for the center."""
    query, actor = call.query, call.actor
    department = _own(actor) or query.department
    rows = store.vettings.to_vet(
        *(call.tx, actor.center, department),
        after=place_of(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    items = tuple(
        lists.ToVet(
            **row._asdict()
            | {
                "stage": VettingStage(row.stage),
                "departments": tuple(row.departments),
                "drafters": tuple(row.drafters),
                "basis": _basis(row.basis),
                "is_own": actor.staff in row.drafters,
            }
        )
        for row in rows[: query.limit]
    )
    more = cursor_of(items[-1].due_at, items[-1].entry_id) if len(rows) > query.limit else None
    return lists.VettingPage(items=items, next=more)


def reviews(call: Call) -> lists.ReviewPage:
    """What a department has to look at this week, or what was looked at."""
    query, actor = call.query, call.actor
    rows = store.reviews.page(
        *(call.tx, actor.center, _own(actor) or query.department),
        is_open=not query.done,
        after=place_of(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    items = tuple(_review(row) for row in rows[: query.limit])
    more = None
    if len(rows) > query.limit:
        last = rows[query.limit - 1]
        more = cursor_of(last.reviewed_at if query.done else last.due_at, last.id)
    return lists.ReviewPage(items=items, next=more)


def _review(row: Row) -> lists.ReviewItem:
    return lists.ReviewItem(
        **row._asdict()
        | {
            "subject_kind": ReviewSubject(row.subject_kind),
            "reasons": tuple(ReviewReason(each) for each in row.reasons),
            "verdict": ReviewVerdict(row.verdict) if row.verdict else None,
            "state": EntryState(row.state) if row.state else None,
        }
    )


def _vetting(row: Row) -> api.VettingView:
    values = row._asdict() | {
        "stage": VettingStage(row.stage),
        "verdict": VettingVerdict(row.verdict) if row.verdict else None,
    }
    del values["version"]
    return api.VettingView(**values)


def _basis(given: Sequence[Any]) -> tuple[api.BasisView, ...]:
    return tuple(api.BasisView(**vars(Basis.load(each))) for each in given)


def _own(actor: Actor) -> str | None:
    """The department whose entries the actor sees; None for those of all."""
    return None if actor.has(*ALL_SEEN) else actor.department or ""


def _item(found: Entry) -> api.EntryItem:
    return api.EntryItem(**_fields(found, api.EntryItem))


def _fields(found: Any, record: type, but: Collection[str] = ()) -> dict[str, Any]:
    names = record.schema().fields.keys() - set(but)  # type: ignore[attr-defined]
    return {name: getattr(found, name) for name in names}


def _next(rows: Sequence[Entry], limit: int) -> str | None:
    return cursor_of(rows[limit - 1].changed_at, rows[limit - 1].id) if len(rows) > limit else None
