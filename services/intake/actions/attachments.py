"""Files of a ticket: added, given out, removed; stored encrypted, and announced without anything that is in them."""

from functools import lru_cache
from uuid import UUID

from schemas.enums import AttachmentKind
from schemas.errors import Invalid
from schemas.events.attachments import AttachmentAdded, AttachmentRemoved
from schemas.requests.attachments import AddAttachment, AttachmentView
from services.access.files import FileReply
from services.intake import contents, store
from services.intake.actions.files import ReceivedFile
from services.intake.rules import files, tickets
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row, Transaction, new_id
from services.plumbing.runtime.resources import environment


@lru_cache(maxsize=1)
def code_cipher() -> FieldCipher:
    """For the question whether somebody may send a file, which is asked before the service is."""
    return FieldCipher(environment().data_key)


def check_takes_files(tx: Transaction, ticket: Row) -> None:
    """Raises Conflict where the ticket takes no file, or no more."""
    tickets.check(tickets.Act.ATTACH, store.tickets.round_state_of(ticket))
    files.ensure_fewer_files(store.attachments.count(tx, ticket.id))


def add(
    tx: Transaction, cipher: FieldCipher, ticket: Row, file: ReceivedFile, wanted: AddAttachment, *, staff: str | None
) -> AttachmentView:
    """Store a file; ``staff`` is the clerk, None for the citizen. ``ticket`` is locked. Raises Conflict, Invalid."""
    check_takes_files(tx, ticket)
    item = None
    if wanted.item is not None:
        if wanted.item >= len(ticket.materials):
            raise Invalid("item", "No such paper was asked for.")
        item = ticket.materials[wanted.item]
    attachment_id = new_id()
    encrypted = cipher.encrypt_bytes(file.content, context=contents.context_of(ticket.id, attachment_id))
    store.attachments.insert(
        tx,
        id=attachment_id,
        ticket_id=ticket.id,
        center=ticket.center,
        kind=file.kind,
        size=len(file.content),
        item=item,
        scanned=file.scanned,
        key_id=cipher.key_ids[0],
        content=contents.stored(ticket.center, attachment_id, encrypted),
        added_by=staff,
    )
    tx.announce(
        AttachmentAdded(
            center=ticket.center,
            ticket_id=ticket.id,
            attachment_id=attachment_id,
            kind=file.kind,
            size=len(file.content),
            added_by=staff,
            added_at=tx.now,
        )
    )
    return view(store.attachments.one(tx, ticket.id, attachment_id))


def give(tx: Transaction, cipher: FieldCipher, ticket: Row, attachment_id: UUID, staff: str) -> FileReply:
    """The file, for somebody of the staff; it is recorded who. Raises NotFound, ciphers.Undecryptable."""
    row = store.attachments.one(tx, ticket.id, attachment_id, with_content=True)
    store.attachments.keep_view(tx, ticket.center, attachment_id, staff)
    content = contents.read(cipher, row)
    kind = AttachmentKind(row.kind)
    return FileReply(content, files.MEDIA_TYPES[kind], f"{ticket.number}-{str(attachment_id)[-6:]}.{kind}")


def remove(tx: Transaction, ticket: Row, attachment_id: UUID, *, staff: str | None) -> AttachmentView:
    """Remove a file for good; a citizen only what a citizen has sent. Raises NotFound."""
    row = store.attachments.one(tx, ticket.id, attachment_id, with_content=True, of_citizen=staff is None)
    contents.forget(row)
    store.attachments.update_removed(tx, attachment_id, staff)
    tx.announce(
        AttachmentRemoved(
            center=ticket.center,
            ticket_id=ticket.id,
            attachment_id=attachment_id,
            removed_by=staff,
            removed_at=tx.now,
        )
    )
    return view(row)


def listed(tx: Transaction, ticket_id: UUID) -> tuple[AttachmentView, ...]:
    """The files of a ticket, oldest first."""
    return tuple(map(view, store.attachments.of_ticket(tx, ticket_id)))


def view(row: Row) -> AttachmentView:
    """A stored file as it is shown."""
    return AttachmentView(
        id=row.id,
        kind=AttachmentKind(row.kind),
        size=row.size,
        item=row.item,
        scanned=row.scanned,
        by_citizen=row.added_by is None,
        added_at=row.added_at,
    )
