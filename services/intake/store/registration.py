"""Storing registrations: numbers, tickets, and earlier tickets of the same applicants."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from schemas.enums import TicketState
from schemas.events.tickets import EarlierRefusal, TicketRegistered
from schemas.requests.intake import RegisterTicket
from services.intake.rules.similarity import COMPARED, WITHIN, Earlier
from services.intake.store.tickets import OPEN
from services.plumbing.ciphers import FieldCipher, associated_data
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

COMPARED_TICKETS = 10
"""The latest tickets of one applicant: enough to find a repeat, and a limit for phones that many tickets share."""

_COLUMNS = (
    *("id", "center", "number", "query_code", "registered_at", "title", "text", "matter", "cause", "channel"),
    *("first_responsible", "registered_by", "repeat_of", "refused_before", "missing_materials"),
    *("applicant_kind", "organisation", "credit_code"),
    *("phone_fingerprint", "id_number_fingerprint", "applicant_fingerprints", "state", "since", "encrypted_title"),
    *("encrypted_text", "encrypted_name", "encrypted_phone", "encrypted_id_number"),
)

_BEGINNING = UUID(int=0)


@dataclass(frozen=True)
class Draft:
    """A ticket about to be stored: as it was given (``ticket``), and masked."""

    id: UUID
    ticket: RegisterTicket
    registered_by: str
    query_code: str
    title: str
    text: str
    refused_before: tuple[EarlierRefusal, ...]
    missing_materials: tuple[str, ...]
    phone_fingerprints: tuple[bytes, ...]
    """The first one is stored; the others find earlier tickets."""
    id_number_fingerprints: tuple[bytes, ...]
    applicant_fingerprints: tuple[str, ...]

    @property
    def fingerprints(self) -> tuple[bytes, ...]:
        """The fingerprints by which the applicant is recognised."""
        return (self.phone_fingerprints[0], *self.id_number_fingerprints[:1])


def earlier_of(tx: Transaction, center: str, drafts: Collection[Draft]) -> dict[bytes, list[Earlier]]:
    """Recent tickets of the applicants of ``drafts``, by fingerprint of phone or ID number; masked, oldest first."""
    found: dict[bytes, list[Earlier]] = defaultdict(list)
    read: dict[UUID, Earlier] = {}
    for kind in ("phone_fingerprint", "id_number_fingerprint"):
        wanted = {
            each: fingerprints[0]
            for draft in drafts
            for fingerprints in (getattr(draft, f"{kind}s"),)
            for each in fingerprints
        }
        if not wanted:
            continue
        rows = tx.rows(
            f"SELECT wanted.print, earlier.* FROM unnest(%(fingerprints)s) AS wanted (print) CROSS JOIN LATERAL"
            f" (SELECT id, left(text, {COMPARED}) AS text, registered_at FROM tickets"
            f"  WHERE {kind} = wanted.print AND registered_at >= %(since)s AND center = %(center)s"
            f"  ORDER BY registered_at DESC LIMIT {COMPARED_TICKETS}) AS earlier ORDER BY registered_at",
            fingerprints=list(wanted),
            since=tx.now - WITHIN,
            center=center,
        )
        for row in rows:
            known = read.setdefault(row.id, Earlier(row.id, row.text, row.registered_at))
            found[wanted[bytes(row.print)]].append(known)
    return found


def take_numbers(tx: Transaction, center: str, day: date, count: int) -> int:
    """The first of ``count`` consecutive numbers of a local day. Others wait for them until the transaction ends."""
    row = tx.row(
        "INSERT INTO counters (center, day, last) VALUES (%(center)s, %(day)s, %(count)s)"
        " ON CONFLICT (center, day) DO UPDATE SET last = counters.last + excluded.last RETURNING last",
        center=center,
        day=day,
        count=count,
    )
    assert row is not None
    return int(row.last) - count + 1


def registered_since(tx: Transaction, center: str, staff: str, since: datetime, *, most: int) -> int:
    """How many tickets ``staff`` has registered since then, counted up to ``most``."""
    rows = tx.rows(
        "SELECT 1 FROM tickets WHERE center = %(center)s AND registered_by = %(staff)s AND registered_at > %(since)s"
        " LIMIT %(most)s",
        center=center,
        staff=staff,
        since=since,
        most=most,
    )
    return len(rows)


def insert(
    tx: Transaction, cipher: FieldCipher, center: str, numbered: Sequence[tuple[str, Draft]], repeats: dict[UUID, UUID]
) -> None:
    """Store tickets with their numbers; ``repeats`` maps each repeat to its original."""
    rows = [
        _columns_of(draft, cipher)
        | {"center": center, "number": number, "registered_at": tx.now, "since": tx.now}
        | {"repeat_of": repeats.get(draft.id)}
        for number, draft in numbered
    ]
    columns = ", ".join(_COLUMNS)
    tx.execute_at_commit(
        f"INSERT INTO tickets ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::tickets, %(rows)s)",
        rows=as_json_rows(rows),
    )


def _columns_of(draft: Draft, cipher: FieldCipher) -> dict[str, object]:
    """The columns of a ticket that are known before it has a number."""
    ticket, applicant = draft.ticket, draft.ticket.applicant
    personal = {"title": ticket.title, "text": ticket.text}
    personal |= {field: getattr(applicant, field) for field in ("name", "phone", "id_number")}
    encrypted = {
        f"encrypted_{field}": None if value is None else cipher.encrypt(value, context=associated_data(draft.id, field))
        for field, value in personal.items()
    }
    return encrypted | {
        **{"id": draft.id, "title": draft.title, "text": draft.text, "state": TicketState.REGISTERED},
        "query_code": cipher.fingerprint(draft.query_code),
        "phone_fingerprint": draft.phone_fingerprints[0],
        "id_number_fingerprint": next(iter(draft.id_number_fingerprints), None),
        "applicant_fingerprints": list(draft.applicant_fingerprints),
        **{"refused_before": draft.refused_before, "missing_materials": draft.missing_materials},
        **{"matter": ticket.matter, "cause": ticket.cause, "channel": ticket.channel},
        **{"first_responsible": ticket.first_responsible, "registered_by": draft.registered_by},
        **{"applicant_kind": applicant.kind, "organisation": applicant.organisation},
        "credit_code": applicant.credit_code,
    }


def next_open(tx: Transaction, *, size: int, rest: timedelta, grace_seconds: float) -> list[Row]:
    """Id and center of the open tickets that are to be listed next.

    Empty while another replica lists some, and for ``rest`` of real time after each round through all tickets. Tickets
    of the last ``grace_seconds`` (real time) are left out, since the other services may not have received them yet.
    """
    listing = tx.row(
        "SELECT listed_through FROM open_ticket_listing WHERE next_page_at <= clock_timestamp() FOR UPDATE SKIP LOCKED"
    )
    if listing is None:
        return []
    page = tx.rows(
        f"SELECT id, center FROM tickets WHERE {OPEN} AND id > %(after)s"
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
    """The events that were announced when these tickets were registered, in the order of registration."""
    rows = tx.rows(
        "SELECT center, id AS ticket_id, number, title, text, matter, cause, channel, applicant_kind,"
        " first_responsible, registered_by, registered_at, repeat_of, refused_before, missing_materials,"
        " applicant_fingerprints FROM tickets WHERE id = ANY(%(ids)s) AND forgotten_at IS NULL ORDER BY id",
        ids=list(ticket_ids),
    )
    return [_registration_of(row) for row in rows]


def _registration_of(row: Row) -> TicketRegistered:
    lists = {
        "refused_before": tuple(EarlierRefusal(**each) for each in row.refused_before),
        "missing_materials": tuple(row.missing_materials),
        "applicant_fingerprints": tuple(row.applicant_fingerprints),
    }
    return TicketRegistered(**row._asdict() | lists)
