"""What is read: lists by page, one ticket, and the index by which tickets are found.

The reader's scope is part of every query. The index has a row a ticket that is written once, apart from the ticket,
which changes often. It costs more than all else that is done about a new ticket, so what arrives is only noted, and
made findable afterwards, a few at a time, between which a burst of other work goes on.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.plumbing.runtime.cooperation import TimeSlice
from services.routing.rules.lists import DuePlace, Search, terms_of
from services.routing.rules.ticket import Scope
from services.routing.store.assignments import OPEN

COMMON = 2000
"""A word that stands in so many tickets is a common one."""

DUE = (
    "(SELECT due_at FROM deadlines c WHERE c.ticket_id = t.id AND c.round = t.round AND c.state <> 'cancelled'"
    " AND c.kind = CASE WHEN t.complexity = 'complex' THEN 'report' ELSE 'answer' END LIMIT 1) AS due_at"
)
"""When what the citizen is promised in this round is due, as far as it is known."""

SUMMARY = (
    "t.id, t.number, t.title, t.shown_state AS state, t.round, t.complexity, t.lead, t.assisting, t.first_responsible,"
    f" t.registered_at, {DUE}"
)
ASSIGNMENT = (
    "a.id, a.ticket_id, a.round, t.complexity, a.department, a.role, a.state, a.made_at,"
    f" nullif(a.next_due_at, 'infinity') AS next_due_at, a.final, {DUE}, a.accepted_at, a.accepted_by, a.returned_at,"
    " a.returned_by, a.completed_at, a.completed_by, a.reason, a.explanation, a.result, a.handled_by, a.progress,"
    " a.progress_at, a.progress_by"
)
_WITH_TICKET = f"{ASSIGNMENT}, t.number, t.title, t.text"


def assignments(
    tx: Transaction,
    scope: Scope,
    *,
    department: str | None,
    state: str | None,
    handled_by: str | None,
    after: UUID | DuePlace | None,
    by_due: bool,
    limit: int,
) -> list[Row]:
    """Assignments within ``scope`` after a place, oldest first; or, ``by_due``, open ones, the earliest due first."""
    place, order = "a.id > %(id)s", "a.id"
    if by_due:
        order = "a.next_due_at, a.id"
        place = f"({order}) > (coalesce(%(due_at)s::timestamptz, 'infinity'), %(id)s)"
    due_place = after if isinstance(after, DuePlace) else None
    return tx.rows(
        f"SELECT {_WITH_TICKET} FROM assignments a JOIN tickets t ON t.id = a.ticket_id WHERE a.center = %(center)s"
        + given(
            (f" AND a.{OPEN}", by_due or None),
            (" AND a.department = %(scope)s", scope.department),
            (" AND a.department = %(department)s", department),
            (" AND a.state = %(state)s", state),
            (" AND a.handled_by = %(handled_by)s", handled_by),
            (f" AND {place}", after),
        )
        + f" ORDER BY {order} LIMIT %(limit)s",
        center=scope.center,
        scope=scope.department,
        department=department,
        state=state,
        handled_by=handled_by,
        due_at=due_place and due_place.due_at,
        id=due_place.id if due_place else after,
        limit=limit,
    )


def assignment(tx: Transaction, assignment_id: UUID) -> Row:
    """One assignment that the caller was let at."""
    (row,) = tx.rows(
        f"SELECT {_WITH_TICKET} FROM assignments a JOIN tickets t ON t.id = a.ticket_id WHERE a.id = %(id)s",
        id=assignment_id,
    )
    return row


def tickets(
    tx: Transaction,
    scope: Scope,
    *,
    state: str | None,
    complexity: str | None,
    department: str | None,
    search: Search,
    after: UUID | None,
    limit: int,
) -> list[Row]:
    """Tickets within ``scope`` that a search may mean, newest first, before the one of that id."""
    of_department = " AND EXISTS (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.department = "
    return tx.rows(
        f"SELECT {SUMMARY}{', t.text' if search.pieces else ''} FROM tickets t WHERE t.center = %(center)s"
        + given(
            (f" AND {_having(tx, search.terms)}" if search.terms else "", search.terms or None),
            (" AND t.number = ANY(%(numbers)s)", search.numbers or None),
            (f"{of_department}%(scope)s)", scope.department),
            (" AND t.shown_state = %(state)s", state),
            (" AND t.complexity = %(complexity)s", complexity),
            (f"{of_department}%(department)s)", department),
            (" AND t.id < %(after)s", after),
        )
        + " ORDER BY t.id DESC LIMIT %(limit)s",
        center=scope.center,
        scope=scope.department,
        terms=list(search.terms),
        numbers=list(search.numbers),
        state=state,
        complexity=complexity,
        department=department,
        after=after,
        limit=limit,
    )


def ticket(tx: Transaction, ticket_id: UUID, scope: Scope) -> Row | None:
    """One ticket within ``scope``: a department sees those that it has or had an assignment in."""
    return tx.row(
        f"SELECT {SUMMARY}, t.text, t.channel, t.matter, t.cause, t.rule, t.decided_by, t.why, t.answer,"
        " t.answered_at, t.report, t.reported_at, t.outcome, t.closed_at, t.forgotten_at FROM tickets t"
        " WHERE t.id = %(id)s AND t.center = %(center)s"
        " AND (%(department)s::text IS NULL OR EXISTS"
        " (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.department = %(department)s))",
        id=ticket_id,
        **scope._asdict(),
    )


def given(*conditions: tuple[str, Any]) -> str:
    """The conditions whose value was given, so that each has an index to go by."""
    return "".join(condition for condition, value in conditions if value is not None)


def note_new(tx: Transaction, ticket_ids: Iterable[UUID]) -> None:
    """These tickets are to be made findable."""
    ids = list(ticket_ids)
    if ids:
        tx.execute_at_commit("INSERT INTO search_backlog (ticket_id) SELECT unnest(%(ids)s)", ids=ids)


def make_findable(tx: Transaction, limit: int) -> int:
    """Enter some of them into the index by their words, which are masked; how many. Replicas share the work."""
    rows = tx.rows(
        "WITH next AS (DELETE FROM search_backlog WHERE ticket_id = ANY(ARRAY(SELECT ticket_id FROM search_backlog"
        " ORDER BY ticket_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)) RETURNING ticket_id)"
        " SELECT t.id, t.center, t.title, t.text FROM tickets t JOIN next ON next.ticket_id = t.id",
        limit=limit,
    )
    found = [[row.id, row.center, terms_of(row.title, row.text)] for row in TimeSlice().between(rows)]
    if found:
        tx.execute(
            "INSERT INTO search_terms (ticket_id, center, terms) SELECT (e->>0)::uuid, e->>1,"
            " ARRAY(SELECT json_array_elements_text(e->2)) FROM json_array_elements(%(rows)s) AS found (e)"
            " ON CONFLICT DO NOTHING",
            rows=as_json_rows(found),
        )
    return len(rows)


def _having(tx: Transaction, terms: Sequence[str]) -> str:
    """What holds of the tickets ``t`` that have all ``terms``, in the way that is quick for these, with ``%(terms)s``.

    Rare words are looked up in the index and what is found is put in order; of common ones the newest tickets are gone
    through until a page is full. PostgreSQL, left to choose, at times goes through all tickets for a word in none.
    """
    row = tx.row(
        "SELECT count(*) AS times"
        " FROM (SELECT FROM search_terms WHERE terms @> %(terms)s::text[] LIMIT %(many)s) AS counted",
        terms=list(terms),
        many=COMMON,
    )
    if row and row.times < COMMON:
        return "t.id = ANY(ARRAY(SELECT ticket_id FROM search_terms WHERE terms @> %(terms)s::text[]))"
    return "EXISTS (SELECT FROM search_terms s WHERE s.ticket_id = t.id AND s.terms @> %(terms)s::text[] OFFSET 0)"
