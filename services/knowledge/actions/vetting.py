"""A draft is handed in, vetted by every department that it names, then by justice, and published."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.center.center import Center
from schemas.entries import EntryState, VersionState, VettingStage, VettingVerdict
from schemas.errors import Conflict, Forbidden
from schemas.events.entries import EntrySubmitted, EntryVetted
from services.access import centers
from services.access.tokens import Actor
from services.calendar.calendar import work_calendar
from services.knowledge import store
from services.knowledge.actions import showing
from services.knowledge.actions.notifying import ASKED, Named, liaisons_of, notify
from services.knowledge.rules import entry as rules
from services.knowledge.rules import late, vetting
from services.knowledge.rules.entry import Entry, EntryVersion
from services.knowledge.store.vettings import NewVetting
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call


class Ask(NamedTuple):
    """Departments that are to vet a version from now on."""

    entry: Entry
    stage: VettingStage
    departments: tuple[str, ...]


def submit(call: Call, entry_id: UUID) -> None:
    """Hand in the latest draft. Raises NotFound, Forbidden, Conflict, Invalid."""
    tx, center = call.tx, centers.current(call.tx, call.actor.center)
    entry = store.entries.lock(tx, center.code, entry_id)
    latest = store.entries.version(tx, entry.id, entry.latest_version)
    rules.ensure_open(entry)
    vetting.ensure_may_write(call.actor, entry, latest)
    if call.body.version != latest.version:
        raise Conflict("another version has come since")
    _ask(tx, center, [_submit(tx, center, entry, latest, call.actor.staff)])


def vet(call: Call, entry_id: UUID) -> None:
    """Say something to the version that is being vetted. Raises NotFound, Forbidden, Conflict, Invalid."""
    tx, center, body = call.tx, centers.current(call.tx, call.actor.center), call.body
    entry = store.entries.lock(tx, center.code, entry_id)
    vetting.ensure_says_why(body.verdict, body.reason)
    further = _vet(tx, center, call.actor, entry, body.version, body.verdict, body.reason)
    _ask(tx, center, [further] if further else [])


def vet_many(call: Call) -> None:
    """Sign many at once, all or none. Drafts of an import that the own department answers for are handed in by that.
    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    tx, center, actor = call.tx, centers.current(call.tx, call.actor.center), call.actor
    seen = {each.entry_id: each.version for each in call.body.entries}
    asks = []
    for entry in store.entries.lock_all(tx, center.code, list(seen)):
        latest = store.entries.version(tx, entry.id, entry.latest_version)
        if latest.state is VersionState.DRAFT and latest.version == seen[entry.id]:
            if entry.import_id is None or actor.department not in latest.departments:
                raise Forbidden("only what was read in from a file is handed in like that")
            asks.append(_submit(tx, center, entry, latest, actor.staff))
    mine = actor.department or ""
    _ask(tx, center, asks, but=mine)
    further = [
        _vet(tx, center, actor, entry, seen[entry.id], VettingVerdict.APPROVE, "")
        for entry in store.entries.lock_all(tx, center.code, list(seen))
    ]
    _ask(tx, center, [each for each in further if each])


def _submit(tx: Transaction, center: Center, entry: Entry, latest: EntryVersion, by: str) -> Ask:
    vetting.justice_of(center)
    rules.ensure_whole(latest, work_calendar(center.calendar).local(tx.now).date())
    due_at = late.due(center, tx.now, center.question_base.vet_working_days)
    changed = {"state": VersionState.DEPARTMENT_VETTING, "submitted_by": by, "submitted_at": tx.now}
    store.entries.update_version(tx, entry.id, latest.version, **changed)
    if entry.published_version is None:
        store.entries.update(tx, entry.id, state=EntryState.VETTING)
    store.entries.record_and_announce(
        tx,
        EntrySubmitted(
            **showing.about(entry, latest.version),
            departments=latest.departments,
            submitted_by=by,
            submitted_at=tx.now,
            due_at=due_at,
        ),
    )
    return Ask(entry, VettingStage.DEPARTMENT, latest.departments)


def _vet(
    tx: Transaction,
    center: Center,
    actor: Actor,
    entry: Entry,
    seen: int,
    verdict: VettingVerdict,
    reason: str,
) -> Ask | None:
    """What is to be asked next, if anything."""
    version = store.entries.version(tx, entry.id, entry.latest_version)
    asked = store.vettings.asked(tx, entry.id, version.version)
    mine = vetting.ensure_may_vet(actor, version, seen, asked)
    store.vettings.say(tx, entry.id, version.version, mine, verdict, reason, actor.staff)
    store.entries.record_and_announce(
        tx,
        EntryVetted(
            **showing.about(entry, version.version),
            stage=mine.stage,
            department=mine.department,
            verdict=verdict,
            reason=reason,
            vetted_by=actor.staff,
            vetted_at=tx.now,
        ),
    )
    if verdict is not VettingVerdict.APPROVE:
        is_over = verdict is VettingVerdict.REFUSE
        state = VersionState.REFUSED if is_over else VersionState.RETURNED
        store.entries.update_version(tx, entry.id, version.version, state=state)
        if entry.published_version is None:
            store.entries.update(tx, entry.id, state=EntryState.REFUSED if is_over else EntryState.DRAFT)
        return None
    if asked != {mine}:
        return None
    if mine.stage is VettingStage.DEPARTMENT:
        store.entries.update_version(tx, entry.id, version.version, state=VersionState.JUSTICE_VETTING)
        return Ask(entry, VettingStage.JUSTICE, (vetting.justice_of(center),))
    if rules.valid_until_of(version) <= work_calendar(center.calendar).local(tx.now).date():
        raise Conflict("it would have expired already; have it changed")
    showing.publish(tx, entry, version)
    return None


def _ask(tx: Transaction, center: Center, asks: Sequence[Ask], but: str | None = None) -> None:
    """Have the departments know that they are to vet; all but the one that is doing so just now."""
    due_at = late.due(center, tx.now, center.question_base.vet_working_days)
    level_at: datetime | None = late.level_at(center, due_at, 1)
    of: dict[str, list[Named]] = defaultdict(list)
    rows = []
    for entry, stage, departments in asks:
        for department in departments:
            of[department].append(Named(entry.id, entry.number))
            rows.append(
                NewVetting(
                    *(entry.id, entry.latest_version, stage, department, center.code, tx.now, due_at, level_at),
                )
            )
    if rows:
        store.vettings.ask(tx, rows)
    for department, entries in of.items():
        if department != but:
            notify(tx, center, ASKED, liaisons_of(center, department), entries)
