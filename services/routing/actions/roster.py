"""Changes of the roster: leaders swap sittings, go on leave, name who sits instead.

The leader concerned does it, or the director. A swap that a leader proposes counts once the other one has confirmed it;
what the director says counts at once.
"""

from datetime import date
from uuid import UUID

from schemas.center.access import holders_of
from schemas.center.center import Center
from schemas.duty import RosterChangeKind, RosterChangeState
from schemas.enums import Role
from schemas.errors import Conflict
from schemas.events.roster import RosterChanged
from schemas.requests.roster import NameSubstitute, SwapSittings, TakeLeave
from services.access import centers
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.http.group_commit import Call
from services.routing import duty, store
from services.routing.rules import roster_changes as rules
from services.routing.rules.roster_changes import RosterChange


def swap(call: Call) -> None:
    """Propose that two leaders sit for each other; the director's word counts at once."""
    tx, body = call.tx, call.body
    center = _lock(call)
    request: SwapSittings = body
    own = duty.sitting_at(tx, center, request.opens_at)
    other = duty.sitting_at(tx, center, request.other_opens_at)
    is_director = call.actor.has(Role.DIRECTOR)
    rules.ensure_may_swap(
        own,
        other,
        tx.now,
        by=call.actor.staff,
        is_director=is_director,
        pending=store.roster.changes(tx, center.code, RosterChangeState.PROPOSED, _today(tx, center)),
    )
    if own is None or other is None:  # which the rule has refused
        return
    days = sorted((own.opens_at.date(), other.opens_at.date()))
    change = RosterChange(
        id=new_id(),
        kind=RosterChangeKind.SWAP,
        state=RosterChangeState.IN_FORCE if is_director else RosterChangeState.PROPOSED,
        leader=own.leader,
        other=other.leader,
        opens_at=own.opens_at,
        other_opens_at=other.opens_at,
        first=days[0],
        last=days[1],
        asked_by=call.actor.staff,
    )
    store.roster.insert(tx, center.code, change)
    _announce(call, change)


def take_leave(call: Call) -> None:
    """A leader does not sit on these days; whoever is named sits instead."""
    tx, center = call.tx, _lock(call)
    body: TakeLeave = call.body
    leader, today = body.leader or call.actor.staff, _today(tx, center)
    rules.ensure_concerned(call.actor.staff, leader, is_director=call.actor.has(Role.DIRECTOR))
    rules.ensure_may_take_leave(
        body.first,
        body.last,
        today,
        leader=leader,
        substitute=body.substitute,
        leaders=_leaders(center),
        in_force=store.roster.changes(tx, center.code, RosterChangeState.IN_FORCE, today),
    )
    change = RosterChange(
        id=new_id(),
        kind=RosterChangeKind.LEAVE,
        state=RosterChangeState.IN_FORCE,
        leader=leader,
        other=body.substitute,
        opens_at=None,
        other_opens_at=None,
        first=body.first,
        last=body.last,
        asked_by=call.actor.staff,
    )
    store.roster.insert(tx, center.code, change)
    _announce(call, change)


def name_substitute(call: Call, change_id: UUID) -> None:
    """Somebody sits for a leader on leave, or somebody else than before."""
    tx, center = call.tx, _lock(call)
    change = store.roster.change(tx, center.code, change_id)
    body: NameSubstitute = call.body
    rules.ensure_concerned(call.actor.staff, change.leader, is_director=call.actor.has(Role.DIRECTOR))
    if change.kind != RosterChangeKind.LEAVE:
        raise Conflict("a swap has no substitute")
    rules.ensure_may_withdraw(change, _today(tx, center), is_director=True)
    rules.ensure_may_substitute(change.leader, body.substitute, _leaders(center))
    _decide(call, change._replace(other=body.substitute))


def confirm(call: Call, change_id: UUID) -> None:
    """The other leader agrees: from now on each sits for the other."""
    change, center = _proposed(call, change_id)
    own, other = (duty.sitting_at(call.tx, center, each) for each in (change.opens_at, change.other_opens_at) if each)
    rules.ensure_may_confirm(change, own, other, call.tx.now)
    _decide(call, change._replace(state=RosterChangeState.IN_FORCE))


def refuse(call: Call, change_id: UUID) -> None:
    """The other leader does not agree."""
    change, _center = _proposed(call, change_id)
    _decide(call, change._replace(state=RosterChangeState.REFUSED))


def withdraw(call: Call, change_id: UUID) -> None:
    """It is as the center file has it again."""
    center = _lock(call)
    change = store.roster.change(call.tx, center.code, change_id)
    is_director = call.actor.has(Role.DIRECTOR)
    rules.ensure_concerned(call.actor.staff, change.leader, is_director=is_director)
    rules.ensure_may_withdraw(change, _today(call.tx, center), is_director=is_director)
    _decide(call, change._replace(state=RosterChangeState.WITHDRAWN))


def _proposed(call: Call, change_id: UUID) -> tuple[RosterChange, Center]:
    """A swap that the actor may confirm or refuse. Raises NotFound, Forbidden, Conflict once it was decided."""
    center = _lock(call)
    change = store.roster.change(call.tx, center.code, change_id)
    rules.ensure_concerned(call.actor.staff, change.other, is_director=call.actor.has(Role.DIRECTOR))
    if change.state != RosterChangeState.PROPOSED:
        raise Conflict(f"this change is {change.state} already")
    return change, center


def _lock(call: Call) -> Center:
    center = centers.current(call.tx, call.actor.center)
    store.roster.lock(call.tx, center.code)
    return center


def _today(tx: Transaction, center: Center) -> date:
    return work_calendar(center.calendar).local(tx.now).date()


def _leaders(center: Center) -> set[str]:
    """Whoever may decide what lies on the docket."""
    return {*holders_of(center, Role.DUTY_LEADER), *holders_of(center, Role.DIRECTOR)}


def _decide(call: Call, change: RosterChange) -> None:
    store.roster.update(call.tx, change, call.actor.staff)
    _announce(call, change)


def _announce(call: Call, change: RosterChange) -> None:
    said = {name: value for name, value in change._asdict().items() if name not in ("id", "asked_by")}
    call.tx.announce(
        RosterChanged(
            center=call.actor.center,
            change_id=change.id,
            changed_by=call.actor.staff,
            changed_at=call.tx.now,
            **said,
        )
    )
