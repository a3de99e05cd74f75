"""One ticket through a row of events, as deadline_watch decides about them, without any I/O.

Friday 24 January 2025 and the make-up Sunday 26 precede the Spring Festival of 28 January to 4 February; Saturday
8 February is a make-up day too. An answer to what came in on that Friday is due on Monday 27 at 17:00.
"""

from datetime import datetime, timedelta
from uuid import UUID

from schemas.enums import DeadlineKind
from schemas.events.event import Event
from services.deadline_watch.rules.deadline import Deadline, Policy
from services.deadline_watch.rules.differences import difference, never_set
from services.deadline_watch.rules.events import after_mark, mark_reached
from services.deadline_watch.rules.facts import Fact, fact_of, merge_facts
from services.deadline_watch.rules.history import history_of
from services.plumbing.database.transaction import new_id
from tests.deadline_builders import TICKET, a_policy, at

ANSWER, REPORT = DeadlineKind.ANSWER, DeadlineKind.REPORT
_MOMENT = timedelta(microseconds=1)


class Story:
    """One ticket through a row of events, each recorded when it happens; ``now`` lets time pass as the watch would.

    ``fires_late``: no mark is announced before an event, however long ago it was due.
    """

    def __init__(self, *events: Event, policy: Policy | None = None, fires_late: bool = False) -> None:
        self.policy = policy or a_policy()
        self.facts: tuple[Fact, ...] = ()
        self.rows: dict[UUID, Deadline] = {}
        self.until: datetime | None = None
        self.announced: list[Event] = []
        self._fires_late = fires_late
        self.record(*events)

    def record(self, *events: Event) -> "Story":
        for event in events:
            fact = fact_of(event, new_id(), self.policy.version)
            if not self._fires_late:
                self._fire(fact.at - _MOMENT)
            self.add(fact)
        return self

    def add(self, *facts: Fact) -> "Story":
        """Let facts become known, and the deadlines follow."""
        self.facts = merge_facts(self.facts, facts)
        history = history_of(TICKET, "BC", self.facts, self.policy.earlier, self.until)
        differences = [
            difference(self.rows.get(id_), history.deadlines[id_], transitions)
            for id_, transitions in history.transitions.items()
        ]
        differences += [never_set(row) for id_, row in self.rows.items() if id_ not in history.deadlines]
        for each in differences:
            self.rows[each.deadline.id] = each.deadline
            self.announced += each.events
        return self

    def now(self, when: str) -> "Story":
        """Let it be so late: pauses end, marks are announced."""
        self.until = max(at(when), self.until or at(when))
        self.add()
        self._fire(at(when))
        return self

    def _fire(self, instant: datetime) -> None:
        while due := [row for row in self.rows.values() if row.marks[row.next_mark :] and _next_at(row) <= instant]:
            row = min(due, key=_next_at)
            self.announced.append(mark_reached(row, confirmed=True))
            self.rows[row.id] = after_mark(row)

    def deadline(self, kind: DeadlineKind = ANSWER, round: int = 1) -> Deadline:
        (found,) = [deadline for deadline in self.rows.values() if (deadline.kind, deadline.round) == (kind, round)]
        return found

    @property
    def names(self) -> list[str]:
        """What was announced, without the noun and the version: ``set``, ``approaching 1``, ``voided 2``."""
        return [
            " ".join([event.TYPE.split(".")[1], *([str(event.level)] if hasattr(event, "level") else [])])
            for event in self.announced
        ]


def _next_at(row: Deadline) -> datetime:
    return row.marks[row.next_mark].at
