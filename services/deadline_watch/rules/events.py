"""The events that are announced about a deadline. Pure."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any, TypeVar

from schemas.enums import Mark
from schemas.events.deadlines import (
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlineOverdue,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkReached,
    MarkVoided,
)
from schemas.events.event import Event
from services.deadline_watch.rules.deadline import Deadline, MarkAt, Transition

_EVENTS: dict[str, type[Event]] = {
    "set": DeadlineSet,
    "moved": DeadlineMoved,
    "paused": DeadlinePaused,
    "resumed": DeadlineResumed,
    "met": DeadlineMet,
    "cancelled": DeadlineCancelled,
}
_MARKS: dict[Mark, type[MarkReached]] = {
    Mark.APPROACHING: DeadlineApproaching,
    Mark.BREACHED: DeadlineBreached,
    Mark.OVERDUE: DeadlineOverdue,
}
_FIELDS = {
    type_: [field.name for field in fields(type_)] for type_ in (*_EVENTS.values(), *_MARKS.values(), MarkVoided)
}

E = TypeVar("E", bound=Event)


def changed(transition: Transition, revision: int, sequence: int) -> Event:
    """The event of a transition: the ``sequence``-th of its deadline, with the announced number of its revision."""
    remaining = transition.deadline.remaining or timedelta()
    own = {"revision": revision, "why": transition.why, "remaining_seconds": int(remaining.total_seconds())}
    own |= dict.fromkeys(("paused_at", "resumed_at", "met_at", "cancelled_at"), transition.at)
    return _event(_EVENTS[transition.what], transition.deadline, sequence, own)


def mark_voided(deadline: Deadline, mark: MarkAt, sequence: int) -> MarkVoided:
    """The event that takes back a mark that the deadline had not reached: ``state`` says why. ``department`` is the one
    for which the mark was announced, so that figures by department subtract it where they added it.
    """
    assert mark.old_revision
    own = mark._asdict() | {"mark_at": mark.at, "revision": mark.old_revision.revision}
    own["department"] = mark.old_department or None
    return _event(MarkVoided, deadline, sequence, own)


def mark_reached(deadline: Deadline, *, confirmed: bool) -> MarkReached:
    """The event that is announced when the next mark of a stored deadline falls due. The watch makes it in SQL
    (`store.firing`), and a test compares the two.
    """
    mark = deadline.marks[deadline.next_mark]
    own = mark._asdict() | {"mark_at": mark.at, "confirmed": confirmed}
    own |= (mark.old_revision or deadline.present_revision)._asdict()
    return _event(_MARKS[mark.mark], after_mark(deadline), deadline.sequence + 1, own)


def after_mark(deadline: Deadline) -> Deadline:
    """A stored deadline after its next mark was announced. If the deadline has paused, ended or got another due time
    since it reached the mark, its light and its state do not change.
    """
    mark = deadline.marks[deadline.next_mark]
    announced = deadline._replace(next_mark=deadline.next_mark + 1, sequence=deadline.sequence + 1)
    return announced.showing(mark) if deadline.goes_on and not mark.old_revision else announced


def _event(type_: type[E], deadline: Deadline, sequence: int, own: Mapping[str, Any]) -> E:
    """An event of ``type_``: each field that it declares, from ``own`` or else from the deadline."""
    values = {**deadline._asdict(), "deadline_id": deadline.id, "sequence": sequence, **own}
    return type_(**{name: values[name] for name in _FIELDS[type_]})
