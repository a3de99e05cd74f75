"""What is read of the lists of the question base over HTTP."""

from schemas.cursors import cursor_of, place_of
from schemas.entries import EntryState, ReviewReason, ReviewSubject, ReviewVerdict, VettingStage
from schemas.requests import entry_lists as lists
from services.knowledge import store
from services.knowledge.entry_views import basis_of, next_of, own_department
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call


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
            basis=basis_of(latest[each.id].basis),
            valid_until=latest[each.id].valid_until,
        )
        for each in shown
    )
    return lists.ImportedEntryPage(items=items, next=next_of(rows, query.limit))


def to_vet(call: Call) -> lists.VettingPage:
    """What waits to be vetted, what is due first at the top: of the actor's department, or of all for the center."""
    query, actor = call.query, call.actor
    department = own_department(actor) or query.department
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
                "basis": basis_of(row.basis),
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
        *(call.tx, actor.center, own_department(actor) or query.department),
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


def imports(call: Call) -> lists.EntryImportPage:
    """A page of the files that were read in."""
    query = call.query
    rows = store.entry_imports.page(
        *(call.tx, call.actor.center),
        after=place_of(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    items = tuple(lists.EntryImport(**row._asdict()) for row in rows[: query.limit])
    more = cursor_of(items[-1].imported_at, items[-1].id) if len(rows) > query.limit else None
    return lists.EntryImportPage(items=items, next=more)
