"""A ticket as it ought to stand, and what follows from each turn for its parts and deadlines."""

from datetime import datetime

from tests.histories.oracle.center import CenterRules, Told
from tests.histories.oracle.deadlines import Deadline
from tests.histories.oracle.parts import Part, Parts

OPEN = ("in_arbitration", "assigned")


class Ticket:
    """A ticket of a ``matter``, registered at ``at``. ``state`` is routing's; ``seen`` is what intake says."""

    def __init__(self, house: CenterRules, matter: str, cause: str | None, first: str, at: datetime) -> None:
        self.house, self.matter, self.cause, self.first, self.at = house, matter, cause, first, at
        self.state, self.round, self.awaiting, self.extended = "registered", 1, False, 0
        self.asked, self.waited, self.may_wait, self.asked_at = 0, 0, 0, at
        self.lead: str | None = None
        self.assisting: tuple[str, ...] = ()
        self.complex: bool | None = None
        self.reported, self.was_routed = False, False
        self.rated: set[int] = set()
        self.parts, self.dockets, self.deadlines = Parts(), list[Deadline](), list[Deadline]()
        self.set_promise("answer", at)
        choice = house.choose(matter, cause)
        self.distribute(*choice, at) if choice else self.put_on_docket(at)

    @property
    def seen(self) -> str:
        """The state that the citizen sees: whether it lies on the docket is no news for intake."""
        if self.awaiting and self.state in OPEN:
            return "awaiting_materials"
        if self.state in OPEN:
            return "assigned" if self.was_routed else "registered"
        return self.state

    @property
    def promise(self) -> Deadline:
        """The deadline of what the citizen is promised in this round."""
        found = [
            deadline
            for deadline in self.deadlines
            if deadline.round == self.round and deadline.kind in ("answer", "report")
        ]
        return found[-1]

    def advance(self, now: datetime) -> None:
        """Let it be ``now``."""
        for deadline in self.deadlines:
            deadline.advance(now, lambda deadline, level: self._told(deadline, level, now))

    def _told(self, deadline: Deadline, level: int, now: datetime) -> Told:
        parts = self.parts.open(self.round)
        return self.house.told(
            deadline.kind, level, at=now, department=deadline.department, parts=parts, first=self.first
        )

    def _start(self, kind: str, department: str | None, at: datetime) -> Deadline:
        self.deadlines.append(Deadline(self.house, kind, self.round, department, at).set(at))
        return self.deadlines[-1]

    def set_promise(self, kind: str, at: datetime) -> None:
        self._start(kind, self.lead, at)

    def put_on_docket(self, at: datetime) -> None:
        if self.state != "in_arbitration":
            self.state = "in_arbitration"
            self.dockets.append(self._start("arbitrate", None, at))

    def distribute(
        self, lead: str, assisting: tuple[str, ...], is_complex: bool, at: datetime, final: bool = False
    ) -> None:
        for department, role in self.parts.redistribute(lead, assisting, self.round, at, final=final).items():
            deadline = self._start("acknowledge", department, at)
            self.parts.all.append(Part(department, role, self.round, final, at, deadline))
        self.state, self.lead, self.assisting, self.complex = "assigned", lead, assisting, is_complex
        self.was_routed = True
        for deadline in self.deadlines:
            if deadline.kind in ("answer", "report") and not deadline.ended:
                deadline.department = lead
        if is_complex:
            self.owe_report(at)

    def owe_report(self, at: datetime) -> None:
        answer = self.promise
        if answer.kind == "answer":
            self.deadlines.append(answer.report_instead(at))
            if answer.state == "paused" or at <= answer.due:
                answer.cancel(at)

    def end(self, state: str, at: datetime) -> None:
        self.state = state
        for part in self.parts.standing(self.round):
            if part.is_open:
                part.end("replaced", at)
        for deadline in self.deadlines:
            deadline.cancel(at)
