"""What a draft of the center file would do to open tickets, one by one, before anybody publishes it.

Nothing is written. A page ends after so many tickets or so much work, and others are served between two of them.
"""

import time
from collections.abc import Collection
from uuid import UUID

import marshmallow

from schemas.center.center import Center
from schemas.center.rules import matter_of
from schemas.enums import Cause, Complexity, TicketState
from schemas.reasons import DryRunReason
from schemas.requests.center_file import DryRun, TicketOtherwise, TicketsOtherwise
from services.access import centers
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.routing import store
from services.routing.actions.center_file import judged
from services.routing.rules.lists import id_place
from services.routing.rules.routing import RoutingDecision, choose

_READ_AT_ONCE = 100
_PAGE_SECONDS = 0.5
_FIRST = UUID(int=0)


def dry_run(call: Call) -> TicketsOtherwise:
    """The open tickets that others would handle. Raises ValidationError on a draft that cannot be published."""
    body: DryRun = call.body
    draft, faults = judged(call, body.yaml)
    if draft is None:
        raise marshmallow.ValidationError({each.path or "yaml": [each.message] for each in faults})
    now = centers.current(call.tx, call.actor.center)
    at_work = {department for code, department in store.assignments.departments_at_work(call.tx) if code == draft.code}
    gone = at_work - draft.departments.keys()
    give_way, began = TimeSlice(), time.monotonic()
    found: list[TicketOtherwise] = []
    after = id_place(body.after) if body.after else _FIRST
    while rows := store.dry_run.concerned(call.tx, draft.code, gone, after, limit=_READ_AT_ONCE):
        for row in give_way.between(rows):
            after = row.id
            if otherwise := _otherwise(row, now, draft, gone):
                found.append(otherwise)
            if len(found) == body.limit or time.monotonic() - began > _PAGE_SECONDS:
                return TicketsOtherwise(items=tuple(found), next=str(after))
    return TicketsOtherwise(items=tuple(found))


def _otherwise(row: Row, now: Center, draft: Center, gone: Collection[str]) -> TicketOtherwise | None:
    lost = tuple(sorted({row.lead, *row.at_work} & set(gone)))
    if lost and row.state == TicketState.ASSIGNED:
        return TicketOtherwise(
            ticket_id=row.id,
            number=row.number,
            why=DryRunReason.DEPARTMENT_GONE,
            lead=row.lead,
            assisting=tuple(row.assisting),
            gone=lost,
            would_lead=None if row.lead in lost else row.lead,
            would_assist=tuple(each for each in row.assisting if each not in lost),
        )
    matter = matter_of(row.title, row.text, row.matter, row.cause and Cause(row.cause))
    so_far = row.complexity and Complexity(row.complexity)
    before, after = (choose(center, matter, returned=row.returned, so_far=so_far) for center in (now, draft))
    if _who(before) == _who(after):
        return None
    return TicketOtherwise(
        ticket_id=row.id,
        number=row.number,
        why=DryRunReason.RULE_CHANGED,
        lead=before.lead if before else None,
        assisting=before.assisting if before else (),
        would_lead=after.lead if after else None,
        would_assist=after.assisting if after else (),
        rule=after.rule if after else None,
    )


def _who(decision: RoutingDecision | None) -> tuple[str, tuple[str, ...]] | None:
    return (decision.lead, decision.assisting) if decision else None
