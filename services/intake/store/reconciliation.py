"""Which tickets are open, a page at a time, and what was said when they were registered."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from schemas.events.tickets import TicketRegistered
from services.plumbing.database.transaction import Row, Transaction

_OPEN = "state IN ('registered', 'in_arbitration', 'assigned', 'awaiting_materials')"
_BEGINNING = UUID(int=0)


def next_page(tx: Transaction, *, size: int, rest: timedelta, grace_seconds: float) -> list[Row]:
    """Id and center of the open tickets that are to be listed next.

    None while another replica lists some, or between two rounds through all tickets: ``rest`` of real time. Tickets of
    the last ``grace_seconds`` (real time) are left out, since the other services may not have received them yet.
    """
    listing = tx.row(
        "SELECT listed_through FROM open_ticket_listing WHERE next_page_at <= clock_timestamp() FOR UPDATE SKIP LOCKED"
    )
    if listing is None:
        return []
    page = tx.rows(
        f"SELECT id, center FROM tickets WHERE {_OPEN} AND id > %(after)s"
        " AND registered_at <= bancheng.real_seconds_ago(%(grace)s) ORDER BY id LIMIT %(size)s",
        after=listing.listed_through,
        grace=grace_seconds,
        size=size,
    )
    is_round_over = len(page) < size
    tx.execute(
        "UPDATE open_ticket_listing SET listed_through = %(through)s, next_page_at = clock_timestamp() + %(rest)s",
        through=_BEGINNING if is_round_over else page[-1].id,
        rest=rest if is_round_over else timedelta(),
    )
    return page


def registrations(tx: Transaction, ticket_ids: Iterable[UUID]) -> Sequence[TicketRegistered]:
    """What was announced when these tickets were registered, in the order of their registration."""
    rows = tx.rows(
        "SELECT center, id AS ticket_id, number, title, text, matter, cause, channel, applicant_kind,"
        " first_responsible, registered_by, registered_at, repeat_of, applicant_fingerprints"
        " FROM tickets WHERE id = ANY(%(ids)s) ORDER BY id",
        ids=list(ticket_ids),
    )
    return [TicketRegistered(**row._replace(applicant_fingerprints=tuple(row[-1]))._asdict()) for row in rows]
