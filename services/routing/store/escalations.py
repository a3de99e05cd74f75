"""Which levels of the ladder were reached, who was notified of each, and who has acknowledged it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from schemas.events.deadlines import MarkReached, MarkVoided
from schemas.events.tickets import TicketEscalated
from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.routing.store.lists import given

ESCALATION = (
    'e.id, e.deadline_id, e.kind, e.level, e.revision, e.recipients AS "to", e.skipped, e.escalated_at, e.voided_at'
)
_WITH_TICKET = (
    f"SELECT {ESCALATION}, e.ticket_id, t.number, t.title, t.lead, t.shown_state AS state,"
    " (SELECT due_at FROM deadlines c WHERE c.deadline_id = e.deadline_id) AS due_at"
    " FROM escalations e JOIN tickets t ON t.id = e.ticket_id"
)
_ADDRESSED = (
    "EXISTS (SELECT FROM escalation_recipients r WHERE r.center = e.center AND r.staff = ANY(e.recipients)"
    " AND r.escalation_id = e.id AND r.acknowledged_at IS NULL)"
)
_VOIDED = "center, deadline_id, level, revision, ticket_id, kind, recipients, skipped, escalated_at, voided_at"


def insert(
    tx: Transaction,
    escalated: Mapping[tuple[UUID, int, int], TicketEscalated],
    acknowledge_by: Mapping[str, datetime | None],
) -> set[tuple[UUID, int, int]]:
    """Store which levels were reached; the (deadline, level, revision) of those that were not reached before.

    ``acknowledge_by``: by when somebody acknowledges what is new, by the code of the center; None: whenever.
    """
    return tx.insert_new(
        "WITH new AS (INSERT INTO escalations"
        " (center, deadline_id, level, revision, ticket_id, kind, recipients, skipped, escalated_at, acknowledge_by)"
        " SELECT e.center, e.deadline_id, e.level, e.revision, e.ticket_id, e.kind, e.to, e.skipped, e.escalated_at,"
        " l.acknowledge_by"
        " FROM json_to_recordset(%(escalated)s::json) AS e (center text, deadline_id uuid, level int, revision int,"
        ' ticket_id uuid, kind text, "to" text[], skipped text[], escalated_at timestamptz)'
        " LEFT JOIN json_to_recordset(%(limits)s::json) AS l (center text, acknowledge_by timestamptz) USING (center)"
        " ORDER BY e.deadline_id, e.level, e.revision ON CONFLICT DO NOTHING"
        " RETURNING id, center, deadline_id, level, revision, recipients),"
        " addressed AS (INSERT INTO escalation_recipients (center, staff, escalation_id)"
        " SELECT center, unnest(recipients), id FROM new)"
        " SELECT deadline_id, level, revision FROM new",
        escalated.keys(),
        escalated=as_json_rows(list(escalated.values())),
        limits=as_json_rows([{"center": code, "acknowledge_by": at} for code, at in acknowledge_by.items()]),
    )


def void(tx: Transaction, events: Sequence[MarkVoided]) -> list[Row]:
    """Note that these levels were not reached; those of which somebody was notified, with their recipients, each once.

    A mark that has not arrived yet is noted too, so that nobody is notified when it does. What is void is not waited
    for to be acknowledged.
    """
    unique = {key_of(event): event for event in events}
    rows = [
        {
            "center": event.center,
            "deadline_id": event.deadline_id,
            "level": event.level,
            "revision": event.revision,
            "ticket_id": event.ticket_id,
            "kind": event.kind,
            "recipients": [],
            "skipped": [],
            "escalated_at": tx.now,
            "voided_at": tx.now,
        }
        for _key, event in sorted(unique.items())
    ]
    found = tx.rows(
        f"WITH void AS (INSERT INTO escalations ({_VOIDED})"
        f" SELECT {_VOIDED} FROM json_populate_recordset(NULL::escalations, %(rows)s)"
        " ON CONFLICT (deadline_id, level, revision) DO UPDATE"
        " SET voided_at = excluded.voided_at, acknowledge_by = NULL"
        " WHERE escalations.voided_at IS NULL"
        " RETURNING id, center, deadline_id, level, revision, ticket_id, kind, recipients),"
        " forgotten AS (DELETE FROM escalation_recipients r USING void WHERE r.center = void.center"
        " AND r.staff = ANY(void.recipients) AND r.escalation_id = void.id AND r.acknowledged_at IS NULL)"
        " SELECT deadline_id, level, revision, ticket_id, kind, recipients FROM void",
        rows=as_json_rows(rows),
    )
    return [row for row in found if row.recipients]


def key_of(event: MarkReached | MarkVoided) -> tuple[UUID, int, int]:
    """What makes an escalation the same one."""
    return event.deadline_id, event.level, event.revision


def page(
    tx: Transaction, center: str, *, staff: str | None, unacknowledged: bool, after: UUID | None, limit: int
) -> list[Row]:
    """Escalations of a center, newest first, before the one of that id: those that ``staff`` was told of, or
    all; of ``unacknowledged`` ones those that are not void and that somebody (``staff``) has not acknowledged.
    """
    if staff is not None:
        return tx.rows(
            f"{_WITH_TICKET} JOIN escalation_recipients r ON r.center = e.center AND r.escalation_id = e.id"
            " WHERE r.center = %(center)s AND r.staff = %(staff)s"
            + given(
                (" AND r.acknowledged_at IS NULL AND e.voided_at IS NULL", unacknowledged or None),
                (" AND r.escalation_id < %(after)s", after),
            )
            + " ORDER BY r.escalation_id DESC LIMIT %(limit)s",
            center=center,
            staff=staff,
            after=after,
            limit=limit,
        )
    return tx.rows(
        f"{_WITH_TICKET} WHERE e.center = %(center)s AND e.recipients <> '{{}}'"
        + given(
            (f" AND e.voided_at IS NULL AND {_ADDRESSED}", unacknowledged or None),
            (" AND e.id < %(after)s", after),
        )
        + " ORDER BY e.id DESC LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def escalation(tx: Transaction, center: str, escalation_id: UUID) -> Row | None:
    """One escalation of the center, with its ticket; None if there is none."""
    return tx.row(
        f"{_WITH_TICKET} WHERE e.center = %(center)s AND e.id = %(id)s AND e.recipients <> '{{}}'",
        center=center,
        id=escalation_id,
    )
