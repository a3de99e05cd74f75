"""What there is to announce after the history of a ticket was gone through: what differs from what was announced. Pure.

What was announced and turns out not to have happened is taken back: a mark that people were told of is announced as
void, and a due time that no longer holds is followed by one that does, under a new revision.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.enums import DeadlineState
from schemas.events.event import Event
from services.deadline_watch.rules import events
from services.deadline_watch.rules.deadline import DUE_TIMES, AnnouncedChange, Deadline, MarkAt, Transition

CORRECTED = "corrected"
"""Why a due time was announced that is another one than before, though nothing new has become of the deadline since."""

NEVER_SET = "never set"
"""Why a deadline is cancelled of which there ought not to have been any."""


class Difference(NamedTuple):
    """A deadline as it is to be stored, and the events to be announced of it."""

    deadline: Deadline
    events: tuple[Event, ...]


def difference(before: Deadline | None, after: Deadline, transitions: Sequence[Transition]) -> Difference:
    """What became of a deadline since ``before``, as it is stored; ``after`` and ``transitions`` are what its history
    makes of it.

    What was announced stays as far as it is the beginning of what is true, and what follows is announced. Where it is
    not, only that is announced by which the deadline is another one now: its due time, its state.
    """
    stored, newest = (before.announced_changes, before.revision) if before else ((), 0)
    changes = [each for each in transitions if each.what != "reached"]
    still_true = _still_true(stored, changes)
    known = [each for each in still_true if each.why != CORRECTED]
    added = changes[len(known) :]
    if before and after.due_at != before.due_at and not any(each.what in DUE_TIMES for each in added):
        added = [Transition("moved", after, CORRECTED), *added]
    # Revisions are numbered by the due times that were announced, those that turned out void included.
    numbers = {each.deadline.revision: old.revision for each, old in zip(changes, known, strict=False)}
    recorded = list(still_true)
    for each in added:
        if each.what in DUE_TIMES:
            newest += 1
            numbers[each.deadline.revision] = newest
        recorded.append(_recorded(each, numbers[each.deadline.revision]))
    reached = [
        each.mark._replace(
            old_revision=each.deadline.present_revision._replace(revision=numbers[each.deadline.revision])
        )
        for each in transitions
        if each.mark
    ]
    deadline = after._replace(
        revision=max(numbers[after.revision], newest),
        announced_changes=tuple(recorded),
        sequence=before.sequence if before else 0,
    )
    deadline, void = _with_marks(before, deadline, reached)
    if before and len(still_true) < len(stored):
        added = _needed(before, deadline, added)
    announced = [(each, numbers[each.deadline.revision]) for each in added if each.what != "ended"]
    return _announcing(deadline, announced, void)


def never_set(before: Deadline) -> Difference:
    """A deadline that was announced and that the history does not know: a new round has a deadline of another kind."""
    if before.announced_changes and before.announced_changes[-1].why == NEVER_SET:
        return Difference(before, ())
    ended = before._replace(
        state=DeadlineState.CANCELLED,
        light=None,
        ended_at=before.started_at,
        pause_ends_at=None,
        marks=(),
        next_mark=0,
    )
    cancelled = Transition("cancelled", ended, NEVER_SET)
    ended = ended._replace(announced_changes=(*before.announced_changes, _recorded(cancelled, before.revision)))
    return _announcing(ended, [(cancelled, before.revision)], _announced_marks(before))


def _still_true(stored: Sequence[AnnouncedChange], changes: Sequence[Transition]) -> tuple[AnnouncedChange, ...]:
    """The first announced changes that are the first of ``changes``. One that only corrected a due time is none of the
    history.
    """
    known = 0
    for place, old in enumerate(stored):
        if old.why != CORRECTED:
            if known == len(changes):
                return tuple(stored[:place])
            change = changes[known]
            if (change.what, change.at, change.why) != (old.what, old.at, old.why):
                return tuple(stored[:place])
            known += 1
    return tuple(stored)


def _recorded(transition: Transition, revision: int) -> AnnouncedChange:
    deadline = transition.deadline
    return AnnouncedChange(
        transition.what,
        transition.at,
        transition.why,
        revision,
        deadline.due_at,
        deadline.provisional,
        deadline.calendar_version,
        deadline.center_version,
    )


def _needed(before: Deadline, after: Deadline, added: Sequence[Transition]) -> list[Transition]:
    """What must be announced of a history that is another one than was announced, so that subscribers know the deadline
    as it is: the transition by which it has its due time, if it has another one, and the last, if it is in another
    state.
    """
    if (after.state, after.ended_at, after.due_at) == (before.state, before.ended_at, before.due_at):
        return []
    announced = [each for each in added if each.what != "ended"]
    lacks_due_time = after.due_at != before.due_at and announced and announced[-1].what in ("paused", "cancelled")
    due_time = [each for each in announced if each.what in DUE_TIMES][-1:] if lacks_due_time else []
    return [*due_time, *announced[-1:]]


def _announced_marks(deadline: Deadline) -> list[MarkAt]:
    """The marks that were announced, each with its revision and the department for which it was announced."""
    present, department = deadline.present_revision, deadline.department or ""
    return [
        mark._replace(
            old_revision=mark.old_revision or present,
            old_department=department if mark.old_department is None else mark.old_department,
        )
        for mark in deadline.marks[: deadline.next_mark]
    ]


def _with_marks(before: Deadline | None, after: Deadline, reached: Sequence[MarkAt]) -> tuple[Deadline, list[MarkAt]]:
    """The deadline with its marks as they are stored, and those that were announced and are void.

    First the marks that were announced and hold, then those still to be announced, of the past and to come.
    """
    announced = _announced_marks(before) if before else []
    announced_keys = {mark.key for mark in announced}
    true_keys = {mark.key for mark in (*reached, *after.marks_ahead)}
    to_come = [mark for mark in (*reached, *after.marks[after.next_mark :]) if mark.key in true_keys - announced_keys]
    to_come.sort(key=lambda mark: (mark.at, mark.level))
    for mark in after.marks_ahead:
        if mark.key in announced_keys:
            after = after.showing(mark)
    kept = [mark for mark in announced if mark.key in true_keys]
    present, department = after.present_revision, after.department or ""
    old = tuple(
        mark._replace(
            old_revision=None if mark.old_revision == present else mark.old_revision,
            old_department=None if mark.old_department == department else mark.old_department,
        )
        for mark in kept
    )
    void = [mark for mark in announced if mark.key not in true_keys]
    return after._replace(marks=(*old, *to_come), next_mark=len(kept)), void


def _announcing(deadline: Deadline, changes: Iterable[tuple[Transition, int]], void: Iterable[MarkAt]) -> Difference:
    """The events of the changes, each with the number that its revision is announced by, and then those of the marks
    that are void. Each event has the next sequence number of the deadline.
    """
    announced: list[Event] = []
    for change, revision in changes:
        announced.append(events.changed(change, revision, deadline.sequence + len(announced) + 1))
    for mark in void:
        announced.append(events.mark_voided(deadline, mark, deadline.sequence + len(announced) + 1))
    return Difference(deadline._replace(sequence=deadline.sequence + len(announced)), tuple(announced))
