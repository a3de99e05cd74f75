"""A ticket's clocks as its history makes them: the facts are gone through from the first to the last, every time. Pure.

So any order in which the news came, any lateness and any repetition leads to the same clocks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from schemas.words import DeadlineState
from services.deadline_watch import facts, rules
from services.deadline_watch.clocks import Decision, Policy, Ticket
from services.deadline_watch.facts import Fact
from services.deadline_watch.pausing import catch_up

Rule = Callable[[Ticket, Fact, Policy], Decision]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        facts.REGISTERED: rules.registered,
        facts.REOPENED: rules.reopened,
        "ticket.routed": rules.routed,
        "ticket.reclassified": rules.reclassified,
        "materials.requested": rules.materials_requested,
        "materials.supplied": rules.materials_supplied,
        "extension.granted": rules.extension_granted,
        "ticket.answered": rules.answered,
        "report.filed": rules.report_filed,
        "ticket.declined": rules.ended,
        "ticket.withdrawn": rules.ended,
        "assignment.made": rules.assigned,
        "assignment.accepted": rules.duty_done,
        "assignment.returned": rules.duty_done,
        "assignment.replaced": rules.replaced,
        "arbitration.requested": rules.arbitration_requested,
        "arbitration.decided": rules.duty_done,
        facts.RECOUNTED: rules.recounted,
    }
)


def clocks_of(
    ticket: Ticket, history: Sequence[Fact], policy: Callable[[int], Policy], until: datetime | None
) -> Decision:
    """The ticket with its clocks after ``history``, which is in order, and what became of them on the way.

    ``policy`` gives a version of the center file. Pauses that have lasted as long as they may by ``until`` have ended.
    """
    decision = Decision(replace(ticket, lead=None, ended_at=None, clocks=()))
    for fact in history:
        after, transitions = RULES[fact.what](decision.ticket, fact, policy(fact.center_version))
        decision = Decision(after, (*decision.transitions, *transitions))
    if until is None:
        return decision
    for clock in decision.ticket.clocks:
        if clock.state is DeadlineState.PAUSED and clock.pause_ends_at is not None and clock.pause_ends_at <= until:
            decision = decision.then(catch_up(clock, clock.pause_ends_at, policy(clock.center_version)))
    return decision
