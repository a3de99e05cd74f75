"""An old ledger is read in: sent as a file, its columns named, looked at, taken over; and taken out as a whole."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, render_template, request

from schemas.enums import Role
from schemas.requests.imports import ROWS_AT_ONCE
from services.desk import store
from services.desk.backend import BackendRefused
from services.desk.pages.figures import sent
from services.desk.pages.files import sent_file
from services.desk.pages.guard import for_staff, to_page
from services.desk.rules.import_mapping import FIELDS, NEEDED, BadRow, guessed, judged, row_of
from services.files.cells import file_name
from services.files.csv_table import csv_table
from services.plumbing.database.transaction import Row
from services.plumbing.runtime.child import run_child
from services.plumbing.runtime.threads import in_thread

pages = Blueprint("imports", __name__)

READERS = (Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
LEADERS = READERS[1:]
SHOWN = 10
_SCRIPT = Path(__file__).parents[2] / "files" / "table_process.py"
_FAULTS = {
    b"too_large": "The file is too large once it is unpacked.",
    b"too_many": "The table has too many rows or too much text; divide it.",
    b"empty": "No head with several columns and rows below it was found.",
}


@pages.get("/ledger/imports")
@for_staff(*READERS)
def show() -> Any:
    """What was read in; leaders read in more."""
    return _page()


def _page(fault: str | None = None, status: int = 200) -> Any:
    page = g.person.get("intake", "/imports", after=request.args.get("after"))
    return render_template("imports.html", page=page, fault=fault, may_import=g.person.has(*LEADERS)), status


@pages.post("/ledger/imports/file")
@for_staff(*LEADERS)
def send() -> Any:
    """Take the file's table apart, in a process of its own."""
    try:
        draft_id = UUID(hex=request.form.get("key", ""))
    except ValueError:
        abort(400)
    name, table = sent_table()
    if isinstance(table, str):
        return _page(table, 422)
    with g.desk.database.transaction() as tx:
        store.drafts.put(tx, draft_id, g.person.center, g.person.staff, name, table, guessed(table["head"]))
    return to_page("imports.review", draft_id=draft_id)


def sent_table() -> tuple[str, Mapping[str, Any] | str]:
    """The name of the file that was sent, and its table, or what is wrong with it."""
    try:
        content, _said, _query = sent_file()
    except BackendRefused as refused:
        return "", refused.errors["file"][0]
    finished = run_child(_SCRIPT, content=content, seconds=40)
    if finished.code or not finished.output:
        return "", _FAULTS.get(finished.output, "The file cannot be read; it may be damaged.")
    name = file_name((request.files["file"].filename or "").rpartition(".")[0], "")[:-1]
    return name, in_thread(lambda: json.loads(finished.output))


def table_of_bad_rows(draft: Row, bad: Iterable[BadRow], prefix: str) -> Any:
    """The rows that are not taken, with what is wrong, as a table to mend and send again."""
    faults: dict[int, list[str]] = {}
    for each in bad:
        said = f"{g.wording.code(f'{prefix}{each.field}')}: {g.wording.reply(each.fault)}"
        faults.setdefault(each.place, []).append(said)
    head = [*draft.head, g.wording.say("What is wrong")]
    rows = [
        [*draft.rows[place - 1], *[""] * (len(draft.head) - len(draft.rows[place - 1])), "; ".join(said)]
        for place, said in faults.items()
    ]
    name = file_name(f"{draft.name} {g.wording.say('bad rows')}", "csv")
    return sent(csv_table(head, rows), name, "text/csv; charset=utf-8")


def _draft(draft_id: UUID) -> Row:
    with g.desk.database.transaction() as tx:
        found = store.drafts.draft(tx, g.person.center, g.person.staff, draft_id)
    if found is None:
        abort(404)
    return found


@pages.get("/ledger/imports/files/<uuid:draft_id>")
@for_staff(*LEADERS)
def review(draft_id: UUID) -> Any:
    """Which column is what, how the first rows look then, and what is wrong with which."""
    draft = _draft(draft_id)
    good, bad = in_thread(lambda: judged(draft.rows, draft.mapping))
    return render_template(
        "import_review.html",
        draft=draft,
        fields=FIELDS,
        needed=NEEDED,
        good=good,
        bad=bad,
        bad_rows=len({each.place for each in bad}),
        preview=[row_of(cells, draft.mapping) for cells in draft.rows[:SHOWN]],
        shown=SHOWN,
    )


@pages.post("/ledger/imports/files/<uuid:draft_id>")
@for_staff(*LEADERS)
def name_columns(draft_id: UUID) -> Any:
    """Name the columns anew, and look again."""
    draft = _draft(draft_id)
    mapping = {field: int(place) for field in FIELDS if (place := request.form.get(field, "")).isdecimal()}
    if any(place >= len(draft.head) for place in mapping.values()):
        abort(400)
    with g.desk.database.transaction() as tx:
        store.drafts.keep_mapping(tx, draft_id, mapping)
    return to_page("imports.review", draft_id=draft_id)


@pages.get("/ledger/imports/files/<uuid:draft_id>/bad-rows.csv")
@for_staff(*LEADERS)
def bad_rows(draft_id: UUID) -> Any:
    """The rows that are not taken, with what is wrong, as a table to mend and send again."""
    draft = _draft(draft_id)
    _good, bad = in_thread(lambda: judged(draft.rows, draft.mapping))
    return table_of_bad_rows(draft, bad, "import_")


@pages.post("/ledger/imports/files/<uuid:draft_id>/take-over")
@for_staff(*LEADERS)
def take_over(draft_id: UUID) -> Any:
    """Have intake keep the good rows; sent again, it goes on where it was."""
    draft = _draft(draft_id)
    good, _bad = in_thread(lambda: judged(draft.rows, draft.mapping))
    if not good:
        abort(400)
    begun = g.person.post("intake", "/imports", {"name": draft.name}, key=f"{draft_id}")
    for first in range(0, len(good), ROWS_AT_ONCE):
        body = {"first": first, "rows": good[first : first + ROWS_AT_ONCE]}
        g.person.post("intake", f"/imports/{begun['id']}/rows", body, key=f"{draft_id}-{first}")
    with g.desk.database.transaction() as tx:
        store.drafts.keep_import(tx, draft_id, begun["id"])
    return to_page("imports.rows", import_id=begun["id"])


@pages.get("/ledger/imports/<uuid:import_id>")
@for_staff(*READERS)
def rows(import_id: UUID) -> Any:
    """The rows of one, masked."""
    page = g.person.get("intake", f"/imports/{import_id}/rows", after=request.args.get("after"))
    return render_template("import_rows.html", page=page, import_id=import_id)


@pages.post("/ledger/imports/<uuid:import_id>/undo")
@for_staff(*LEADERS)
def undo(import_id: UUID) -> Any:
    """Take all of it out again."""
    g.person.post("intake", f"/imports/{import_id}/undo", key=request.form.get("key"))
    return to_page("imports.show")
