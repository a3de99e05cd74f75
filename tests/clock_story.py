"""One ticket through a row of events, as deadline_watch decides about them, without any I/O.

Friday 24 January 2025 and the make-up Sunday 26 precede the Spring Festival of 28 January to 4 February; Saturday
8 February is a make-up day too. An answer to what came in on that Friday is due on Monday 27 at 17:00.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from schemas.deadlines import DeadlineApproaching, DeadlineBreached, DeadlineOverdue, MarkReached
from schemas.event import Event
from schemas.words import DeadlineKind, Mark
from services.deadline_watch.announcements import difference, never_set
from services.deadline_watch.clocks import Clock, MarkAt, Policy, Ticket
from services.deadline_watch.facts import Fact, fact_of, joined
from services.deadline_watch.history import clocks_of
from services.deadline_watch.marks import shown
from services.plumbing.transaction import new_id
from tests.clock_builders import TICKET, a_policy, at

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
        self.rows: dict[UUID, Clock] = {}
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
        """Let facts become known, and the clocks follow."""
        self.facts = joined(self.facts, facts)
        ticket = Ticket(ticket_id=TICKET, center="BC")
        after, transitions = clocks_of(ticket, self.facts, self.policy.earlier, self.until)
        order = list(dict.fromkeys(reversed([each.clock.id for each in transitions])))[::-1]
        for clock in sorted(after.clocks, key=lambda clock: order.index(clock.id)):
            own = [each for each in transitions if each.clock.id == clock.id]
            self.rows[clock.id], said = difference(self.rows.get(clock.id), clock, own)
            self.said += said
        known = {clock.id for clock in after.clocks}
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

    def clock(self, kind: DeadlineKind = ANSWER, round: int = 1) -> Clock:
        (found,) = [clock for clock in self.rows.values() if (clock.kind, clock.round) == (kind, round)]
        return found

    @property
    def heard(self) -> list[str]:
        """What was announced, without the noun and the version: ``set``, ``approaching 1``, ``voided 2``."""
        return [
            " ".join([event.TYPE.split(".")[1], *([str(event.level)] if hasattr(event, "level") else [])])
            for event in self.said
        ]


def _next(row: Clock) -> MarkAt:
    return row.marks[row.position]


def _reached(row: Clock, mark: MarkAt) -> MarkReached:
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
