"""Who is to handle a ticket: the rules of the center file, in their order, and what makes a ticket complex. Pure."""

from collections.abc import Collection
from typing import NamedTuple

from schemas.center.center import Center
from schemas.center.rules import Matter, fitting_rules, matter_of
from schemas.enums import Cause, Complexity
from schemas.errors import Invalid
from schemas.events.suggestions import SuggestionOffered
from schemas.reasons import RoutingReason
from services.routing.rules.ticket import Ticket


class RoutingDecision(NamedTuple):
    """Who handles a ticket, by ``rule`` of the center file or by the leader ``decided_by``, and why.

    ``why`` are a leader's own words, else RoutingReasons.
    """

    lead: str
    assisting: tuple[str, ...]
    complexity: Complexity
    why: str
    rule: str | None = None
    decided_by: str | None = None


def choose(
    center: Center, matter: Matter, *, returned: Collection[str] = (), so_far: Complexity | None = None
) -> RoutingDecision | None:
    """What the first rule says that fits and whose lead has not ``returned`` the ticket; None when no rule does.

    Departments that returned the ticket do not assist either. ``so_far`` is what the ticket has been until now.
    """
    for rule, reasons in fitting_rules(center, matter):
        if rule.lead not in returned:
            assisting = tuple(department for department in rule.assisting if department not in returned)
            complexity = complexity_of(center, matter.cause, assisting, stated=rule.complexity, so_far=so_far)
            return RoutingDecision(rule.lead, assisting, complexity, ", ".join(reasons), rule=rule.id)
    return None


def complexity_of(
    center: Center,
    cause: Cause | None,
    assisting: Collection[str],
    *,
    stated: Complexity | None,
    so_far: Complexity | None = None,
) -> Complexity:
    """Complex is what needs two departments or has one of the center's causes, unless it is ``stated`` otherwise.

    A ticket that was complex once stays it: the citizen was promised a report.
    """
    if so_far == Complexity.COMPLEX:
        return so_far
    if stated is not None:
        return stated
    return Complexity.COMPLEX if assisting or cause in center.complex_causes else Complexity.ORDINARY


def ensure_may_suggest(center: Center, suggested: str | None, returned: Collection[str]) -> None:
    """A department may name another one. Raises Invalid when it cannot be that one."""
    if suggested is not None and (suggested not in center.departments or suggested in returned):
        raise Invalid("suggest", "Must be a department of the center that has not returned this ticket.")


def after_return(
    center: Center, ticket: Ticket, *, returned: Collection[str], lead_returns: int, suggested: str | None
) -> RoutingDecision | None:
    """Who leads a ticket that its lead has sent back; None when it is the duty leader's to decide.

    ``returned`` are all departments that sent it back, ``lead_returns`` how often leads did, this return included.
    The department that the returner suggests comes before the next rule.
    """
    if lead_returns > center.returns.times:
        return None
    if suggested is None:
        matter = matter_of(ticket.title, ticket.text, ticket.matter, ticket.cause)
        return choose(center, matter, returned=returned, so_far=ticket.complexity)
    assisting = tuple(each for each in ticket.assisting if each not in {suggested, *returned})
    complexity = complexity_of(center, ticket.cause, assisting, stated=ticket.complexity)
    return RoutingDecision(suggested, assisting, complexity, f"{RoutingReason.SUGGESTED}:{suggested}")


def by_similar_cases(
    center: Center, ticket: Ticket, offered: SuggestionOffered, *, cases: Collection[str], returned: Collection[str]
) -> RoutingDecision | None:
    """The first department of what was offered, if the center lets it decide and it is far enough ahead of the second;
    None leaves it to the leader. ``cases`` are the numbers of the solved tickets that speak for it: none, no decision.
    """
    least, departments = center.suggestions.routing_margin, offered.departments
    if least is None or not departments or not cases:
        return None
    first, second = departments[0], departments[1].likelihood if len(departments) > 1 else 0.0
    if first.likelihood - second < least or first.department in returned or first.department not in center.departments:
        return None
    complexity = complexity_of(center, ticket.cause, (), stated=None, so_far=ticket.complexity)
    why = f"{RoutingReason.SIMILAR_CASES}:{' '.join(cases)}"
    return RoutingDecision(first.department, (), complexity, why)


def by_leader(
    center: Center,
    ticket: Ticket,
    *,
    lead: str,
    assisting: tuple[str, ...],
    complexity: Complexity | None,
    why: str,
    leader: str,
) -> RoutingDecision:
    """The duty leader's decision. Raises Invalid on a department that does not exist or is named twice over."""
    if lead not in center.departments:
        raise Invalid("lead", "No such department.")
    if any(department not in center.departments for department in assisting):
        raise Invalid("assisting", "No such department.")
    if lead in assisting:
        raise Invalid("assisting", "The lead does not assist itself.")
    if ticket.is_complex and complexity == Complexity.ORDINARY:
        raise Invalid("complexity", "A complex ticket does not become ordinary again: a report was promised.")
    decided = complexity_of(center, ticket.cause, assisting, stated=complexity, so_far=ticket.complexity)
    return RoutingDecision(lead, assisting, decided, why, decided_by=leader)
