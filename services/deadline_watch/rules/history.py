"""A ticket's deadlines, worked out from its history. Pure.

Each time they are worked out from the facts of the ticket alone, from the first fact to the last. So it does not matter
in which order, how late or how often the events arrived.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from schemas.enums import PROMISES, Complexity, DeadlineKind, DeadlineState
from services.deadline_watch.rules import transitions
from services.deadline_watch.rules.deadline import Deadline, DeadlineChange, Policy, Transition
from services.deadline_watch.rules.facts import Fact


class TicketHistory:
    """The deadlines of a ticket after the facts that were applied, and all transitions of each deadline. The deadline
    with the latest transition is the last one in ``transitions``.
    """

    def __init__(self, ticket_id: UUID, center: str, policy_of: Callable[[int], Policy]) -> None:
        self._ticket_id, self._center, self._policy_of = ticket_id, center, policy_of
        self._lead: str | None = None
        self._has_ended = False
        self.deadlines: dict[UUID, Deadline] = {}
        self.transitions: dict[UUID, list[Transition]] = {}

    def apply(self, fact: Fact) -> None:
        """Let a fact take effect. A fact whose cause is not known yet, or that is true already, changes nothing; when
        the cause is recorded, the whole history is worked out again.
        """
        policy, at, round = self._policy_of(fact.center_version), fact.at, fact.round or 1
        match fact.what:
            case "ticket.registered":  # the promise runs from here, so that a stuck router cannot hide a breach
                if not self._promise(round):
                    self._start(DeadlineKind.ANSWER, fact, policy)
            case "ticket.reopened":  # a new promise, of the kind that the last round had
                last = self._promise(round - 1)
                if last and not self._promise(round) and not self._has_ended:
                    self._start(last.kind, fact, policy)
            case "ticket.routed" if not self._has_ended:
                self._lead = fact.department
                for deadline in self._open():
                    if deadline.kind in PROMISES:
                        self.deadlines[deadline.id] = deadline._replace(department=fact.department)
                self._owe_report(fact, policy)
            case "ticket.reclassified":
                self._owe_report(fact, policy)
            case "materials.requested":  # what departments and leaders owe does not wait for the applicant
                days = fact.working_days or 1
                self._change(self._promise(), fact, lambda each: transitions.pause(each, at, days, policy))
            case "materials.supplied":
                self._change(self._promise(), fact, lambda each: transitions.resume(each, at, "supplied", policy))
            case "extension.granted":
                days = fact.working_days or 0
                self._change(self._promise(round), fact, lambda each: transitions.extend(each, at, days, policy))
            case "ticket.answered":  # what is owed as a report is not stopped by an answer
                self._stop(self._promise(round, DeadlineKind.ANSWER), fact, policy)
            case "report.filed":
                self._stop(self._promise(round, DeadlineKind.REPORT), fact, policy)
            case "ticket.declined" | "ticket.withdrawn":
                self._has_ended = True
                for deadline in self._open():
                    self._cancel(deadline, fact, fact.what.rpartition(".")[2])
            case "assignment.made" if fact.about and not self._has_ended and not self._internal(fact):
                self._start(DeadlineKind.ACKNOWLEDGE, fact, policy)
            case "arbitration.requested" if fact.about and not self._has_ended and not self._internal(fact):
                self._start(DeadlineKind.ARBITRATE, fact, policy)
            case "assignment.accepted" | "assignment.returned" | "arbitration.decided":  # returned is settled, too
                self._stop(self._internal(fact), fact, policy)
            case "assignment.replaced":
                self._cancel(self._internal(fact), fact, "replaced")
            case "calendar.changed":
                for deadline in self._open():
                    if deadline.provisional:
                        self._change(deadline, fact, lambda each: transitions.recount(each, at, policy))

    def end_long_pauses(self, until: datetime) -> None:
        """End the pauses whose longest duration has passed by ``until``."""
        for deadline in self._open():
            end = deadline.pause_ends_at
            if deadline.state is DeadlineState.PAUSED and end is not None and end <= until:
                self._take(transitions.catch_up(deadline, end, self._policy_of(deadline.center_version)))

    def _open(self) -> list[Deadline]:
        return [deadline for deadline in self.deadlines.values() if deadline.ended_at is None]

    def _promise(self, round: int | None = None, kind: DeadlineKind | None = None) -> Deadline | None:
        """The promise of a round, by default the last one: of ``kind``, by default the report if there is one."""
        promises = [each for each in self.deadlines.values() if each.kind in PROMISES and kind in (None, each.kind)]
        if round is None:
            round = max((each.round for each in promises), default=0)
        found = [each for each in promises if each.round == round]
        return max(found, key=lambda each: each.kind is DeadlineKind.REPORT, default=None)

    def _internal(self, fact: Fact) -> Deadline | None:
        """The internal deadline that a fact is about: to sign for an assignment, to arbitrate."""
        return next(
            (each for each in self.deadlines.values() if each.about == fact.about and each.kind not in PROMISES), None
        )

    def _start(self, kind: DeadlineKind, fact: Fact, policy: Policy) -> None:
        self._take(
            transitions.start(
                kind,
                policy,
                center=self._center,
                ticket_id=self._ticket_id,
                about=fact.about or self._ticket_id,
                round=fact.round or 1,
                department=self._lead if kind in PROMISES else fact.department,
                at=fact.at,
            )
        )

    def _owe_report(self, fact: Fact, policy: Policy) -> None:
        """For a complex ticket a report is owed instead of the answer, and the time already spent counts. A promise
        that was broken stays broken, and one that was met stays met.
        """
        round = fact.round or 1
        answer = self._promise(round, DeadlineKind.ANSWER)
        is_owed = fact.complexity is Complexity.COMPLEX and not self._has_ended
        if not is_owed or answer is None or self._promise(round, DeadlineKind.REPORT):
            return
        caught_up = transitions.catch_up(answer, fact.at, policy)
        self._take(caught_up)
        if caught_up.deadline.state is not DeadlineState.BREACHED:
            self._take(transitions.cancel(caught_up.deadline, fact.at, "complex"))
        self._take(transitions.report_instead(caught_up.deadline, self._lead, fact.at, policy))

    def _stop(self, deadline: Deadline | None, fact: Fact, policy: Policy) -> None:
        self._change(deadline, fact, lambda each: transitions.stop(each, fact.at, policy))

    def _cancel(self, deadline: Deadline | None, fact: Fact, why: str) -> None:
        self._change(deadline, fact, lambda each: transitions.cancel(each, fact.at, why))

    def _change(self, deadline: Deadline | None, fact: Fact, transition: Callable[[Deadline], DeadlineChange]) -> None:
        """Apply a transition to a deadline, after what happens to the deadline by itself until then."""
        if deadline is not None:
            caught_up = transitions.catch_up(deadline, fact.at, self._policy_of(fact.center_version))
            self._take(caught_up)
            self._take(transition(caught_up.deadline))

    def _take(self, change: DeadlineChange) -> None:
        id_ = change.deadline.id
        self.deadlines[id_] = change.deadline
        if change.transitions:
            self.transitions[id_] = [*self.transitions.pop(id_, []), *change.transitions]


def history_of(
    ticket_id: UUID, center: str, facts: Sequence[Fact], policy_of: Callable[[int], Policy], until: datetime | None
) -> TicketHistory:
    """The history of a ticket by its ``facts``, which are in order. ``policy_of`` gives the policy of a version of the
    center file. Pauses whose longest duration has passed by ``until`` have ended.
    """
    history = TicketHistory(ticket_id, center, policy_of)
    for fact in facts:
        history.apply(fact)
    if until is not None:
        history.end_long_pauses(until)
    return history
