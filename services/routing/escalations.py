"""Escalations as they are read: who was told, and who has acknowledged it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from schemas.errors import NotFound
from schemas.requests.escalations import Acknowledgement, EscalationOfTicket, EscalationPage, EscalationView
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.replies import page_of, scope_of, shown, zone_of

_View = TypeVar("_View", bound=EscalationView)


def with_acknowledgements(call: Call, kind: type[_View], rows: Sequence[Row]) -> tuple[_View, ...]:
    """Rows of escalations of the actor's center as records, with who has acknowledged each."""
    zone, found = zone_of(call), defaultdict[UUID, list[Acknowledgement]](list)
    for row in store.acknowledgements.of_escalations(call.tx, call.actor.center, [each.id for each in rows]):
        found[row.id].append(shown(Acknowledgement, row, zone))
    return tuple(shown(kind, row, zone, acknowledgements=tuple(found[row.id])) for row in rows)


def escalations(call: Call) -> EscalationPage:
    """The escalations that were asked for, as far as the actor sees: who is limited to a department sees their own."""
    query, scope = call.query, scope_of(call.actor)
    rows = store.escalations.page(
        call.tx,
        scope.center,
        staff=call.actor.staff if query.mine or scope.department is not None else None,
        unacknowledged=query.unacknowledged,
        after=query.after,
        limit=query.limit + 1,
    )
    page, following = page_of(rows, query.limit)
    return EscalationPage(items=with_acknowledgements(call, EscalationOfTicket, page), next=following)


def escalation(call: Call, escalation_id: UUID) -> EscalationOfTicket:
    """One escalation that the actor was told of. Raises NotFound."""
    row = store.escalations.escalation(call.tx, call.actor.center, escalation_id)
    if row is None or call.actor.staff not in row.to:
        raise NotFound("no escalation of which you were told")
    return with_acknowledgements(call, EscalationOfTicket, [row])[0]
