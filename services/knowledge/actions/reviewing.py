"""The lists of the week are made, and worked off: an entry is kept, written anew, or over."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from schemas.center.center import Center
from schemas.entries import EntryState, ReviewSubject, ReviewVerdict
from schemas.enums import Role
from schemas.errors import Conflict, Forbidden, Invalid, NotFound
from services.access import centers
from services.calendar.calendar import work_calendar
from services.knowledge import store
from services.knowledge.actions import lacking, showing
from services.knowledge.actions.notifying import LISTED, Named, Urgency, liaisons_of, notify
from services.knowledge.rules import late, vetting
from services.knowledge.store.reviews import Listed
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.http.group_commit import Call


def make_lists(tx: Transaction) -> int:
    """Make the lists of this week in centers where it is time and that have none yet; how many centers."""
    made = 0
    for code, _ in centers.codes(tx):
        if centers.current_version(tx, code) == 0:
            continue
        center = centers.current(tx, code)
        week = late.week_of(center, tx.now)
        if late.is_list_due(center, tx.now) and store.reviews.begin_week(tx, code, week):
            _make(tx, center)
            made += 1
    return made


def _make(tx: Transaction, center: Center) -> None:
    week = late.week_of(center, tx.now)
    known = store.reviews.open_subjects(tx, center.code)
    listed = [
        each
        for each in _to_list(tx, center)
        if each.department in center.departments and (each.department, each.subject_kind, each.subject) not in known
    ]
    due_at = late.list_due_at(center, week)
    store.reviews.insert(
        *(tx, [new_id() for _ in listed], center.code, week, listed),
        due_at=due_at,
        next_level_at=late.level_at(center, due_at, 1),
    )
    of: dict[str, list[Named]] = defaultdict(list)
    for each in listed:
        if each.entry_id is not None:
            of[each.department].append(Named(each.entry_id, each.subject))
    for department, entries in of.items():
        notify(tx, center, LISTED, liaisons_of(center, department), entries, Urgency(None, None, due_at))


def _to_list(tx: Transaction, center: Center) -> Sequence[Listed]:
    """All that is on this week's lists, whatever the reason."""
    rule = center.question_base
    today = work_calendar(center.calendar).local(tx.now).date()
    entries = store.reviews.entries_to_list(
        *(tx, center.code),
        reviewed_before=tx.now - timedelta(days=rule.review_after_days),
        ending_before=today + timedelta(days=rule.ends_within_days),
    )
    return [*entries, *lacking.asked_and_not_found(tx, center), *lacking.candidates(tx, center)]


def review(call: Call, review_id: UUID) -> UUID | None:
    """Say what becomes of something on the list; the entry's id, if it is one. Raises NotFound, Forbidden, Conflict,
    Invalid.
    """
    tx, actor, body = call.tx, call.actor, call.body
    line = store.reviews.lock(tx, actor.center, review_id)
    if line is None or not (actor.department == line.department or actor.has(Role.DIRECTOR, Role.SUPERVISOR)):
        raise NotFound("no such line on your department's list")
    if not actor.has(*vetting.DEPARTMENTS) or actor.department != line.department:
        raise Forbidden("the department whose list it is reviews it")
    if line.ended_at is not None:
        raise Conflict("it was reviewed before")
    if body.verdict is not ReviewVerdict.KEEP and len(body.why.strip()) < 5:
        raise Invalid("why", "Must say why in at least 5 characters.")
    if ReviewSubject(line.subject_kind) is not ReviewSubject.ENTRY and body.verdict is ReviewVerdict.EXPIRE:
        raise Invalid("verdict", "There is no entry that could expire.")
    if line.entry_id is not None:
        _review_entry(call, line.entry_id)
    store.reviews.say(tx, review_id, body.verdict, body.why, actor.staff)
    entry_id: UUID | None = line.entry_id
    return entry_id


def _review_entry(call: Call, entry_id: UUID) -> None:
    tx, body = call.tx, call.body
    entry = store.entries.lock(tx, call.actor.center, entry_id)
    if body.verdict is ReviewVerdict.EXPIRE and entry.state is not EntryState.EXPIRED:
        showing.expire(tx, entry, body.why, call.actor.staff)
    elif body.verdict is ReviewVerdict.KEEP:
        if entry.state is EntryState.SUSPENDED:
            raise Conflict("what is being checked is mended or over, not kept as it is")
        store.entries.update(tx, entry.id, reviewed_at=tx.now)
