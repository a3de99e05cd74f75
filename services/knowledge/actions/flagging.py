"""Somebody says that an entry is not right; its owner judges that, and what is right is suspended at once."""

from uuid import UUID

from schemas.entries import EntryState, FlagVerdict, SuspensionReason
from schemas.errors import Conflict, Forbidden
from schemas.events.entries import EntryFlagged, FlagSettled
from services.access import centers
from services.knowledge import store
from services.knowledge.actions import showing
from services.knowledge.actions.notifying import FLAGGED, Named, liaisons_of, notify
from services.knowledge.rules import late, vetting
from services.knowledge.store.flags import NewFlag
from services.plumbing.database.transaction import new_id
from services.plumbing.http.group_commit import Call


def flag(call: Call, entry_id: UUID) -> None:
    """Say what is not right in an entry that is shown. Raises NotFound, Conflict."""
    tx, center = call.tx, centers.current(call.tx, call.actor.center)
    entry = store.entries.lock(tx, center.code, entry_id)
    if entry.state is not EntryState.PUBLISHED or entry.published_version is None:
        raise Conflict("only what is shown can be flagged")
    due_at = late.due(center, tx.now, center.question_base.settle_flag_working_days)
    new = NewFlag(
        id=new_id(),
        center=center.code,
        entry_id=entry.id,
        version=entry.published_version,
        owner=entry.owner,
        reason=call.body.reason,
        flagged_by=call.actor.staff,
        flagged_at=tx.now,
        due_at=due_at,
        next_level_at=late.level_at(center, due_at, 1),
    )
    store.flags.insert(tx, new)
    store.entries.record_and_announce(
        tx,
        EntryFlagged(
            **showing.about(entry, new.version),
            flag_id=new.id,
            reason=new.reason,
            flagged_by=new.flagged_by,
            flagged_at=tx.now,
            due_at=due_at,
        ),
    )
    notify(tx, center, FLAGGED, liaisons_of(center, entry.owner), [Named(entry.id, entry.number)])


def settle(call: Call, flag_id: UUID) -> UUID:
    """Judge a flag; the entry's id. Raises NotFound, Forbidden, Conflict."""
    tx, center, body = call.tx, centers.current(call.tx, call.actor.center), call.body
    entry = store.entries.lock(tx, center.code, store.flags.entry_of(tx, center.code, flag_id))
    given = store.flags.get(tx, flag_id)
    if not vetting.is_of(call.actor, entry):
        raise Forbidden("the department that answers for the entry judges what is said about it")
    if given.flagged_by == call.actor.staff:
        raise Forbidden("nobody judges what he or she flagged")
    if given.verdict is not None:
        raise Conflict("the flag was judged before")
    is_upheld = body.verdict is FlagVerdict.UPHELD
    is_mended = is_upheld and (entry.state is EntryState.EXPIRED or entry.published_version != given.version)
    mend = None
    if is_upheld and not is_mended:
        due_at = late.due(center, tx.now, center.question_base.mend_flag_working_days)
        mend = due_at, late.level_at(center, due_at, 1)
    store.flags.settle(tx, flag_id, body.verdict, body.why, call.actor.staff, mend)
    store.entries.record_and_announce(
        tx,
        FlagSettled(
            **showing.about(entry, given.version),
            flag_id=flag_id,
            verdict=body.verdict,
            why=body.why,
            settled_by=call.actor.staff,
            settled_at=tx.now,
            due_at=mend and mend[0],
        ),
    )
    if mend and entry.state is EntryState.PUBLISHED:
        showing.suspend(tx, entry, SuspensionReason.FLAG_UPHELD, body.why, call.actor.staff)
    return entry.id
