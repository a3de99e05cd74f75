"""What is offered to whoever must decide about a ticket, and what came of it."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.center.center import Center
from schemas.center.rules import matter_of
from schemas.events.decisions import ArbitrationRequested
from schemas.events.suggestions import OfferedDepartment, SuggestionOffered
from schemas.events.tickets import TicketRouted
from services.access import centers
from services.knowledge import metrics, store
from services.knowledge.actions.suggesting import NEAREST, Question, SolvedCase, similar, suggest
from services.knowledge.rules.suggesting import SUGGESTED, Suggested, is_clear, rule_leads
from services.knowledge.rules.ticket import KnownTicket
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import EventRejected, NotYet

CASES_EACH = 3
FORETOLD_AT_ONCE = 20
"""So many tickets are foretold in one transaction, which holds nobody up."""


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


def announce_offers(tx: Transaction, events: Sequence[ArbitrationRequested]) -> None:
    """Tickets came to the docket: what would be suggested for each is announced, if it is clear enough to be shown.

    Who has decided meanwhile needs no suggestion. Raises NotYet, EventRejected.
    """
    known = store.tickets.lock(tx, {event.ticket_id for event in events})
    if early := [each for each in events if each.ticket_id not in known or known[each.ticket_id].number is None]:
        raise NotYet("the ticket is not known yet", early)
    if foreign := [each for each in events if known[each.ticket_id].center != each.center]:
        raise EventRejected("center: the ticket is another center's", foreign)
    for event in events:
        ticket = known[event.ticket_id]
        if ticket.ended or (ticket.routed_at is not None and ticket.routed_at > event.requested_at):
            continue
        offered = offer(tx, centers.current(tx, event.center), ticket)
        if offered.is_clear:
            tx.announce(_announced(tx, event, offered))


def _announced(tx: Transaction, event: ArbitrationRequested, offered: Offer) -> SuggestionOffered:
    return SuggestionOffered(
        center=event.center,
        ticket_id=event.ticket_id,
        arbitration_id=event.arbitration_id,
        round=event.round,
        departments=tuple(
            OfferedDepartment(department=each.department, likelihood=round(each.likelihood, 3))
            for each, _ in offered.departments
        ),
        cases=tuple(case.ticket_id for case in offered.departments[0][1]),
        offered_at=tx.now,
    )


def foretell(tx: Transaction) -> None:
    """Keep of new tickets which departments are suggested now, and which by the rules alone: what is known later is
    held against it. One that has been answered meanwhile is left out, since it may have been learnt of.
    """
    foretold = []
    for ticket in store.trust.expected(tx, FORETOLD_AT_ONCE):
        if ticket.answered_at is None and not ticket.ended and centers.current_version(tx, ticket.center):
            center = centers.current(tx, ticket.center)
            question = Question(ticket.title, ticket.text, ticket.matter, ticket.cause)
            ranked = suggest(tx, center, question, without=ticket.returned_by)
            named = [each.department for each in ranked[:SUGGESTED]]
            by_rules = rule_leads(center, matter_of(*question))[:SUGGESTED]
            clear = is_clear(ranked, center.suggestions.margin)
            foretold.append(store.trust.Forecast(ticket.id, named, clear, by_rules))
    if foretold:
        store.trust.keep_forecasts(tx, foretold)


def note_decision(tx: Transaction, ticket: KnownTicket, event: TicketRouted) -> None:
    """A leader has decided: in which place was that department among those suggested?

    A ticket whose registration has not come is left out, and a department that was given back to: it was not offered.
    What was not clear enough to be shown is kept, and not counted.
    """
    if ticket.number is None:
        return
    center = centers.current(tx, ticket.center)
    question = Question(ticket.title, ticket.text, ticket.matter, ticket.cause)
    ranked = suggest(tx, center, question, without=ticket.returned_by)
    named = [each.department for each in ranked[:SUGGESTED]]
    was_shown = is_clear(ranked, center.suggestions.margin)
    if store.suggestions.note_decision(tx, event, named, was_shown=was_shown) and was_shown:
        metrics.count_decision(tx, named.index(event.lead) + 1 if event.lead in named else None)
