"""What a draft of the center file would do to open deadlines, one by one, before anybody publishes it.

Nothing is written and nothing locked. A page ends after so many deadlines or so much work, and others are served
between two of them.
"""

import time
from uuid import UUID

import marshmallow

from schemas.center.center import Center
from schemas.cursors import cursor_of, place_of
from schemas.enums import DeadlineKind, DeadlineState
from schemas.requests.center_file import DeadlineOtherwise, DeadlinesOtherwise, DryRun
from services.access import centers
from services.access.center_text import CenterFault, read_center_text
from services.calendar.calendar import work_calendar
from services.deadline_watch import store
from services.deadline_watch.actions import policies
from services.deadline_watch.rules.deadline import Deadline, Policy
from services.deadline_watch.rules.dry_run import TicketOnRecord, anew, recounted
from services.deadline_watch.store.deadlines import facts_in
from services.plumbing.database.transaction import Row, Transaction, new_id
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice

_READ_AT_ONCE = 100
_PAGE_SECONDS = 0.5

Counted = tuple[dict[UUID, Deadline], dict[UUID, Deadline]]
"""A ticket's deadlines once the draft is published, and as if it had always been."""


def dry_run(call: Call) -> DeadlinesOtherwise:
    """The open deadlines that a draft would move, or count otherwise from the start. Raises ValidationError."""
    body: DryRun = call.body
    tx, center = call.tx, call.actor.center
    draft = _policy(tx, _sound(body.yaml, center))
    place = place_of(body.after) if body.after else None
    give_way, began = TimeSlice(), time.monotonic()
    known: dict[UUID, Counted] = {}
    found: list[DeadlineOtherwise] = []
    while rows := store.dry_run.open_deadlines(tx, center, place, limit=_READ_AT_ONCE):
        for row in give_way.between(rows):
            place = row.due_at, row.id
            if row.ticket_id not in known:
                known[row.ticket_id] = _counted(tx, center, row, draft)
            if otherwise := _otherwise(tx, row, known[row.ticket_id], draft):
                found.append(otherwise)
            if len(found) == body.limit or time.monotonic() - began > _PAGE_SECONDS:
                return DeadlinesOtherwise(items=tuple(found), next=cursor_of(*place))
    return DeadlinesOtherwise(items=tuple(found))


def _sound(text: str, code: str) -> Center:
    center, faults = read_center_text(text)
    if center is not None and center.code != code:
        center, faults = None, (CenterFault("code", "The code of a center never changes.", None),)
    if center is None:
        raise marshmallow.ValidationError({each.path or "yaml": [each.message] for each in faults})
    return center


def _policy(tx: Transaction, draft: Center) -> Policy:
    """The draft as if it were the version that comes next."""
    version = centers.newest_version(tx, draft.code) + 1
    calendar = work_calendar(draft.calendar)

    def earlier(other: int) -> Policy:
        return policy if other == version else policies.at_version(tx, draft.code, other)

    policy = Policy(draft, version, calendar, earlier)
    return policy


def _counted(tx: Transaction, center: str, row: Row, draft: Policy) -> Counted:
    ticket = TicketOnRecord(row.ticket_id, center, facts_in(row.facts), row.pauses_ended_at)
    return recounted(ticket, draft, tx.now, new_id()), anew(ticket, draft)


def _otherwise(tx: Transaction, row: Row, counted: Counted, draft: Policy) -> DeadlineOtherwise | None:
    recount, fresh = (each.get(row.id) for each in counted)
    # As the watch does it: never by an older edition of the statutory days, nor where the calendar is the same.
    is_recounted = (
        row.provisional
        and row.calendar_version != draft.calendar.version
        and not policies.is_newer(row.calendar_version, draft.calendar.version)
    )
    would_be = recount.due_at if recount and is_recounted else row.due_at
    anew_due_at = fresh.due_at if fresh else None
    if would_be == row.due_at and anew_due_at in (None, row.due_at):
        return None
    return DeadlineOtherwise(
        id=row.id,
        ticket_id=row.ticket_id,
        number=row.number,
        kind=DeadlineKind(row.kind),
        round=row.round,
        department=row.department,
        due_at=row.due_at,
        would_be_due_at=would_be,
        anew_due_at=anew_due_at,
        would_break=row.state == DeadlineState.RUNNING and row.due_at >= tx.now > would_be,
    )
