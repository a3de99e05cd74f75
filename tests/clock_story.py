"""One ticket through a row of events, as deadline_watch decides about them, without any I/O.

Friday 24 January 2025 and the make-up Sunday 26 precede the Spring Festival of 28 January to 4 February; Saturday
8 February is a make-up day too. An answer to what came in on that Friday is due on Monday 27 at 17:00.
"""

from collections.abc import Callable
from typing import Any

from schemas.event import Event
from schemas.words import DeadlineKind
from services.deadline_watch import duties, rules
from services.deadline_watch.clocks import Clock, Policy, Ticket
from services.deadline_watch.pausing import catch_up
from tests.clock_builders import TICKET, a_policy, at

ANSWER, REPORT = DeadlineKind.ANSWER, DeadlineKind.REPORT
RULES: dict[str, Callable[..., Any]] = {
    "ticket.registered.v1": rules.registered,
    "ticket.reopened.v1": rules.reopened,
    "ticket.routed.v1": rules.routed,
    "ticket.reclassified.v1": rules.reclassified,
    "materials.requested.v1": rules.materials_requested,
    "materials.supplied.v1": rules.materials_supplied,
    "extension.granted.v1": rules.extension_granted,
    "ticket.answered.v1": rules.answered,
    "report.filed.v1": rules.report_filed,
    "ticket.declined.v1": rules.declined,
    "ticket.withdrawn.v1": rules.withdrawn,
    "assignment.made.v1": duties.assigned,
    "assignment.accepted.v1": duties.signed,
    "assignment.returned.v1": duties.returned,
    "assignment.replaced.v1": duties.replaced,
    "arbitration.requested.v1": duties.arbitration_requested,
    "arbitration.decided.v1": duties.arbitration_decided,
}


class Story:
    """One ticket through a row of events; ``now`` lets time pass as the watch would."""

    def __init__(self, *events: Event, policy: Policy | None = None) -> None:
        self.policy = policy or a_policy()
        self.ticket = Ticket(ticket_id=TICKET, center="BC", number="BC-20250124-0007")
        self.said: list[Event] = []
        self.hear(*events)

    def hear(self, *events: Event) -> "Story":
        for event in events:
            self.ticket, said = RULES[event.TYPE](self.ticket, event, self.policy)
            self.said += said
        return self

    def now(self, when: str) -> "Story":
        for clock in self.ticket.clocks:
            turn = catch_up(clock, at(when), self.policy)
            self.ticket = self.ticket.having(turn.clock)
            self.said += turn.said
        return self

    def clock(self, kind: DeadlineKind = ANSWER, round: int = 1) -> Clock:
        (found,) = [clock for clock in self.ticket.clocks if (clock.kind, clock.round) == (kind, round)]
        return found

    @property
    def heard(self) -> list[str]:
        """What was announced, without the noun and the version: ``set``, ``approaching 1``."""
        return [
            " ".join([event.TYPE.split(".")[1], *([str(event.level)] if hasattr(event, "level") else [])])
            for event in self.said
        ]
