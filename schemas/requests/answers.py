"""Asking the question base: what knowledge is asked over HTTP, and what it replies."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.center.center import Code
from schemas.record.record import Record, Reply
from schemas.requests.entries import BasisView
from schemas.values import not_blank

MOST_ASKED = 300
"""Characters of a question: more is a letter, and belongs on a ticket."""


class AnswersQuery(Record):
    """What is asked; ``center`` of whom, for who has no token: none is needed where there is only one."""

    q: Annotated[str, not_blank, Length(max=MOST_ASKED)]
    center: Code | None = None


class PublishedAnswer(Reply):
    """What a published entry says, and by what right. ``departments`` are named, not by their codes; ``reviewed_on`` is
    when somebody last said that it is right. ``likeness`` is from 0 to 1.
    """

    entry_id: UUID
    number: str
    version: int
    question: str
    answer: str
    steps: str
    materials: tuple[str, ...]
    basis: tuple[BasisView, ...]
    departments: tuple[str, ...]
    reviewed_on: date
    valid_until: date
    likeness: float


class Answers(Reply):
    """Three answers at most, the nearest first; none where the question base has nothing that is near enough. ``id`` is
    of this asking, to say what came of it.
    """

    id: UUID
    items: tuple[PublishedAnswer, ...]


class FindAnswer(Record):
    """What is being typed. A body and no query, so that no log line holds it."""

    title: Annotated[str, Length(max=200)] = ""


class FittingAnswers(Reply):
    """The entry that answers what is being typed, if one clearly does."""

    items: tuple[PublishedAnswer, ...]


class AnswerOpened(Record):
    """Which of the answers was read."""

    entry_id: UUID


class AnswerHelped(Record):
    """Whether it helped. ``not_there``: nothing of what was shown was meant, and it should be written. ``ticket_id``:
    what a clerk registered instead.
    """

    helped: bool
    not_there: bool = False
    ticket_id: UUID | None = None


class AskedState(Reply):
    """What is known of an asking."""

    id: UUID
    at: datetime
    opened: UUID | None = None
    helped: bool | None = None
    not_there: bool
    ticket_id: UUID | None = None


class SpeechQuery(Record):
    """Of which center a question is asked by voice; as in `AnswersQuery`."""

    center: Code | None = None


class SpokenWords(Reply):
    """What was said; empty where nothing was understood."""

    text: str
