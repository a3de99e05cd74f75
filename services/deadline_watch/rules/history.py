"""A ticket's deadlines as its history makes them: the facts are gone through from the first to the last, every time.
Pure.

So any order in which the news came, any lateness and any repetition leads to the same deadlines.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from schemas.enums import DeadlineState
from services.deadline_watch.rules import facts, facts_applied
from services.deadline_watch.rules.deadline import Decision, Policy, Ticket
from services.deadline_watch.rules.facts import Fact
from services.deadline_watch.rules.pausing import catch_up

Rule = Callable[[Ticket, Fact, Policy], Decision]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        facts.REGISTERED: facts_applied.registered,
        facts.REOPENED: facts_applied.reopened,
        "ticket.routed": facts_applied.routed,
        "ticket.reclassified": facts_applied.reclassified,
        "materials.requested": facts_applied.materials_requested,
        "materials.supplied": facts_applied.materials_supplied,
        "extension.granted": facts_applied.extension_granted,
        "ticket.answered": facts_applied.answered,
        "report.filed": facts_applied.report_filed,
        "ticket.declined": facts_applied.ended,
        "ticket.withdrawn": facts_applied.ended,
        "assignment.made": facts_applied.assigned,
        "assignment.accepted": facts_applied.duty_done,
        "assignment.returned": facts_applied.duty_done,
        "assignment.replaced": facts_applied.replaced,
        "arbitration.requested": facts_applied.arbitration_requested,
        "arbitration.decided": facts_applied.duty_done,
        facts.RECOUNTED: facts_applied.recounted,
    }
)


def deadlines_of(
    ticket: Ticket, history: Sequence[Fact], policy: Callable[[int], Policy], until: datetime | None
) -> Decision:
    """The ticket with its deadlines after ``history``, which is in order, and what became of them on the way.

    ``policy`` gives a version of the center file. Pauses that have lasted as long as they may by ``until`` have ended.
    """
    decision = Decision(replace(ticket, lead=None, ended_at=None, deadlines=()))
    for fact in history:
        after, transitions = RULES[fact.what](decision.ticket, fact, policy(fact.center_version))
        decision = Decision(after, (*decision.transitions, *transitions))
    if until is None:
        return decision
    for deadline in decision.ticket.deadlines:
        if (
            deadline.state is DeadlineState.PAUSED
            and deadline.pause_ends_at is not None
            and deadline.pause_ends_at <= until
        ):
            decision = decision.then(catch_up(deadline, deadline.pause_ends_at, policy(deadline.center_version)))
    return decision
