"""What the question base lacks, for the lists of the week: what was asked in vain, and what was solved well."""

from collections.abc import Iterator
from datetime import timedelta

from schemas.center.center import Center
from schemas.entries import ReviewReason, ReviewSubject
from services.knowledge import store
from services.knowledge.actions.rarities import rarities
from services.knowledge.actions.suggesting import Question, suggest
from services.knowledge.rules.lacking import asked_often
from services.knowledge.rules.weighing import terms_in, times_in
from services.knowledge.store.reviews import Listed
from services.knowledge.store.shelves import ShelfKind
from services.plumbing.database.transaction import Transaction
from services.plumbing.runtime.cooperation import TimeSlice

ASKED_WITHIN = timedelta(days=7)
MOST_ASKED = 2000
"""So many questions of a week are compared, the latest."""
CLOSED_WITHIN = timedelta(days=28)
"""Citizens rate some days after a ticket was closed."""


def asked_and_not_found(tx: Transaction, center: Center) -> Iterator[Listed]:
    """Questions that several people asked in vain, for the department that they seem to be for."""
    pause, words = TimeSlice(), store.answers.missed(tx, center.code, tx.now - ASKED_WITHIN, MOST_ASKED)
    shelf = store.shelves.for_learning(tx, center.code, ShelfKind.ENTRIES).shelf
    terms = [terms_in(shelf, times_in("", each)) for each in pause.between(words)]
    telling = rarities(tx, shelf, {term for each in terms for term in each})
    for group in asked_often({term: telling[term] for term in each} for each in pause.between(terms)):
        latest = words[group[0]]
        if ranked := suggest(tx, center, Question(latest, "")):
            reasons = (ReviewReason.NOT_FOUND,)
            yield Listed(ranked[0].department, ReviewSubject.ASKED, latest, None, reasons)


def candidates(tx: Transaction, center: Center) -> Iterator[Listed]:
    """Tickets that were solved to the citizen's satisfaction, for the department that solved them."""
    for row in store.tickets.candidates(tx, center.code, tx.now - CLOSED_WITHIN):
        yield Listed(row.lead, ReviewSubject.TICKET, row.number, None, (ReviewReason.CANDIDATE_CASE,))
