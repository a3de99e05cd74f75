"""One ticket through a row of events, as deadline_watch decides about them, without any I/O.

Friday 24 January 2025 and the make-up Sunday 26 precede the Spring Festival of 28 January to 4 February; Saturday
8 February is a make-up day too. An answer to what came in on that Friday is due on Monday 27 at 17:00.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from schemas.enums import DeadlineKind, Mark
from schemas.events.deadlines import DeadlineApproaching, DeadlineBreached, DeadlineOverdue, MarkReached
from schemas.events.event import Event
from services.deadline_watch.rules.deadline import Deadline, MarkAt, Policy, Ticket
from services.deadline_watch.rules.differences import difference, never_set
from services.deadline_watch.rules.facts import Fact, fact_of, joined
from services.deadline_watch.rules.history import deadlines_of
from services.deadline_watch.rules.marks import shown
from services.plumbing.database.transaction import new_id
from tests.deadline_builders import TICKET, a_policy, at

ANSWER, REPORT = DeadlineKind.ANSWER, DeadlineKind.REPORT
_MOMENT = timedelta(microseconds=1)
_MARKS: dict[Mark, type[MarkReached]] = {
    Mark.APPROACHING: DeadlineApproaching,
    Mark.BREACHED: DeadlineBreached,
    Mark.OVERDUE: DeadlineOverdue,
}


class Story:
    """One ticket through a row of events, each heard when it happens; ``now`` lets time pass as the watch would.

    ``told_late``: nothing is announced before an event, however long ago its marks were due.
    """

    def __init__(self, *events: Event, policy: Policy | None = None, told_late: bool = False) -> None:
        self.policy = policy or a_policy()
        self.facts: tuple[Fact, ...] = ()
        self.rows: dict[UUID, Deadline] = {}
        self.until: datetime | None = None
        self.said: list[Event] = []
        self._told_late = told_late
        self.hear(*events)

    def hear(self, *events: Event) -> "Story":
        for event in events:
            fact = fact_of(event, new_id(), self.policy.version)
            if not self._told_late:
                self._fire(fact.at - _MOMENT)
            self.know(fact)
        return self

    def know(self, *facts: Fact) -> "Story":
        """Let facts become known, and the deadlines follow."""
        self.facts = joined(self.facts, facts)
        ticket = Ticket(ticket_id=TICKET, center="BC")
        after, transitions = deadlines_of(ticket, self.facts, self.policy.earlier, self.until)
        order = list(dict.fromkeys(reversed([each.deadline.id for each in transitions])))[::-1]
        for deadline in sorted(after.deadlines, key=lambda deadline: order.index(deadline.id)):
            own = [each for each in transitions if each.deadline.id == deadline.id]
            self.rows[deadline.id], said = difference(self.rows.get(deadline.id), deadline, own)
            self.said += said
        known = {deadline.id for deadline in after.deadlines}
        for id_, row in self.rows.items():
            if id_ not in known:
                self.rows[id_], said = never_set(row)
                self.said += said
        return self

    def now(self, when: str) -> "Story":
        """Let it be so late: pauses end, marks are announced."""
        self.until = max(at(when), self.until or at(when))
        self.know()
        self._fire(at(when))
        return self

    def _fire(self, instant: datetime) -> None:
        while due := [row for row in self.rows.values() if row.position < len(row.marks) and _next(row).at <= instant]:
            row = min(due, key=lambda row: _next(row).at)
            self.said.append(_reached(row, _next(row)))
            fired = replace(row, position=row.position + 1, sequence=row.sequence + 1)
            self.rows[row.id] = shown(fired, _next(row)) if row.goes_on and not _next(row).under else fired

    def deadline(self, kind: DeadlineKind = ANSWER, round: int = 1) -> Deadline:
        (found,) = [deadline for deadline in self.rows.values() if (deadline.kind, deadline.round) == (kind, round)]
        return found

    @property
    def heard(self) -> list[str]:
        """What was announced, without the noun and the version: ``set``, ``approaching 1``, ``voided 2``."""
        return [
            " ".join([event.TYPE.split(".")[1], *([str(event.level)] if hasattr(event, "level") else [])])
            for event in self.said
        ]


def _next(row: Deadline) -> MarkAt:
    return row.marks[row.position]


def _reached(row: Deadline, mark: MarkAt) -> MarkReached:
    """The event that the watch announces in SQL."""
    under = mark.under or row.present
    return _MARKS[mark.mark](
        center=row.center,
        ticket_id=row.ticket_id,
        deadline_id=row.id,
        kind=row.kind,
        round=row.round,
        level=mark.level,
        working_days=mark.working_days,
        mark_at=mark.at,
        due_at=under.due_at,
        revision=under.revision,
        revised_at=under.revised_at,
        sequence=row.sequence + 1,
        state=row.state,
        department=row.department,
    )
