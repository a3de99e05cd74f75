"""Whoever has to do something about entries is notified; several entries at once are one notice."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.center.center import Center
from schemas.enums import Light
from schemas.events.notices import NoticeRequested
from services.plumbing.database.transaction import Transaction, new_id

ASKED = "entry.submitted"
FLAGGED = "entry.flagged"
LISTED = "review.listed"
"""Templates of notices; what is late has others (`reminding`)."""


class Named(NamedTuple):
    """An entry as a notice speaks of it."""

    entry_id: UUID
    number: str


class Urgency(NamedTuple):
    """The level of the ladder that was reached, if any was, and when it is or was due."""

    light: Light | None
    level: int | None
    due_at: datetime


def notify(
    tx: Transaction,
    center: Center,
    template: str,
    recipients: Iterable[str],
    entries: Sequence[Named],
    urgency: Urgency | None = None,
) -> None:
    """Notify people (staff ids) of entries; the notice names the first, and how many more there are."""
    to = tuple(each for each in dict.fromkeys(recipients) if each in center.staff)
    if not to or not entries:
        return
    more = f" (+{len(entries) - 1})" if len(entries) > 1 else ""
    tx.announce(
        NoticeRequested(
            center=center.code,
            entry_id=entries[0].entry_id,
            notice_id=new_id(),
            recipients=to,
            template=template,
            requested_at=tx.now,
            number=f"{entries[0].number}{more}",
            light=urgency and urgency.light,
            level=urgency and urgency.level,
            due_at=urgency and urgency.due_at,
        )
    )


def liaisons_of(center: Center, department: str) -> tuple[str, ...]:
    """Who receives for a department; nobody for one that the center file names no more."""
    known = center.departments.get(department)
    return known.liaisons if known else ()
