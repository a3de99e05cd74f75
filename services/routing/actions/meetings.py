"""The departments of a complex ticket are called together, and sign the report that came of it.

Neither moves a deadline: the promise is kept by the report that the lead files, in time.
"""

from uuid import UUID

from schemas.enums import MeetingState
from schemas.events.assignments import ReportSigned
from schemas.events.meetings import MeetingCalled, MeetingCancelled, MeetingHeld, MeetingMoved
from services.access import centers
from services.plumbing.database.transaction import new_id
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.rules import events
from services.routing.rules import meetings as rules
from services.routing.rules.ticket import Ticket
from services.routing.store.timeline import record_and_announce


def call_meeting(call: Call, ticket_id: UUID) -> UUID:
    """A leader calls the departments together; the meeting's id."""
    tx, body = call.tx, call.body
    ticket = store.tickets.lock(tx, ticket_id, call.actor.center)
    rules.ensure_may_call(ticket, body.departments, has_one_to_come=store.meetings.has_one_to_come(tx, ticket.id))
    rules.ensure_in_future(body.meets_at, tx.now)
    meeting = rules.Meeting(
        id=new_id(),
        ticket_id=ticket.id,
        round=ticket.round,
        state=MeetingState.CALLED,
        meets_at=body.meets_at,
        place=body.place,
        departments=body.departments,
        called_by=call.actor.staff,
        called_at=tx.now,
    )
    store.meetings.insert(tx, ticket.center, meeting)
    record_and_announce(
        tx,
        MeetingCalled(
            center=ticket.center,
            ticket_id=ticket.id,
            meeting_id=meeting.id,
            round=ticket.round,
            meets_at=meeting.meets_at,
            place=meeting.place,
            departments=meeting.departments,
            called_by=meeting.called_by,
            called_at=tx.now,
        ),
    )
    _notify(call, ticket, meeting, "meeting.called")
    return meeting.id


def move(call: Call, meeting_id: UUID) -> None:
    """It takes place at another time, or elsewhere."""
    tx, body = call.tx, call.body
    ticket, meeting = _lock_to_come(call, meeting_id)
    rules.ensure_in_future(body.meets_at, tx.now)
    store.meetings.update(tx, meeting.id, meets_at=body.meets_at, place=body.place, why=body.why)
    record_and_announce(
        tx,
        MeetingMoved(
            center=ticket.center,
            ticket_id=ticket.id,
            meeting_id=meeting.id,
            meets_at=body.meets_at,
            place=body.place,
            departments=meeting.departments,
            why=body.why,
            moved_by=call.actor.staff,
            moved_at=tx.now,
        ),
    )
    _notify(call, ticket, meeting, "meeting.moved")


def cancel(call: Call, meeting_id: UUID) -> None:
    """It does not take place."""
    tx, why = call.tx, call.body.why
    ticket, meeting = _lock_to_come(call, meeting_id)
    ended = {"ended_by": call.actor.staff, "ended_at": tx.now}
    store.meetings.update(tx, meeting.id, state=MeetingState.CANCELLED, why=why, **ended)
    record_and_announce(
        tx,
        MeetingCancelled(
            center=ticket.center,
            ticket_id=ticket.id,
            meeting_id=meeting.id,
            departments=meeting.departments,
            why=why,
            cancelled_by=call.actor.staff,
            cancelled_at=tx.now,
        ),
    )
    _notify(call, ticket, meeting, "meeting.cancelled")


def hold(call: Call, meeting_id: UUID) -> None:
    """It was held: its outcome is noted."""
    tx, outcome = call.tx, call.body.outcome
    ticket, meeting = _lock_to_come(call, meeting_id)
    ended = {"ended_by": call.actor.staff, "ended_at": tx.now}
    store.meetings.update(tx, meeting.id, state=MeetingState.HELD, outcome=outcome, **ended)
    record_and_announce(
        tx,
        MeetingHeld(
            center=ticket.center,
            ticket_id=ticket.id,
            meeting_id=meeting.id,
            departments=meeting.departments,
            outcome=outcome,
            held_by=call.actor.staff,
            held_at=tx.now,
        ),
    )


def sign_report(call: Call, ticket_id: UUID) -> None:
    """A department that assists signs the report that the lead filed."""
    tx, department = call.tx, call.actor.department or ""
    ticket = store.tickets.lock(tx, ticket_id, call.actor.center)
    rules.ensure_may_sign(ticket, department, store.meetings.signed(tx, ticket))
    store.meetings.sign(tx, ticket, department, call.actor.staff)
    record_and_announce(
        tx,
        ReportSigned(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            department=department,
            signed_by=call.actor.staff,
            signed_at=tx.now,
        ),
    )


def _lock_to_come(call: Call, meeting_id: UUID) -> tuple[Ticket, rules.Meeting]:
    """A meeting that is still to come and its ticket, locked. Raises NotFound, Conflict."""
    ticket_id = store.meetings.ticket_of(call.tx, meeting_id, call.actor.center)
    ticket = store.tickets.lock(call.tx, ticket_id, call.actor.center)
    meeting = store.meetings.get(call.tx, meeting_id)
    rules.ensure_to_come(meeting)
    return ticket, meeting


def _notify(call: Call, ticket: Ticket, meeting: rules.Meeting, template: str) -> None:
    departments = centers.current(call.tx, ticket.center).departments
    known = [departments[each] for each in meeting.departments if each in departments]
    if liaisons := [liaison for each in known for liaison in each.liaisons]:
        call.tx.announce(events.notice(ticket, new_id(), liaisons, template, call.tx.now))
