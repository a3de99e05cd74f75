"""A file of entries is read in: sent, its columns named, looked at, read in lot by lot; and taken away as a whole."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, render_template, request

from schemas.enums import Role
from schemas.requests.entry_lists import LOT
from services.calendar.calendar import work_calendar
from services.desk import store
from services.desk.pages.guard import for_staff, is_fragment, to_page
from services.desk.pages.imports import SHOWN, sent_table, table_of_bad_rows
from services.desk.rules.entry_mapping import COLUMNS, FIELDS, NEEDED, entry_of, judged
from services.desk.rules.import_mapping import BadRow, guessed
from services.plumbing.database.transaction import Row
from services.plumbing.runtime.threads import in_thread
from services.privacy.personal_data import no_pause

pages = Blueprint("entry_imports", __name__)

KIND = "entries"
FILE = "/entries/imports/files/<uuid:draft_id>"


@pages.get("/entries/imports")
@for_staff(Role.OPS)
def show() -> Any:
    """What was read in, and the form for more."""
    return _page()


def _page(fault: str | None = None, status: int = 200) -> Any:
    page = g.person.get("knowledge", "/entries/imports", after=request.args.get("after"))
    return render_template("entry_imports.html", page=page, fault=fault), status


@pages.post("/entries/imports/file")
@for_staff(Role.OPS)
def send() -> Any:
    """Take the file's table apart, in a process of its own."""
    try:
        draft_id = UUID(hex=request.form.get("key", ""))
    except ValueError:
        abort(400)
    name, table = sent_table()
    if isinstance(table, str):
        return _page(table, 422)
    mapping = guessed(table["head"], COLUMNS)
    with g.desk.database.transaction() as tx:
        store.drafts.put(tx, draft_id, g.person.center, g.person.staff, name, table, mapping, KIND)
    return to_page("entry_imports.review", draft_id=draft_id)


def _draft(draft_id: UUID) -> Row:
    with g.desk.database.transaction() as tx:
        found = store.drafts.draft(tx, g.person.center, g.person.staff, draft_id, KIND)
    if found is None:
        abort(404)
    return found


def _judged(draft: Row) -> tuple[list[dict[str, Any]], list[BadRow]]:
    center, now = g.center, g.now
    today = work_calendar(center.calendar).local(now).date()
    return in_thread(lambda: judged(draft.rows, draft.mapping, center, today, no_pause))


@pages.get(FILE)
@for_staff(Role.OPS)
def review(draft_id: UUID) -> Any:
    """Which column is what, how the first rows look then, and what is wrong with which."""
    draft = _draft(draft_id)
    good, bad = _judged(draft)
    return render_template(
        "entry_import_review.html",
        draft=draft,
        fields=FIELDS,
        needed=NEEDED,
        good=good,
        bad=bad,
        bad_rows=len({each.place for each in bad}),
        preview=[entry_of(cells, draft.mapping, g.center) for cells in draft.rows[:SHOWN]],
        shown=SHOWN,
    )


@pages.post(FILE)
@for_staff(Role.OPS)
def name_columns(draft_id: UUID) -> Any:
    """Name the columns anew, and look again."""
    draft = _draft(draft_id)
    mapping = {field: int(place) for field in FIELDS if (place := request.form.get(field, "")).isdecimal()}
    if draft.done or any(place >= len(draft.head) for place in mapping.values()):
        abort(400)
    with g.desk.database.transaction() as tx:
        store.drafts.keep_mapping(tx, draft_id, mapping)
    return to_page("entry_imports.review", draft_id=draft_id)


@pages.get(f"{FILE}/bad-rows.csv")
@for_staff(Role.OPS)
def bad_rows(draft_id: UUID) -> Any:
    """The rows that are not taken, with what is wrong, as a table to mend and send again."""
    draft = _draft(draft_id)
    return table_of_bad_rows(draft, _judged(draft)[1], "entry_column_")


@pages.get(f"{FILE}/progress")
@for_staff(Role.OPS)
def progress(draft_id: UUID) -> Any:
    """How far it is read in."""
    draft = _draft(draft_id)
    return render_template("entry_import_progress_page.html", draft=draft, rows=len(_judged(draft)[0]))


@pages.post(f"{FILE}/progress")
@for_staff(Role.OPS)
def go_on(draft_id: UUID) -> Any:
    """Read in the next lot; sent again, it goes on where it was."""
    draft = _draft(draft_id)
    good, _bad = _judged(draft)
    lot = good[draft.done : draft.done + LOT]
    if lot:
        body = {"import_id": str(draft.id), "name": draft.name or "—", "first": draft.done, "entries": lot}
        done = g.person.post("knowledge", "/entries/imports", body, key=f"{draft.id}-{draft.done}")["rows"]
        with g.desk.database.transaction() as tx:
            store.drafts.keep_done(tx, draft_id, done)
        draft = draft._replace(done=done)
    if not is_fragment():
        return to_page("entry_imports.progress", draft_id=draft_id)
    return render_template("entry_import_progress.html", draft=draft, rows=len(good))


@pages.post("/entries/imports/<uuid:import_id>/undo")
@for_staff(Role.OPS)
def undo(import_id: UUID) -> Any:
    """Take away what nobody has worked on."""
    g.person.post("knowledge", f"/entries/imports/{import_id}/undo", key=request.form.get("key"))
    return to_page("entry_imports.show")
