"""What has happened to a ticket, as far as its deadlines depend on it: a few facts, in the order in which they
happened.

The deadlines of a ticket are worked out from these alone (`history`), so it does not matter in which order, how late or
how often the news of them came. Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.enums import Complexity
from schemas.events.assignments import AssignmentAccepted, AssignmentMade, AssignmentReplaced, AssignmentReturned
from schemas.events.event import Event
from schemas.events.tickets import (
    ArbitrationDecided,
    ArbitrationRequested,
    ExtensionGranted,
    MaterialsRequested,
    MaterialsSupplied,
    ReportFiled,
    TicketAnswered,
    TicketDeclined,
    TicketReclassified,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)

REGISTERED, REOPENED = "ticket.registered", "ticket.reopened"
RECOUNTED = "calendar.changed"
"""The one fact that no event tells: from here on the ticket's provisional deadlines are counted by another calendar."""


class Fact(NamedTuple):
    """Something that was done to a ticket ``at`` an instant, and the version of the center file that held when it was
    first heard of. ``about`` is an assignment or an arbitration; what a sort of fact does not say is None."""

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
        """The same for the same fact, under whatever event id it is told again."""
        return self.what, self.at, self.about, self.round


_AT: dict[type[Event], str] = {
    TicketRegistered: "registered_at",
    TicketReopened: "reopened_at",
    TicketRouted: "routed_at",
    TicketReclassified: "reclassified_at",
    MaterialsRequested: "requested_at",
    MaterialsSupplied: "supplied_at",
    ExtensionGranted: "granted_at",
    TicketAnswered: "answered_at",
    ReportFiled: "filed_at",
    TicketDeclined: "declined_at",
    TicketWithdrawn: "withdrawn_at",
    AssignmentMade: "made_at",
    AssignmentAccepted: "accepted_at",
    AssignmentReturned: "returned_at",
    AssignmentReplaced: "replaced_at",
    ArbitrationRequested: "requested_at",
    ArbitrationDecided: "decided_at",
}
"""The events that are facts, and the field that says when it happened."""


def fact_of(event: Event, id: UUID, center_version: int) -> Fact:
    """What an event tells. Raises KeyError on one that is no fact."""
    return Fact(
        what=event.TYPE.rpartition(".")[0],
        at=getattr(event, _AT[type(event)]),
        id=id,
        center_version=center_version,
        round=getattr(event, "round", None),
        about=getattr(event, "assignment_id", None) or getattr(event, "arbitration_id", None),
        department=getattr(event, "lead", None) or getattr(event, "department", None),
        complexity=getattr(event, "complexity", None),
        working_days=getattr(event, "working_days", None) or getattr(event, "working_days_left", None),
    )


def joined(known: Sequence[Fact], told: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that are known with those that are new among the told ones, in the order in which they happened."""
    found = {fact.key: fact for fact in known}
    for fact in told:
        found.setdefault(fact.key, fact)
    return in_order(found.values()) if len(found) > len(known) else tuple(known)


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Facts by their instants. What belongs to a round never precedes the beginning of that round: the services'
    databases may differ by moments. Of one instant, the event that was announced first comes first (UUIDv7)."""
    facts = tuple(facts)
    begun = {fact.round if fact.what == REOPENED else 1: fact.at for fact in facts if _begins(fact)}

    def place(fact: Fact) -> tuple[datetime, bool, UUID]:
        return max(fact.at, begun.get(fact.round or 1, fact.at)), not _begins(fact), fact.id

    return tuple(sorted(facts, key=place))


def _begins(fact: Fact) -> bool:
    return fact.what in (REGISTERED, REOPENED)
