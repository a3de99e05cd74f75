"""What there is to announce after a ticket's history was gone through: what differs from what was announced. Pure.

What was announced and turns out not to have happened is taken back: a mark that people were told of is announced as
void, and a due time that no longer holds is followed by one that does, under a new revision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from schemas.event import Event
from schemas.words import DeadlineState
from services.deadline_watch import said
from services.deadline_watch.clocks import Clock, Entry, MarkAt, Revision, Transition
from services.deadline_watch.marks import shown

CORRECTED = "corrected"
"""Why a due time was announced that is another one than before, though nothing new has become of the clock since."""


NEVER_SET = "never set"
"""Why a clock is cancelled of which there ought not to have been any."""


class Difference(NamedTuple):
    """A clock as it is to be stored, and what there is to say about it."""

    clock: Clock
    events: tuple[Event, ...]


def difference(before: Clock | None, after: Clock, transitions: Iterable[Transition]) -> Difference:
    """What became of a clock since ``before``, its row; ``after`` and ``transitions`` are what its history makes of it.

    What was announced stays as far as it is the beginning of what is true, and what follows is announced. Where it is
    not, only that is announced by which the clock is another one now: its due time, its state.
    """
    transitions = list(transitions)
    lasting = [each for each in transitions if each.what != "reached"]
    trail, known = _kept(before.trail if before else (), lasting)
    news = lasting[known:]
    is_other = before is not None and after.due_at != before.due_at
    if is_other and not any(transition.is_due_time for transition in news):
        news = [Transition("moved", after, CORRECTED), *news]
    told = [entry for entry in trail if entry.why != CORRECTED]
    numbers = {each.clock.revision: entry.revision for each, entry in zip(lasting[:known], told, strict=True)}
    newest = before.revision if before else 0
    entries: list[Entry] = []
    for transition in news:
        if transition.is_due_time:
            newest += 1
            numbers[transition.clock.revision] = newest
        entries.append(_entry(transition, numbers[transition.clock.revision]))
    clock = replace(after, revision=max(numbers[after.revision], newest), trail=(*trail, *entries))
    clock, void = _with_marks(before, clock, [_named(each, numbers) for each in transitions if each.mark])
    if before is not None and len(trail) < len(before.trail):
        news = _needed(before, clock, news)
    sequence = before.sequence if before else 0
    events: list[Event] = []
    for transition in news:
        if transition.what != "ended":
            sequence += 1
            events.append(said.of(transition, numbers[transition.clock.revision], sequence))
    for mark in void:
        sequence += 1
        events.append(said.was_void(clock, mark, sequence))
    return Difference(replace(clock, sequence=sequence), tuple(events))


def _needed(before: Clock, after: Clock, news: Sequence[Transition]) -> list[Transition]:
    """What must be announced of a history that is another one than was announced, so that hearers know the clock as
    it is: the transition by which it has its due time, if it has another one, and the last, if it is in another state.
    """
    if (after.state, after.ended_at, after.due_at) == (before.state, before.ended_at, before.due_at):
        return []
    announced = [each for each in news if each.what != "ended"]
    says_less = after.due_at != before.due_at and announced and announced[-1].what in ("paused", "cancelled")
    due_time = [each for each in announced if each.is_due_time][-1:] if says_less else []
    return [*due_time, *announced[-1:]]


def never_set(before: Clock) -> Difference:
    """A clock that was announced and that the history does not know: a new round has a clock of another kind."""
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
        said.was_void(ended, _under(before, mark), before.sequence + 2 + place)
        for place, mark in enumerate(before.marks[: before.position])
    ]
    clock = replace(ended, trail=(*before.trail, _entry(cancelled, before.revision)))
    return Difference(clock, (said.of(cancelled, before.revision, before.sequence + 1), *void))


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
    clock = transition.clock
    return Entry(
        transition.what,
        transition.at,
        transition.why,
        revision,
        clock.due_at,
        clock.provisional,
        clock.calendar_version,
        clock.center_version,
    )


def _named(transition: Transition, numbers: dict[int, int]) -> MarkAt:
    """The mark that was reached, under the revision as it was announced."""
    assert transition.mark
    clock = transition.clock
    return transition.mark._replace(under=Revision(numbers[clock.revision], clock.due_at, clock.revised_at))


def _with_marks(before: Clock | None, after: Clock, reached: Sequence[MarkAt]) -> tuple[Clock, list[MarkAt]]:
    """The clock with its marks as they are stored, and those that were announced and are void.

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
    clock = replace(after, marks=(*present, *to_come), position=len(kept))
    return clock, [mark for mark in announced if mark.key not in holds]


def _under(clock: Clock, mark: MarkAt) -> MarkAt:
    return mark if mark.under else mark._replace(under=clock.present)
