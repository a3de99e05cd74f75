"""What has happened to a ticket that its deadlines depend on: a few facts, in the order of their instants. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.enums import Complexity
from schemas.events.event import Event

CALENDAR_CHANGED = "calendar.changed"
"""The only fact that is no event: from here on the ticket's provisional deadlines are counted by another calendar."""

_BEGINNINGS = ("ticket.registered", "ticket.reopened")


class Fact(NamedTuple):
    """Something that was done to a ticket ``at`` an instant, with the version of the center file that was in force when
    the fact was first recorded: a version does not say since when it is in force, so the one in force ``at`` that
    instant cannot be known. ``about`` is an assignment or an arbitration. What a kind of fact does not have is None.
    """

    what: str
    at: datetime
    id: UUID
    center_version: int
    round: int | None = None
    about: UUID | None = None
    department: str | None = None
    complexity: Complexity | None = None
    working_days: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for the same fact, even if it arrives again under another event id."""
        return self.what, self.at, self.about, self.round


def fact_of(event: Event, id: UUID, center_version: int) -> Fact:
    """The fact that an event states. It happened at the instant named by the event's verb: ``ticket.answered`` has
    ``answered_at``. Raises AttributeError on an event without such a field, which states no fact.
    """
    what = event.TYPE.rpartition(".")[0]
    return Fact(
        what=what,
        at=getattr(event, f"{what.rpartition('.')[2]}_at"),
        id=id,
        center_version=center_version,
        round=getattr(event, "round", None),
        about=getattr(event, "assignment_id", None) or getattr(event, "arbitration_id", None),
        department=getattr(event, "lead", None) or getattr(event, "department", None),
        complexity=getattr(event, "complexity", None),
        working_days=getattr(event, "working_days", None) or getattr(event, "working_days_left", None),
    )


def merge_facts(known: Sequence[Fact], added: Iterable[Fact]) -> tuple[Fact, ...]:
    """All facts once, ordered by their instants. No fact of a round comes before the beginning of that round, even if
    the clocks of the services' databases differ a little. At one instant the order is that of the announcements
    (UUIDv7).
    """
    found = {fact.key: fact for fact in known}
    for fact in added:
        found.setdefault(fact.key, fact)
    if len(found) == len(known):
        return tuple(known)
    begun = {fact.round or 1: fact.at for fact in found.values() if fact.what in _BEGINNINGS}

    def place(fact: Fact) -> tuple[datetime, bool, UUID]:
        return max(fact.at, begun.get(fact.round or 1, fact.at)), fact.what not in _BEGINNINGS, fact.id

    return tuple(sorted(found.values(), key=place))
