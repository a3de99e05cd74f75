"""How registrations are remembered: numbers, tickets, and what the same applicants said before."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from schemas.enums import TicketState
from schemas.requests.intake import RegisterTicket
from services.intake.ciphers import FieldCipher, associated_data
from services.intake.rules.similarity import COMPARED, WITHIN, Earlier, pairs_of
from services.plumbing.database.transaction import Transaction, as_json_rows
from services.plumbing.runtime.cooperation import TimeSlice

COMPARED_TICKETS = 10
"""Of one applicant, the latest: enough to find a repeat, and a bound for the phones that many tickets share."""

_COLUMNS = (
    *("id", "center", "number", "query_code", "registered_at", "title", "text", "matter", "cause", "channel"),
    *(
        "first_responsible",
        "registered_by",
        "repeat_of",
        "applicant_kind",
        "organisation",
        "credit_code",
        "phone_fingerprint",
    ),
    *("id_number_fingerprint", "state", "since", "sealed_title", "sealed_text", "sealed_name", "sealed_phone"),
    "sealed_id_number",
    "applicant_fingerprints",
)


@dataclass(frozen=True)
class Draft:
    """A ticket about to be stored: as it was given, and what may be read of it."""

    id: UUID
    ticket: RegisterTicket
    registered_by: str
    query_code: str
    title: str
    text: str
    phone_fingerprints: tuple[bytes, ...]
    """The first is stored; by the others earlier tickets are found."""
    id_number_fingerprints: tuple[bytes, ...]
    applicant_fingerprints: tuple[str, ...]

    @property
    def fingerprints(self) -> tuple[bytes, ...]:
        """By what the applicant is known again."""
        return (self.phone_fingerprints[0], *self.id_number_fingerprints[:1])


def earlier_of(
    tx: Transaction, center: str, drafts: Collection[Draft], time_slice: TimeSlice
) -> dict[bytes, list[Earlier]]:
    """What the applicants of ``drafts`` said lately, by fingerprint of phone or ID number; masked, oldest first."""
    found: dict[bytes, list[Earlier]] = defaultdict(list)
    read: dict[UUID, Earlier] = {}
    for kind in ("phone_fingerprint", "id_number_fingerprint"):
        asked = {
            each: fingerprints[0]
            for draft in drafts
            for fingerprints in (getattr(draft, f"{kind}s"),)
            for each in fingerprints
        }
        if not asked:
            continue
        rows = tx.rows(
            f"SELECT asked.print, said.* FROM unnest(%(fingerprints)s) AS asked (print) CROSS JOIN LATERAL"
            f" (SELECT id, left(text, {COMPARED}) AS text, registered_at FROM tickets"
            f"  WHERE {kind} = asked.print AND registered_at >= %(since)s AND center = %(center)s"
            f"  ORDER BY registered_at DESC LIMIT {COMPARED_TICKETS}) AS said ORDER BY registered_at",
            fingerprints=list(asked),
            since=tx.now - WITHIN,
            center=center,
        )
        for row in time_slice.between(rows):
            if row.id not in read:
                read[row.id] = Earlier(row.id, pairs_of(row.text), row.registered_at)
            found[asked[bytes(row.print)]].append(read[row.id])
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
    """How many tickets somebody has registered since then, counted up to ``most``."""
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
    """Store tickets with their numbers; ``repeats`` names the earlier ticket of those that say the same again."""
    columns = ", ".join(_COLUMNS)
    tx.execute_at_commit(
        f"INSERT INTO tickets ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::tickets, %(rows)s)",
        rows=as_json_rows(
            [
                _given(draft)
                | _sealed(cipher, draft)
                | {"center": center, "number": number, "registered_at": tx.now, "since": tx.now}
                | {"query_code": cipher.fingerprint(draft.query_code), "repeat_of": repeats.get(draft.id)}
                for number, draft in numbered
            ]
        ),
    )


def _given(draft: Draft) -> dict[str, object]:
    ticket, applicant = draft.ticket, draft.ticket.applicant
    return {
        **{"id": draft.id, "title": draft.title, "text": draft.text, "state": TicketState.REGISTERED},
        **{
            "phone_fingerprint": draft.phone_fingerprints[0],
            "id_number_fingerprint": next(iter(draft.id_number_fingerprints), None),
        },
        "applicant_fingerprints": list(draft.applicant_fingerprints),
        **{"matter": ticket.matter, "cause": ticket.cause, "channel": ticket.channel},
        **{"first_responsible": ticket.first_responsible, "registered_by": draft.registered_by},
        **{"applicant_kind": applicant.kind},
        **{"organisation": applicant.organisation, "credit_code": applicant.credit_code},
    }


def _sealed(cipher: FieldCipher, draft: Draft) -> dict[str, bytes | None]:
    ticket, applicant = draft.ticket, draft.ticket.applicant
    given = {
        "title": ticket.title,
        "text": ticket.text,
        "name": applicant.name,
        "phone": applicant.phone,
        "id_number": applicant.id_number,
    }
    return {
        f"sealed_{field}": cipher.encrypt(value, context=associated_data(draft.id, field))
        if value is not None
        else None
        for field, value in given.items()
    }
