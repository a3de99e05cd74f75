"""Solved tickets that others can learn from: promoted by a leader or a liaison, consented to by their departments."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import Any
from uuid import UUID

from schemas.cases import PromotedTo, TypicalCaseState
from schemas.cursors import cursor_of, place_of
from schemas.enums import Role
from schemas.errors import NotFound
from schemas.requests.cases import (
    CaseConsent,
    CasePromotion,
    CaseState,
    ConsentToCase,
    PromoteCase,
    TypicalCase,
    TypicalCases,
    TypicalCasesQuery,
)
from services.access import centers
from services.access.admission import route
from services.calendar.calendar import work_calendar
from services.knowledge import store
from services.knowledge.actions import promoting
from services.knowledge.routes.solved import ANYBODY, scope_of
from services.knowledge.rules.case import is_solved
from services.knowledge.rules.ticket import KnownTicket
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call

PROMOTERS = {Role.LIAISON, Role.DUTY_LEADER, Role.DIRECTOR}
CONSENTERS = {Role.LIAISON, Role.DEPARTMENT_HEAD}


@route("POST", "/cases/<uuid:ticket_id>/promote", body=PromoteCase, reply=CasePromotion, status=201, roles=PROMOTERS)
def promote_case(service: Any, call: Call, ticket_id: UUID) -> CasePromotion:
    """Make of a solved ticket a draft of the question base, or a typical case; of its masked words alone."""
    center = centers.current(call.tx, call.actor.center)
    return promoting.promote(call.tx, center, _ticket(call, ticket_id, lock=True), call.body, call.actor)


@route("POST", "/cases/<uuid:ticket_id>/consent", body=ConsentToCase, reply=TypicalCase, roles=CONSENTERS)
def consent_to_case(service: Any, call: Call, ticket_id: UUID) -> TypicalCase:
    """A department that is named in a typical case lets others read it, or does not."""
    promoting.consent(call.tx, call.actor.center, ticket_id, call.body, call.actor)
    row = store.typical_cases.find(call.tx, call.actor.center, ticket_id)
    assert row is not None
    (shown,) = _shown(call, [row])
    return shown


@route("GET", "/cases/<uuid:ticket_id>", reply=CaseState, roles=ANYBODY)
def show_case(service: Any, call: Call, ticket_id: UUID) -> CaseState:
    """What can become of a ticket, and what it has become."""
    ticket = _ticket(call, ticket_id)
    entry = store.typical_cases.entry_of(call.tx, ticket_id)
    row = store.typical_cases.find(call.tx, call.actor.center, ticket_id)
    may = []
    if is_solved(ticket) and call.actor.has(*PROMOTERS):
        may += [PromotedTo.ENTRY] if entry is None else []
        is_one = row is not None and row.state in (TypicalCaseState.AWAITING, TypicalCaseState.SHOWN)
        may += [] if is_one else [PromotedTo.TYPICAL_CASE]
    return CaseState(
        ticket_id=ticket_id,
        title=ticket.title,
        text=ticket.text,
        answer=ticket.answer,
        may_become=tuple(may),
        entry_id=entry.id if entry else None,
        entry_number=entry.number if entry else None,
        typical_case=_shown(call, [row])[0] if row else None,
    )


@route("GET", "/cases", query=TypicalCasesQuery, reply=TypicalCases, roles=ANYBODY)
def list_cases(service: Any, call: Call) -> TypicalCases:
    """Typical cases: those that are shown to everybody on the staff; those that wait, or that were refused, to the
    center, and to the departments that they name.
    """
    query = call.query
    is_shown = query.state is TypicalCaseState.SHOWN
    after = place_of(query.after) if query.after else None
    department = None if is_shown else scope_of(call.actor)
    rows = store.typical_cases.page(call.tx, call.actor.center, department, query.state, after, query.limit + 1)
    items = _shown(call, rows[: query.limit])
    more = len(rows) > query.limit
    return TypicalCases(items=items, next=cursor_of(items[-1].promoted_at, items[-1].ticket_id) if more else None)


def _ticket(call: Call, ticket_id: UUID, *, lock: bool = False) -> KnownTicket:
    ticket = store.tickets.find(call.tx, call.actor.center, scope_of(call.actor), ticket_id)
    if ticket is None or (lock and ticket_id not in store.tickets.lock(call.tx, [ticket_id])):
        raise NotFound("no such ticket is known")
    return ticket


def _shown(call: Call, rows: Sequence[Row]) -> tuple[TypicalCase, ...]:
    center = centers.current(call.tx, call.actor.center)
    zone: tzinfo = work_calendar(center.calendar).zone or UTC
    said: dict[UUID, dict[str, CaseConsent]] = defaultdict(dict)
    for row in store.typical_cases.consents(call.tx, [each.ticket_id for each in rows]):
        own = row._asdict() | {"given_at": row.given_at.astimezone(zone)}
        del own["ticket_id"]
        said[row.ticket_id][row.department] = CaseConsent(**own)
    return tuple(
        TypicalCase(
            **row._asdict()
            | {
                "state": TypicalCaseState(row.state),
                "departments": tuple(row.departments),
                "promoted_at": row.promoted_at.astimezone(zone),
            },
            consents=tuple(said[row.ticket_id].get(each, CaseConsent(department=each)) for each in row.departments),
            awaited=tuple(each for each in row.departments if each not in said[row.ticket_id]),
        )
        for row in rows
    )
