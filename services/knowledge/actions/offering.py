"""What is offered to whoever must decide about a ticket, and what came of it."""

from typing import NamedTuple

from schemas.center.center import Center
from schemas.events.tickets import TicketRouted
from services.access import centers
from services.knowledge import metrics, store
from services.knowledge.actions.suggesting import NEAREST, Question, SolvedCase, similar, suggest
from services.knowledge.rules.suggesting import SUGGESTED, Suggested, is_clear
from services.knowledge.rules.ticket import KnownTicket
from services.plumbing.database.transaction import Transaction

CASES_EACH = 3


class Offer(NamedTuple):
    """The departments for a ticket, the likeliest first, each with the solved cases that speak for it. ``is_clear``:
    the first is so far ahead of the second that they are worth showing.
    """

    departments: list[tuple[Suggested, list[SolvedCase]]]
    is_clear: bool


def offer(tx: Transaction, center: Center, ticket: KnownTicket) -> Offer:
    """What speaks for which department; none that has returned the ticket."""
    question = Question(ticket.title, ticket.text, ticket.matter, ticket.cause)
    ranked = suggest(tx, center, question, without=ticket.returned_by)
    near = [case for case in similar(tx, center.code, question, limit=NEAREST) if case.ticket_id != ticket.id]
    shown = [
        (each, [case for case in near if case.department == each.department][:CASES_EACH])
        for each in ranked[:SUGGESTED]
    ]
    return Offer(shown, is_clear(ranked, center.suggestions.margin))


def note_decision(tx: Transaction, ticket: KnownTicket, event: TicketRouted) -> None:
    """A leader has decided: in which place was that department among those suggested?

    A ticket whose registration has not come is left out, and a department that was given back to: it was not offered.
    """
    if ticket.number is None:
        return
    center = centers.current(tx, ticket.center)
    question = Question(ticket.title, ticket.text, ticket.matter, ticket.cause)
    ranked = suggest(tx, center, question, without=ticket.returned_by)
    named = [each.department for each in ranked[:SUGGESTED]]
    was_shown = is_clear(ranked, center.suggestions.margin)
    if store.suggestions.note_decision(tx, event, named, was_shown=was_shown):
        metrics.count_decision(tx, named.index(event.lead) + 1 if event.lead in named else None)
