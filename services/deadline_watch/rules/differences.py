"""What to announce after a ticket's history was worked out again: the differences to what was announced. Pure.

What was announced and turns out not to have happened is taken back: a mark is announced as void, and after a due time
that is no longer true the true one is announced, under a new revision.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.enums import DeadlineState
from schemas.events.event import Event
from services.deadline_watch.rules import events
from services.deadline_watch.rules.deadline import DUE_TIMES, AnnouncedChange, Deadline, MarkAt, Transition

CORRECTED = "corrected"
"""The reason (``why``) of an announced due time that differs from the last one although nothing new has happened."""

NEVER_SET = "never set"
"""The reason (``why``) for cancelling a deadline that should never have been set."""


class Difference(NamedTuple):
    """A deadline as it is to be stored, and the events to announce about it."""

    deadline: Deadline
    events: tuple[Event, ...]


def difference(before: Deadline | None, after: Deadline, transitions: Sequence[Transition]) -> Difference:
    """What to store and to announce of a deadline. ``before`` is the stored deadline; ``after`` and ``transitions`` are
    what its history says.

    If all announced changes are still true, the changes that follow them are announced. If not, only what is different
    now is announced: the due time, the state.
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
    """Cancel a deadline that was announced and is not in the history: the new round has a deadline of another kind."""
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
    """The announced changes up to the first that ``changes`` does not have at that place. One that only corrected a due
    time is skipped, since no history has it.
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
    """What must be announced when the history differs from what was announced, so that subscribers know the deadline as
    it is: the last transition, and before it, if the due time changed and that one does not carry it, the transition by
    which the deadline has its due time.
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
    """The deadline with its marks as they are stored, and the marks that were announced and are void.

    The stored marks: first those that were announced and are true, then those to be announced, of the past and the
    future.
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
    """The events of the changes, each with the number under which its revision is announced, then those of the void
    marks. Each event gets the next sequence number of the deadline.
    """
    announced: list[Event] = []
    for change, revision in changes:
        announced.append(events.changed(change, revision, deadline.sequence + len(announced) + 1))
    for mark in void:
        announced.append(events.mark_voided(deadline, mark, deadline.sequence + len(announced) + 1))
    return Difference(deadline._replace(sequence=deadline.sequence + len(announced)), tuple(announced))
