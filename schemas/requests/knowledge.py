"""What was solved before: what knowledge is asked over HTTP, and what it replies."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.enums import Outcome
from schemas.record.record import Record, Reply


class FindSolved(Record):
    """What is being typed. A body and no query, so that no log line holds it."""

    title: Annotated[str, Length(max=200)] = ""
    text: Annotated[str, Length(max=20_000)] = ""


class SolvedQuery(Record):
    """Of which ticket."""

    ticket: UUID


class SolvedTicket(Reply):
    """A ticket that was solved, and how: ``answer`` is the beginning of the answer. ``likeness`` is from 0 to 1, near
    1 for the same text.
    """

    id: UUID
    number: str
    title: str
    lead: str
    outcome: Outcome
    answer: str
    answered_at: datetime
    registered_at: datetime
    likeness: float


class SolvedTickets(Reply):
    """The solved tickets that are most alike, the nearest first."""

    items: tuple[SolvedTicket, ...]


class SuggestedDepartment(Reply):
    """A department, how much of all that speaks for any speaks for it (0 to 1), and solved tickets of its like it."""

    department: str
    likelihood: float
    cases: tuple[SolvedTicket, ...]


class Suggestions(Reply):
    """The first three departments for a ticket, the likeliest first; none where no department is far enough ahead."""

    items: tuple[SuggestedDepartment, ...]
