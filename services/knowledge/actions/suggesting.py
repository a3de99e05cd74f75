"""What was like a ticket, and who may be the right one for it."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from schemas.center.center import Center
from schemas.center.rules import matter_of
from schemas.enums import Cause
from services.knowledge import store
from services.knowledge.actions.rarities import rarities
from services.knowledge.rules import suggesting
from services.knowledge.rules.suggesting import Suggested
from services.knowledge.rules.weighing import LOOKED_UP, heaviest, terms_in, times_in, weights
from services.knowledge.store.shelves import ShelfKind
from services.plumbing.database.transaction import Transaction

NEAREST = 50


class Question(NamedTuple):
    """A ticket, or one that is being typed, by what is known of it."""

    title: str
    text: str
    matter: str | None = None
    cause: Cause | None = None


class SolvedCase(NamedTuple):
    """A solved ticket that is like another; ``likeness`` is about 1 for the same text."""

    ticket_id: UUID
    department: str
    likeness: float


def similar(tx: Transaction, center: str, question: Question, *, limit: int = NEAREST) -> list[SolvedCase]:
    """The solved cases of a center most like a question, the nearest first."""
    shelf, times = store.shelves.find(tx, center, ShelfKind.SOLVED), times_in(question.title, question.text)
    if shelf is None or not times:
        return []
    terms = terms_in(shelf.shelf, times)
    rare, own = rarities(tx, shelf.shelf, terms), weights(terms)
    asked = heaviest(terms, rare, LOOKED_UP)
    found = store.index.nearest(tx, {term: (terms[term] * rare[term], own[term]) for term in asked}, limit)
    whole = sum(own[term] for term in asked)
    return [SolvedCase(row.subject, row.department, min(1.0, row.common / whole)) for row in found]


def suggest(tx: Transaction, center: Center, question: Question, without: Collection[str] = ()) -> list[Suggested]:
    """The departments of a center for a question, the likeliest first; ``without`` those that returned it."""
    by_rules = suggesting.rule_leads(center, matter_of(*question))
    shelf, times = store.shelves.find(tx, center.code, ShelfKind.SOLVED), times_in(question.title, question.text)
    if shelf is None or not times:
        return suggesting.rank({}, 0, by_rules, center.departments, without)
    terms = terms_in(shelf.shelf, times)
    rare = rarities(tx, shelf.shelf, terms)
    learnt = store.index.alike(tx, shelf.shelf, {term: count * rare[term] ** 2 for term, count in terms.items()})
    solved = store.shelves.counted_cases(tx, shelf.shelf, of_departments=True)
    return suggesting.rank(learnt, solved, by_rules, center.departments, without)
