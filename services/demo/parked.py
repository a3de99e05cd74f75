"""One event that really fails, so that whoever looks after the system has a parked one to look at, try again, discard.

It is sent on the way of every other: from intake's outbox, over the broker, to the desk. It says that a photo of a kind
was added which only a later version takes (HEIC), so that this desk cannot read it, however often it is tried.
"""

from typing import cast
from uuid import UUID

from schemas.enums import AttachmentKind
from schemas.events.attachments import AttachmentAdded
from services.demo.people import Receipt
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login
from services.plumbing.database.transaction import new_id
from services.sandbox.sandbox import Sandbox

_LATER_KIND = cast(AttachmentKind, "heic")


def send_what_only_a_later_version_knows(sandbox: Sandbox, receipt: Receipt) -> None:
    """Announce such a photo of a ticket of the story; returns once the desk has given the event up."""
    database = Database(as_login(sandbox.database_url, "bancheng_intake"), "intake", size=1)
    with database.transaction() as tx:
        tx.announce(
            AttachmentAdded(
                center=sandbox.center.code,
                ticket_id=UUID(receipt.ticket_id),
                attachment_id=new_id(),
                kind=_LATER_KIND,
                size=2_400_000,
                added_at=tx.now,
            )
        )
    database.close()
    sandbox.settle()
