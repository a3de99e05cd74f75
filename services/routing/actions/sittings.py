"""A sitting is opened and closed, and its minutes are written and signed, by the leader who sits."""

from uuid import UUID

from schemas.enums import Role
from schemas.events.sittings import MinutesSigned, SittingClosed, SittingOpened
from schemas.requests.sittings import WriteMinutes
from services.access import centers
from services.plumbing.database.transaction import new_id
from services.plumbing.http.group_commit import Call
from services.privacy.fingerprints import MaskingKeys
from services.routing import duty, sittings, store
from services.routing.actions.staff_texts import masked
from services.routing.rules import sittings as rules
from services.routing.rules.roster_changes import Shift
from services.routing.rules.sittings import HeldSitting


def open_sitting(call: Call) -> UUID:
    """The leader sits at the window; the sitting's id. One before that nobody closed is over."""
    center = centers.current(call.tx, call.actor.center)
    shift, _following = duty.sitting_now_or_next(call.tx, center)
    held = store.sittings.opening_at(call.tx, center.code, shift.opens_at) if shift else None
    is_director = call.actor.has(Role.DIRECTOR)
    rules.ensure_may_open(shift, held, call.tx.now, by=call.actor.staff, is_director=is_director)
    return _open(call, shift) if shift else new_id()


def open_by_decision(call: Call) -> None:
    """Whoever sits decides something: the sitting is open, though nobody said so."""
    center = centers.current(call.tx, call.actor.center)
    shift, _following = duty.sitting_now_or_next(call.tx, center)
    held = store.sittings.opening_at(call.tx, center.code, shift.opens_at) if shift else None
    if shift and rules.opens_by_decision(shift, held, call.actor.staff, call.tx.now):
        _open(call, shift)


def _open(call: Call, shift: Shift) -> UUID:
    tx, center = call.tx, call.actor.center
    sitting = HeldSitting(
        id=new_id(),
        center=center,
        leader=shift.leader,
        opens_at=shift.opens_at,
        closes_at=shift.closes_at,
        opened_at=tx.now,
        opened_by=call.actor.staff,
    )
    if not store.sittings.insert(tx, sitting):
        held = store.sittings.opening_at(tx, center, shift.opens_at)
        return held.id if held else sitting.id
    for earlier in store.sittings.still_open(tx, center, shift.opens_at):
        _close(call, earlier, None)
    tx.announce(
        SittingOpened(
            center=center,
            sitting_id=sitting.id,
            leader=sitting.leader,
            opens_at=sitting.opens_at,
            opened_by=sitting.opened_by,
            opened_at=tx.now,
        )
    )
    return sitting.id


def close_sitting(call: Call, sitting_id: UUID) -> None:
    """The sitting is over; what lies on the docket is noted for the hand-over."""
    sitting = store.sittings.lock(call.tx, call.actor.center, sitting_id)
    rules.ensure_may_close(sitting, by=call.actor.staff, is_director=call.actor.has(Role.DIRECTOR))
    _close(call, sitting, call.actor.staff)


def _close(call: Call, sitting: HeldSitting, by: str | None) -> None:
    tx = call.tx
    store.sittings.close(tx, sitting.id, by, sittings.undone_now(call))
    tx.announce(
        SittingClosed(
            center=sitting.center, sitting_id=sitting.id, leader=sitting.leader, closed_by=by, closed_at=tx.now
        )
    )


def write_minutes(call: Call, keys: MaskingKeys, sitting_id: UUID) -> None:
    """Keep what the leader made of the draft; it can be changed until it is signed."""
    sitting = _to_write(call, sitting_id)
    body = _without_personal_data(call, keys, sitting)
    store.sittings.write(call.tx, sitting.id, body.minutes, body.handover, call.actor.staff)


def sign_minutes(call: Call, keys: MaskingKeys, sitting_id: UUID) -> None:
    """What the leader signs is what was shown and sent; from now on nobody changes it."""
    sitting = _to_write(call, sitting_id)
    body = _without_personal_data(call, keys, sitting)
    store.sittings.sign(call.tx, sitting.id, body.minutes, body.handover, call.actor.staff)
    call.tx.announce(
        MinutesSigned(
            center=sitting.center,
            sitting_id=sitting.id,
            leader=sitting.leader,
            signed_by=call.actor.staff,
            signed_at=call.tx.now,
        )
    )


def _to_write(call: Call, sitting_id: UUID) -> HeldSitting:
    sitting = store.sittings.lock(call.tx, call.actor.center, sitting_id)
    rules.ensure_may_write(sitting, by=call.actor.staff)
    return sitting


def _without_personal_data(call: Call, keys: MaskingKeys, sitting: HeldSitting) -> WriteMinutes:
    """The texts masked against the applicant of every ticket that they may speak of."""
    spoken_of = {each.ticket_id for each in store.sittings.decisions(call.tx, sitting)}
    for section in store.sittings.left_undone(call.tx, sitting.id):
        spoken_of |= {ticket.ticket_id for ticket in section.tickets}
    call = masked(call, keys, sitting.id)
    for ticket_id in sorted(spoken_of):
        call = masked(call, keys, ticket_id)
    body: WriteMinutes = call.body
    return body
