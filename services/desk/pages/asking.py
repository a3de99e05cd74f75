"""The question base is asked: by the staff for whoever stands before them, by citizens for themselves, at any age."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, g, jsonify, render_template, request

from schemas.enums import Role
from schemas.requests.answers import MOST_ASKED
from services.access import centers
from services.desk.backend import BackendRefused
from services.desk.pages.guard import for_staff, is_fragment

pages = Blueprint("asking", __name__)
citizen_pages = Blueprint("questions", __name__)

STAFF = (
    Role.CLERK,
    Role.LIAISON,
    Role.DEPARTMENT_HEAD,
    Role.DUTY_LEADER,
    Role.DIRECTOR,
    Role.SUPERVISOR,
)
RESULTS = {
    "yes": {"helped": True},
    "no": {"helped": False},
    "not_there": {"helped": False, "not_there": True},
}


@citizen_pages.get("/ask")
def ask() -> Any:
    """What a citizen may ask; a link may name the center."""
    return _citizens_page("", None)


@citizen_pages.post("/ask")
def find() -> Any:
    """The answers that are for everybody."""
    words = request.form.get("words", "").strip()[:MOST_ASKED]
    if not words:
        return _citizens_page("", None)
    query = {"q": words, "center": request.form.get("center") or None}
    found = g.desk.backend.ask("knowledge", "GET", "/answers", None, query=query, client=g.desk.address)
    return _citizens_page(words, found)


@citizen_pages.post("/ask/<uuid:asked_id>/<any(opened,helped):what>")
def tell(asked_id: UUID, what: str) -> Any:
    """What the citizen says of the answers."""
    path, body = f"/asked/{asked_id}/{what}", _said(what)
    g.desk.backend.ask("knowledge", "POST", path, None, body=body, client=g.desk.address)
    return _thanks(what)


@citizen_pages.post("/ask/speech")
def transcribe() -> Any:
    """What the citizen says, in words."""
    content, said = _recording()
    query = {"center": request.form.get("center") or None}
    reply = g.desk.backend.send("knowledge", "/speech", None, content, said, query, client=g.desk.address)
    return jsonify(reply)


@pages.get("/answers")
@for_staff(*STAFF)
def ask_for_staff() -> Any:
    """What somebody of the staff may ask."""
    return _staffs_page("", None)


@pages.post("/answers")
@for_staff(*STAFF)
def find_for_staff() -> Any:
    """The answers, with those that are not for everybody."""
    words = request.form.get("words", "").strip()[:MOST_ASKED]
    found = g.person.get("knowledge", "/answers", q=words) if words else None
    return _staffs_page(words, found)


@pages.post("/answers/<uuid:asked_id>/<any(opened,helped):what>")
@for_staff(*STAFF)
def tell_for_staff(asked_id: UUID, what: str) -> Any:
    """What somebody of the staff says of the answers."""
    g.person.post("knowledge", f"/asked/{asked_id}/{what}", _said(what))
    return _thanks(what)


@pages.post("/answers/speech")
@for_staff(*STAFF)
def transcribe_for_staff() -> Any:
    """What somebody of the staff says, in words."""
    return jsonify(g.person.send("knowledge", "/speech", *_recording(), {}))


def _recording() -> tuple[bytes, str]:
    file = request.files.get("file")
    if file is None:
        raise BackendRefused(422, {"errors": {"file": ["The file is empty."]}})
    return file.read(), file.mimetype or "application/octet-stream"


def _said(what: str) -> Mapping[str, Any]:
    if what == "opened":
        return {"entry_id": request.form.get("entry", "")}
    return RESULTS.get(request.form.get("result", ""), {})


def _thanks(what: str) -> Any:
    if what == "opened":
        return "", 204
    result = request.form.get("result", "")
    center = request.form.get("center", "")
    return render_template("ask_said.html" if is_fragment() else "ask_thanks.html", result=result, chosen=center)


def _staffs_page(words: str, found: Any) -> Any:
    g.records_voice = g.center.microphone
    return render_template("ask.html", words=words, found=found, most=MOST_ASKED, known=[], chosen="")


def _citizens_page(words: str, found: Any) -> Any:
    with g.desk.database.transaction() as tx:
        known = centers.codes(tx)
        chosen = request.values.get("center") or (known[0][0] if len(known) == 1 else "")
        if chosen in dict(known):
            g.records_voice = centers.current(tx, chosen).microphone
    return render_template("ask.html", words=words, found=found, most=MOST_ASKED, known=known, chosen=chosen)
