"""Files in forms: sent on to intake, which judges them, and given out to the staff as intake gives them."""

import re
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from schemas.enums import Role
from services.access.files import file_headers
from services.desk.backend import BackendRefused
from services.desk.pages.guard import for_staff, to_page
from services.plumbing.runtime.threads import in_thread

pages = Blueprint("files", __name__)

UPLOADS = re.compile(
    r"/status/files|/desk/[0-9a-f-]{36}/files|/documents/[a-z]+/template|/ledger/imports/file|/(ask|answers)/speech"
)
"""Where forms with files are sent, which may be larger than others."""
FORM_BYTES = 1 << 16
"""What stands in such a form besides the file."""
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"
READERS = (Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.LIAISON, Role.DEPARTMENT_HEAD)


def read_form() -> None:
    """Take a form with a file apart, before anybody asks for a field of it: that is work for a thread."""
    limit = current_app.config["UPLOAD_LIMIT"]
    here: Any = request._get_current_object()  # type: ignore[attr-defined]
    here.max_content_length = limit
    in_thread(lambda: here.form)


def sent_file() -> tuple[bytes, str, dict[str, Any]]:
    """The file of a form, what the browser says that it is, and which of the papers it is meant to be."""
    file = request.files.get("file")
    item = request.form.get("item", "")
    if file is None or not file.filename:
        raise BackendRefused(422, {"errors": {"file": ["The file is empty."]}})
    return file.read(), file.mimetype or "application/octet-stream", {"item": item} if item.isdecimal() else {}


@pages.post("/desk/<uuid:ticket_id>/files")
@for_staff(Role.CLERK)
def add(ticket_id: Any) -> Any:
    """Add a photo or a PDF that the citizen brought."""
    content, said, query = sent_file()
    g.person.send("intake", f"/tickets/{ticket_id}/attachments", content, said, query, key=request.form.get("key"))
    return to_page("clerk.show", ticket_id=ticket_id)


@pages.post("/desk/<uuid:ticket_id>/files/<uuid:attachment_id>/remove")
@for_staff(Role.CLERK)
def remove(ticket_id: Any, attachment_id: Any) -> Any:
    """Remove a file for good."""
    path = f"/tickets/{ticket_id}/attachments/{attachment_id}/remove"
    g.person.post("intake", path, {}, key=request.form.get("key"))
    return to_page("clerk.show", ticket_id=ticket_id)


@pages.get("/tickets/<uuid:ticket_id>/files/<uuid:attachment_id>")
@for_staff(*READERS)
def give(ticket_id: Any, attachment_id: Any) -> Any:
    """A file, to be saved; intake records who was given it."""
    department = request.args.get("department")
    department = department if department in g.person.departments else None
    content, media_type, name = g.person.fetch(
        "intake", f"/tickets/{ticket_id}/attachments/{attachment_id}", acting_for=department
    )
    return Response(content, content_type=media_type, headers=file_headers(name))
