"""Documents (docx, and PDF where LibreOffice is), from where their matter stands; and the templates that make them."""

from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for

from schemas.enums import Role
from schemas.errors import Invalid
from services.calendar.calendar import work_calendar
from services.desk import document_values, store
from services.desk.actions import documents as actions
from services.desk.actions.pdfs import NotReady, make_pdf
from services.desk.backend import BackendRefused
from services.desk.pages import figures
from services.desk.pages.files import sent_file
from services.desk.pages.guard import for_staff, is_fragment, to_page
from services.desk.pages.tickets import READERS
from services.desk.rules.documents import DOCUMENTS, fields_of, with_a_row
from services.files.cells import file_name
from services.plumbing.runtime.background import TooManyAtOnce
from services.plumbing.runtime.office import office

pages = Blueprint("documents", __name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
WINDOW = (Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
SUPERVISORS = (Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR)


def given(document: str, about: str, values: document_values.Values) -> Any:
    """The document, filled in by the center's template; as PDF where that is asked for and can be made."""
    with g.desk.database.transaction() as tx:
        template = actions.template_of(tx, g.person.center, document, g.wording.language)
    made = actions.fill_in(template, document_values.everywhere() | with_a_row(document, values))
    name = f"{g.wording.code(f'document_{document}')} {about}"
    if request.args.get("format") == "pdf":
        return _as_pdf(made, file_name(name, "pdf"))
    return figures.sent(made, file_name(name, "docx"), DOCX)


def _as_pdf(document: bytes, name: str) -> Any:
    if office() is None:
        abort(404)
    try:
        content = make_pdf(g.desk.database, g.person.center, g.person.staff, name, document)
    except NotReady as later:
        return to_page("documents.pdf", pdf_id=later.pdf_id)
    except TooManyAtOnce:
        return render_template("pdf.html", name=name, is_crowded=True), 503
    if content is None:
        return render_template("pdf.html", name=name, found=None), 503
    return figures.sent(content, name, PDF)


@pages.get("/documents/pdf/<uuid:pdf_id>")
@for_staff()
def pdf(pdf_id: Any) -> Any:
    """How far a PDF is that was not made in time for whoever asked; with ``fetch`` the file itself."""
    with g.desk.database.transaction() as tx:
        found = store.pdfs.pdf(tx, g.person.center, g.person.staff, pdf_id)
    if found is None:
        abort(404)
    if "fetch" in request.args and found.content is not None:
        return figures.sent(bytes(found.content), found.name, PDF)
    return render_template("pdf_part.html" if is_fragment() else "pdf.html", name=found.name, found=found)


def _ticket(ticket_id: Any) -> Any:
    department = request.args.get("department")
    mine = department if department in (*g.person.departments, *g.person.headed) else None
    return g.person.get("routing", f"/tickets/{ticket_id}", acting_for=mine)


@pages.get("/tickets/<uuid:ticket_id>/report")
@for_staff(*READERS)
def report(ticket_id: Any) -> Any:
    """The special-topic report."""
    ticket = _ticket(ticket_id)
    if not ticket["report"]:
        abort(404)
    return given("report", ticket["number"], document_values.report(ticket))


@pages.get("/tickets/<uuid:ticket_id>/supervision-notice")
@for_staff(*SUPERVISORS)
def supervision(ticket_id: Any) -> Any:
    """The supervision notice of a ticket that was escalated."""
    ticket = _ticket(ticket_id)
    if not any(not each["voided_at"] for each in ticket["escalations"]):
        abort(404)
    return given("supervision", ticket["number"], document_values.supervision(ticket))


@pages.get("/sittings/<uuid:sitting_id>/<any(minutes, handover):document>.docx")
@for_staff(*WINDOW)
def sitting(sitting_id: Any, document: str) -> Any:
    """The minutes of a sitting, or its hand-over sheet."""
    found = g.person.get("routing", f"/sittings/{sitting_id}", language=g.wording.language)
    return given(document, found["opens_at"][:10], document_values.of_sitting(found))


@pages.get("/desk/<uuid:ticket_id>/decline-notice")
@for_staff(*WINDOW)
def decline(ticket_id: Any) -> Any:
    """Why a ticket was not taken in, and what can be done instead."""
    return _of_window("decline", "declined", ticket_id)


@pages.get("/desk/<uuid:ticket_id>/papers-wanted")
@for_staff(*WINDOW)
def materials(ticket_id: Any) -> Any:
    """The list of papers to bring (补正材料清单)."""
    return _of_window("materials", "awaiting_materials", ticket_id)


def _of_window(document: str, state: str, ticket_id: Any) -> Any:
    ticket = g.person.get("intake", f"/tickets/{ticket_id}")
    if ticket["state"] != state:
        abort(404)
    papers = g.person.get("intake", f"/tickets/{ticket_id}/papers")
    return given(document, ticket["number"], document_values.of_window(ticket, papers))


@pages.get("/figures/bulletin")
@for_staff(*figures.READERS)
def bulletin() -> Any:
    """The weekly or monthly bulletin, of whatever days are asked for."""
    asked = figures.asked_for()
    view = figures.ask(asked)
    address: dict[str, Any] = dict(asked.query)
    link = g.desk.settings.url + url_for("figures.show", **address)
    times = (figures.working_time(view["total"]["median_seconds"]), figures.working_time(view["total"]["p90_seconds"]))
    about = f"{asked.since} {asked.until}"
    return given("bulletin", about, document_values.bulletin(view, link, times))


@pages.get("/documents")
@for_staff(Role.OPS)
def templates() -> Any:
    """Which template each document has, and which fields it may name."""
    return _templates()


def _templates(fault: str | None = None, of: str | None = None, status: int = 200) -> Any:
    with g.desk.database.transaction() as tx:
        latest = store.templates.latest(tx, g.person.center)
    zone = work_calendar(g.center.calendar).zone
    fields = {name: fields_of(name) for name in DOCUMENTS}
    shown = render_template(
        "documents.html",
        documents=fields,
        latest=latest,
        fault=fault,
        of=of,
        zone=zone,
        has_office=office() is not None,
    )
    return shown, status


@pages.get("/documents/<document>.docx")
@for_staff(Role.OPS)
def template(document: str) -> Any:
    """The template that is used now, to be changed; or ours."""
    if document not in DOCUMENTS:
        abort(404)
    with g.desk.database.transaction() as tx:
        content = actions.template_of(tx, g.person.center, document, g.wording.language)
    if "ours" in request.args:
        content = actions.our_template(document, g.wording.language)
    return figures.sent(content, file_name(g.wording.code(f"document_{document}"), "docx"), DOCX)


@pages.post("/documents/<document>/template")
@for_staff(Role.OPS)
def put(document: str) -> Any:
    """Put a template of the center's own in place, if nothing is wrong with it; without a file, ours again."""
    if document not in DOCUMENTS:
        abort(404)
    content = None
    if request.form.get("ours") is None:
        try:
            content, _said, _query = sent_file()
            actions.check_template(document, content)
        except BackendRefused as refused:
            return _templates(refused.errors["file"][0], document, 422)
        except Invalid as invalid:
            return _templates(invalid.detail, document, 422)
    with g.desk.database.transaction() as tx:
        store.templates.put(tx, g.person.center, document, content, g.person.staff)
    return to_page("documents.templates")
