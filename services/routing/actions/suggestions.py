"""A ticket that no rule fits goes where tickets like it were solved, if the center file lets it."""

from schemas.enums import TicketState
from schemas.events.decisions import BY_SIMILAR_CASES, ArbitrationDecided
from schemas.events.suggestions import SuggestionOffered
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import EventRejected, NotYet
from services.routing import store
from services.routing.actions.distribution import distribute
from services.routing.actions.tickets import centers_of
from services.routing.rules.routing import by_similar_cases


def take(tx: Transaction, offered: SuggestionOffered) -> None:
    """Route the ticket by what was offered, unless that comes too late or people are to decide.

    Only what came to the docket because no rule fits: what departments sent back is a dispute, which a leader settles.
    The departments may send it back as if a rule had sent it. Raises NotYet, EventRejected.
    """
    ticket = store.tickets.lock_if_known(tx, offered.ticket_id)
    if ticket is None:
        raise NotYet("the ticket is not known yet")
    if ticket.center != offered.center:
        raise EventRejected("center: the ticket is another center's")
    center = centers_of(tx, [offered])[offered.center]
    if ticket.state != TicketState.IN_ARBITRATION or not store.docket.no_rule_fits(
        tx, ticket.id, offered.arbitration_id
    ):
        return
    returned = {each.department for each in store.assignments.returns_of(tx, ticket.id)}
    cases = store.docket.numbers_of(tx, offered.center, offered.cases)
    decision = by_similar_cases(center, ticket, offered, cases=cases, returned=returned)
    if decision is None:
        return
    store.docket.end_arbitration(tx, ticket.id, why=decision.why)
    distribute(tx, center, ticket, decision)
    tx.announce(
        ArbitrationDecided(
            center=ticket.center,
            ticket_id=ticket.id,
            arbitration_id=offered.arbitration_id,
            round=ticket.round,
            decided_by=BY_SIMILAR_CASES,
            decided_at=tx.now,
        )
    )
