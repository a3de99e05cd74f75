"""What there is to announce after a ticket's history was gone through: what differs from what was announced. Pure.

What was announced and turns out not to have happened is taken back: a mark that people were told of is announced as
void, and a due time that no longer holds is followed by one that does, under a new revision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from schemas.enums import DeadlineState
from schemas.events.event import Event
from services.deadline_watch.rules import announcements
from services.deadline_watch.rules.deadline import Deadline, Entry, MarkAt, Revision, Transition
from services.deadline_watch.rules.marks import shown

CORRECTED = "corrected"
"""Why a due time was announced that is another one than before, though nothing new has become of the deadline since."""


NEVER_SET = "never set"
"""Why a deadline is cancelled of which there ought not to have been any."""


class Difference(NamedTuple):
    """A deadline as it is to be stored, and what there is to say about it."""

    deadline: Deadline
    events: tuple[Event, ...]


def difference(before: Deadline | None, after: Deadline, transitions: Iterable[Transition]) -> Difference:
    """What became of a deadline since ``before``, its row; ``after`` and ``transitions`` are what its history makes of
    it.

    What was announced stays as far as it is the beginning of what is true, and what follows is announced. Where it is
    not, only that is announced by which the deadline is another one now: its due time, its state.
    """
    transitions = list(transitions)
    lasting = [each for each in transitions if each.what != "reached"]
    trail, known = _kept(before.trail if before else (), lasting)
    news = lasting[known:]
    is_other = before is not None and after.due_at != before.due_at
    if is_other and not any(transition.is_due_time for transition in news):
        news = [Transition("moved", after, CORRECTED), *news]
    told = [entry for entry in trail if entry.why != CORRECTED]
    numbers = {each.deadline.revision: entry.revision for each, entry in zip(lasting[:known], told, strict=True)}
    newest = before.revision if before else 0
    entries: list[Entry] = []
    for transition in news:
        if transition.is_due_time:
            newest += 1
            numbers[transition.deadline.revision] = newest
        entries.append(_entry(transition, numbers[transition.deadline.revision]))
    deadline = replace(after, revision=max(numbers[after.revision], newest), trail=(*trail, *entries))
    deadline, void = _with_marks(before, deadline, [_named(each, numbers) for each in transitions if each.mark])
    if before is not None and len(trail) < len(before.trail):
        news = _needed(before, deadline, news)
    sequence = before.sequence if before else 0
    events: list[Event] = []
    for transition in news:
        if transition.what != "ended":
            sequence += 1
            events.append(announcements.of(transition, numbers[transition.deadline.revision], sequence))
    for mark in void:
        sequence += 1
        events.append(announcements.was_void(deadline, mark, sequence))
    return Difference(replace(deadline, sequence=sequence), tuple(events))


def _needed(before: Deadline, after: Deadline, news: Sequence[Transition]) -> list[Transition]:
    """What must be announced of a history that is another one than was announced, so that subscribers know the deadline
    as it is: the transition by which it has its due time, if it has another one, and the last, if it is in another
    state.
    """
    if (after.state, after.ended_at, after.due_at) == (before.state, before.ended_at, before.due_at):
        return []
    announced = [each for each in news if each.what != "ended"]
    says_less = after.due_at != before.due_at and announced and announced[-1].what in ("paused", "cancelled")
    due_time = [each for each in announced if each.is_due_time][-1:] if says_less else []
    return [*due_time, *announced[-1:]]


def never_set(before: Deadline) -> Difference:
    """A deadline that was announced and that the history does not know: a new round has a deadline of another kind."""
    if before.trail and before.trail[-1].why == NEVER_SET:
        return Difference(before, ())
    ended = replace(
        before,
        state=DeadlineState.CANCELLED,
        light=None,
        ended_at=before.started_at,
        pause_ends_at=None,
        marks=(),
        position=0,
        sequence=before.sequence + 1 + before.position,
    )
    cancelled = Transition("cancelled", ended, NEVER_SET)
    void = [
        announcements.was_void(ended, _under(before, mark), before.sequence + 2 + place)
        for place, mark in enumerate(before.marks[: before.position])
    ]
    deadline = replace(ended, trail=(*before.trail, _entry(cancelled, before.revision)))
    return Difference(deadline, (announcements.of(cancelled, before.revision, before.sequence + 1), *void))


def _kept(trail: Sequence[Entry], transitions: Sequence[Transition]) -> tuple[tuple[Entry, ...], int]:
    """The first entries that say what the first transitions say, and how many of these that are.

    What was only corrected is no transition of the history.
    """
    known = 0
    for place, entry in enumerate(trail):
        if entry.why == CORRECTED:
            continue
        if known == len(transitions) or _key(transitions[known]) != (entry.what, entry.at, entry.why):
            return tuple(trail[:place]), known
        known += 1
    return tuple(trail), known


def _key(transition: Transition) -> tuple[str, datetime, str]:
    return transition.what, transition.at, transition.why


def _entry(transition: Transition, revision: int) -> Entry:
    deadline = transition.deadline
    return Entry(
        transition.what,
        transition.at,
        transition.why,
        revision,
        deadline.due_at,
        deadline.provisional,
        deadline.calendar_version,
        deadline.center_version,
    )


def _named(transition: Transition, numbers: dict[int, int]) -> MarkAt:
    """The mark that was reached, under the revision as it was announced."""
    assert transition.mark
    deadline = transition.deadline
    return transition.mark._replace(under=Revision(numbers[deadline.revision], deadline.due_at, deadline.revised_at))


def _with_marks(before: Deadline | None, after: Deadline, reached: Sequence[MarkAt]) -> tuple[Deadline, list[MarkAt]]:
    """The deadline with its marks as they are stored, and those that were announced and are void.

    First the marks that were announced and hold, then those still to be announced, of the past and to come.
    """
    announced = [_under(before, mark) for mark in before.marks[: before.position]] if before else []
    told = {mark.key for mark in announced}
    holds = {mark.key for mark in (*reached, *after.ahead)}
    for mark in after.ahead:
        if mark.key in told:
            after = shown(after, mark)
    kept = [mark for mark in announced if mark.key in holds]
    to_come = [mark for mark in (*reached, *after.marks[after.position :]) if mark.key in holds - told]
    to_come.sort(key=lambda mark: (mark.at, mark.level))
    present = [mark._replace(under=None) if mark.under == after.present else mark for mark in kept]
    deadline = replace(after, marks=(*present, *to_come), position=len(kept))
    return deadline, [mark for mark in announced if mark.key not in holds]


def _under(deadline: Deadline, mark: MarkAt) -> MarkAt:
    return mark if mark.under else mark._replace(under=deadline.present)
