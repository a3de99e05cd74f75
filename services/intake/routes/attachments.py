"""Files of a ticket over HTTP: sent by the citizen with the code and by a clerk, given out to those who work on it."""

from typing import Any
from uuid import UUID

from schemas.enums import Role
from schemas.requests.attachments import AddAttachment, AttachmentView, RemoveWithCode
from services.access.admission import route
from services.access.files import FileReply, Sender, download, upload
from services.intake import store
from services.intake.actions import attachments
from services.intake.actions.applicants import HasKeys
from services.intake.actions.files import prepare
from services.intake.routes.citizen import NUMBERED, PUBLIC, of_citizen
from services.intake.routes.papers import READERS, TICKET, ticket_of
from services.intake.rules.files import MEDIA_TYPES
from services.intake.rules.tickets import number_read
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.plumbing.http.uploads import upload_limit

_TYPES = tuple(MEDIA_TYPES.values())
_FILE = "attachments/<uuid:attachment_id>"


def _may_clerk(tx: Transaction, sender: Sender, path_values: dict[str, Any]) -> None:
    ticket = store.tickets.ticket(tx, sender.actor.center, path_values["ticket_id"])
    attachments.check_takes_files(tx, ticket)


def _may_citizen(tx: Transaction, sender: Sender, path_values: dict[str, Any]) -> None:
    codes = attachments.code_cipher().fingerprints(sender.code)
    attachments.check_takes_files(tx, store.tickets.ticket_of_citizen(tx, number_read(**path_values), codes))


_RECEIVING: dict[str, Any] = {
    "query": AddAttachment,
    "reply": AttachmentView,
    "status": 201,
    "prepare": prepare,
    "limit": upload_limit,
    "media_types": _TYPES,
}


@upload("POST", f"{TICKET}/attachments", may=_may_clerk, roles={Role.CLERK}, **_RECEIVING)
def add_attachment(service: HasKeys, call: Call, ticket_id: UUID) -> AttachmentView:
    """Add a photo or a PDF that the citizen brought."""
    ticket = store.tickets.ticket(call.tx, call.actor.center, ticket_id, lock=True)
    return attachments.add(call.tx, service.cipher, ticket, call.body, call.query, staff=call.actor.staff)


@upload("POST", f"{NUMBERED}/attachments", may=_may_citizen, roles=None, per_minute=20, **_RECEIVING)
def add_attachment_with_code(service: HasKeys, call: Call, **number: Any) -> AttachmentView:
    """The citizen sends a photo or a PDF; the code stands in a header."""
    ticket = of_citizen(service, call, call.body.code, number, lock=True)
    return attachments.add(call.tx, service.cipher, ticket, call.body, call.query, staff=None)


@download("GET", f"{TICKET}/{_FILE}", media_types=_TYPES, roles=READERS)
def give_attachment(service: HasKeys, call: Call, ticket_id: UUID, attachment_id: UUID) -> FileReply:
    """Give a file out to those who work on the ticket; it is recorded to whom."""
    return attachments.give(call.tx, service.cipher, ticket_of(call, ticket_id), attachment_id, call.actor.staff)


@route("POST", f"{TICKET}/{_FILE}/remove", reply=AttachmentView, roles={Role.CLERK})
def remove_attachment(service: HasKeys, call: Call, ticket_id: UUID, attachment_id: UUID) -> AttachmentView:
    """Remove a file for good."""
    ticket = store.tickets.ticket(call.tx, call.actor.center, ticket_id, lock=True)
    return attachments.remove(call.tx, ticket, attachment_id, staff=call.actor.staff)


@route("POST", f"{NUMBERED}/{_FILE}/remove", body=RemoveWithCode, reply=AttachmentView, **PUBLIC)
def remove_attachment_with_code(service: HasKeys, call: Call, attachment_id: UUID, **number: Any) -> AttachmentView:
    """The citizen removes a file that was sent with the code."""
    ticket = of_citizen(service, call, call.body.code, number, lock=True)
    return attachments.remove(call.tx, ticket, attachment_id, staff=None)
