"""The question base: its entries, one entry with its versions, writing one, and what is done with it."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request

from schemas.entries import Audience, EntryKind, EntryState
from schemas.enums import Role
from schemas.requests.answers import MOST_ASKED
from services.desk.backend import BackendRefused
from services.desk.pages.guard import for_staff, is_fragment, to_page, way_back
from services.desk.rules.entry_form import OF_BASIS, body_of, differences, values_of

pages = Blueprint("entries", __name__)

WRITERS = (Role.CLERK, Role.LIAISON, Role.DEPARTMENT_HEAD)
STAFF = (*WRITERS, Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.AUDITOR, Role.OPS)
BLANK_BASES = 2
ACTS = {
    "submit": ("version",),
    "vet": ("version", "verdict", "reason"),
    "suspend": ("why",),
    "expire": ("why",),
    "flag": ("reason",),
}
"""What is done with an entry, and the fields of its form."""


@pages.get("/entries")
@for_staff(*STAFF)
def listing() -> Any:
    """The entries that one may see, the last changed first."""
    asked = {name: request.args.get(name, "") for name in ("text", "state", "department")}
    query = {name: value for name, value in asked.items() if value}
    page = g.person.get("knowledge", "/entries", **query, after=request.args.get("after"), limit=50)
    return render_template(
        "entry_rows.html" if is_fragment() else "entries.html",
        page=page,
        asked=asked,
        states=list(EntryState),
        may_write=g.person.has(*WRITERS),
    )


@pages.get("/entries/<uuid:entry_id>")
@for_staff(*STAFF)
def show(entry_id: Any) -> Any:
    """One entry; two of its versions compared with ``compare``, the later one."""
    entry = g.person.get("knowledge", f"/entries/{entry_id}", acting_for=_department())
    versions = {each["version"]: each for each in entry["versions"]}
    later = request.args.get("compare", type=int)
    if later is not None and not {later, later - 1} <= versions.keys():
        abort(404)
    names = {code: department.name for code, department in g.center.departments.items()}
    names |= {audience: g.wording.code(f"audience_{audience}") for audience in Audience}
    shown = versions[entry["latest_version"]]
    return render_template(
        "entry_body.html" if is_fragment() else "entry.html",
        entry=entry,
        shown=shown,
        published=versions.get(entry["published_version"]),
        later=later,
        compared=differences(versions[later - 1], versions[later], names) if later else None,
        department=_department(),
    )


@pages.get("/entries/new")
@for_staff(*WRITERS)
def new() -> Any:
    """The form of a new entry; a link may have the question."""
    blank = {"kind": EntryKind.QUESTION, "audience": Audience.PUBLIC, "departments": [], "basis": []}
    return _form(None, blank | {"question": request.args.get("question", "")[:MOST_ASKED]}, None)


@pages.post("/entries/new")
@for_staff(*WRITERS)
def write() -> Any:
    """Keep a new draft; what was refused stays in the form."""
    body = body_of(request.form)
    try:
        entry = g.person.post("knowledge", "/entries", body, acting_for=_department(), key=request.form.get("key"))
    except BackendRefused as refused:
        return _again(None, refused)
    return to_page("entries.show", entry_id=entry["id"])


@pages.get("/entries/<uuid:entry_id>/edit")
@for_staff(*WRITERS)
def edit(entry_id: Any) -> Any:
    """The form of the draft, or of another version."""
    entry = g.person.get("knowledge", f"/entries/{entry_id}", acting_for=_department())
    if "edit" not in entry["may"]:
        abort(404)
    return _form(entry, values_of(entry["versions"][0], entry), None)


@pages.post("/entries/<uuid:entry_id>/edit")
@for_staff(*WRITERS)
def rewrite(entry_id: Any) -> Any:
    """Keep the draft as it is written now."""
    body, key = body_of(request.form), request.form.get("key")
    try:
        g.person.put("knowledge", f"/entries/{entry_id}", body, acting_for=_department(), key=key)
    except BackendRefused as refused:
        return _again(g.person.get("knowledge", f"/entries/{entry_id}", acting_for=_department()), refused)
    return to_page("entries.show", entry_id=entry_id)


def _again(entry: Any, refused: BackendRefused) -> Any:
    if refused.status not in (400, 409, 422):
        raise refused
    form = request.form
    rows = range(len([name for name in form if name.startswith("basis.") and name.endswith(".title")]))
    basis = [{name: form.get(f"basis.{nth}.{name}", "") for name in OF_BASIS} for nth in rows]
    values = form.to_dict() | {"departments": form.getlist("departments"), "basis": basis[:-BLANK_BASES]}
    return _form(entry, values, refused)


def _form(entry: Any, values: dict[str, Any], refused: BackendRefused | None) -> Any:
    page = render_template(
        "entry_form.html",
        entry=entry,
        values=values,
        errors=refused.errors if refused else {},
        refused=refused,
        kinds=list(EntryKind),
        audiences=list(Audience),
        bases=[*values["basis"], *({} for _ in range(BLANK_BASES))],
    )
    return page, refused.status if refused else 200


@pages.post("/entries/<uuid:entry_id>/<any(submit, vet, suspend, expire, flag):act>")
@for_staff(*STAFF)
def do(entry_id: Any, act: str) -> Any:
    """Hand it in, vet it, suspend it, say that it is over, or flag it."""
    form = request.form
    body: dict[str, Any] = {name: form.get(name, "") for name in ACTS[act]}
    if "version" in body:
        body["version"] = int(body["version"]) if body["version"].isdecimal() else 0
    g.person.post("knowledge", f"/entries/{entry_id}/{act}", body, acting_for=_department(), key=form.get("key"))
    return redirect(way_back(), 303) if "then" in form else to_page("entries.show", entry_id=entry_id)


@pages.post("/flags/<uuid:flag_id>/settle")
@for_staff(*WRITERS)
def settle(flag_id: Any) -> Any:
    """Judge what somebody flagged."""
    body = {name: request.form.get(name, "") for name in ("verdict", "why")}
    key = request.form.get("key")
    entry = g.person.post("knowledge", f"/flags/{flag_id}/settle", body, acting_for=_department(), key=key)
    return to_page("entries.show", entry_id=entry["id"])


def _department() -> str | None:
    """For which of their departments somebody acts, where they have several."""
    return acting_department(request.values.get("acting_for", ""))


def acting_department(asked: str) -> str | None:
    """The department that is asked for if it is one of theirs, or the first of theirs."""
    own = (*g.person.departments, *g.person.headed)
    return asked if asked in own else next(iter(own), None)
