"""When a deadline would be due under a center file that is not published yet. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.deadline_watch.rules.deadline import Deadline, Policy
from services.deadline_watch.rules.facts import CALENDAR_CHANGED, Fact, merge_facts
from services.deadline_watch.rules.history import history_of


class TicketOnRecord(NamedTuple):
    """What a ticket's deadlines follow from."""

    id: UUID
    center: str
    facts: tuple[Fact, ...]
    pauses_ended_at: datetime | None


def recounted(ticket: TicketOnRecord, draft: Policy, at: datetime, fact_id: UUID) -> dict[UUID, Deadline]:
    """The ticket's deadlines once the draft is in force from ``at`` on: those that are provisional are counted anew,
    all others stay, since a promise was made.
    """
    facts = merge_facts(ticket.facts, [Fact(CALENDAR_CHANGED, at, fact_id, draft.version)])
    return _deadlines(ticket, facts, draft.earlier)


def anew(ticket: TicketOnRecord, draft: Policy) -> dict[UUID, Deadline]:
    """The ticket's deadlines as if the draft had been in force from its first day."""
    return _deadlines(ticket, ticket.facts, lambda _version: draft)


def _deadlines(
    ticket: TicketOnRecord, facts: Sequence[Fact], policy_of: Callable[[int], Policy]
) -> dict[UUID, Deadline]:
    return history_of(ticket.id, ticket.center, facts, policy_of, ticket.pauses_ended_at).deadlines
