"""The state machine of one ticket: what may be done to it when, and how the house must reply."""

from datetime import datetime
from typing import Any

from tests.histories.oracle.parts import Part
from tests.histories.oracle.ticket import OPEN, Ticket


class No(Exception):
    """The house must refuse, with this status."""


def _must(condition: Any, status: int = 409) -> None:
    if not condition:
        raise No(status)


class History(Ticket):
    """A ticket and all that may be done to it."""

    def do(self, act: str, at: datetime, **given: Any) -> int:
        """Do it, if it is allowed; the status of the reply."""
        self.advance(at)
        try:
            getattr(self, act)(at, **given)
        except No as refused:
            return int(refused.args[0])
        self.advance(at)
        return 200

    def accept(self, at: datetime, department: str) -> None:
        """A department signs."""
        part = self.parts.newest(department)
        _must(part, 404)
        assert part
        _must(part.state == "made")
        part.end("accepted", at)

    def complete(self, at: datetime, department: str) -> None:
        """A department has done its part."""
        part = self.parts.newest(department)
        _must(part, 404)
        assert part
        _must(part.state == "accepted")
        part.state = "completed"

    def give_back(self, at: datetime, department: str) -> None:
        """A department sends its part back."""
        part = self.parts.newest(department)
        _must(part, 404)
        assert part
        within = {"working_days": self.house.rule("returns", "within_working_days")}
        _must(part.is_open and not part.final and at <= self.house.days.due(part.made_at, within))
        part.end("returned", at)
        sent_back = self.parts.returned()
        choice, times = None, sum(each.role == "lead" for each in sent_back)
        if part.role == "lead" and self.state == "assigned" and times <= self.house.rule("returns", "times"):
            by = {each.department for each in sent_back}
            choice = self.house.choose(self.matter, self.cause, returned=by, was_complex=bool(self.complex))
        self.distribute(*choice, at) if choice else self.put_on_docket(at)

    def _in_hand(self) -> Part:
        part = self.parts.lead(self.lead, self.round)
        _must(self.state == "assigned" and part and part.state != "made")
        assert part
        return part

    def report(self, at: datetime) -> None:
        """The special-topic report is filed."""
        part = self._in_hand()
        _must(self.complex and not self.reported)
        self.reported, part.state = True, "completed"
        self.promise.stop(at)

    def answer(self, at: datetime) -> None:
        """The citizen gets a solution."""
        part = self._in_hand()
        if self.complex:
            _must(self.reported and not self.parts.open(self.round))
        part.state = "completed"
        for other in self.parts.standing(self.round):
            if other.is_open:
                other.end("replaced", at)
        for deadline in self.deadlines:
            if deadline.kind == "answer" and deadline.round == self.round:
                deadline.stop(at)
        self.state = "answered"

    def close(self, at: datetime) -> None:
        """The ticket ends."""
        _must(self.state == "answered")
        self.state = "closed"

    def arbitrate(self, at: datetime, lead: str, assisting: tuple[str, ...] = ()) -> None:
        """The duty leader decides, finally."""
        _must(self.state == "in_arbitration")
        _must(lead in self.house.departments and lead not in assisting, 422)
        self.dockets[-1].stop(at)
        is_complex = bool(self.complex) or self.house.is_complex(self.cause, assisting, None)
        self.distribute(lead, assisting, is_complex, at, final=True)

    def reclassify(self, at: datetime) -> None:
        """Ordinary turns out to be complex."""
        _must(self.state in OPEN and self.complex is False)
        _must(at <= self.promise.due or self.promise.state == "paused")
        self.complex = True
        self.owe_report(at)

    def extension(self, at: datetime, working_days: int) -> None:
        """More time is granted."""
        rule = self.house.rule
        _must(self.state in OPEN)
        _must(working_days <= rule("extension", "max_working_days"), 422)
        _must(self.promise.state not in ("paused", "met") and self.extended < rule("extension", "times"))
        _must(at <= self.house.days.before(self.promise.due, rule("extension", "notice_working_days")))
        self.extended += 1
        self.promise.extend(at, working_days)

    def materials(self, at: datetime) -> None:
        """The citizen must bring papers."""
        _must(self.state in OPEN and not self.awaiting)
        left = self.house.rule("pause", "cap_working_days") - self.waited
        _must(self.asked < self.house.rule("pause", "most_per_round") and left > 0)
        self.awaiting, self.asked, self.asked_at, self.may_wait = True, self.asked + 1, at, left
        self.promise.pause(at, left)

    def supply(self, at: datetime) -> None:
        """The papers are there."""
        _must(self.state in OPEN and self.awaiting)
        self.awaiting = False
        self.waited += min(self.may_wait, self.house.days.open_days_after(self.asked_at, at))
        self.promise.supply(at)

    def decline(self, at: datetime) -> None:
        """It is not taken in after all."""
        _must(self.state in OPEN and self.round == 1)
        self.end("declined", at)

    def withdraw(self, at: datetime) -> None:
        """The citizen gives up."""
        _must(self.state in OPEN)
        self.end("withdrawn", at)

    def rate(self, at: datetime, good: bool) -> None:
        """The citizen's opinion; a bad one opens a new round."""
        _must(self.state in ("answered", "closed") and self.round not in self.rated)
        self.rated.add(self.round)
        if good:
            return
        kind = self.promise.kind
        self.round, self.extended = self.round + 1, 0
        self.awaiting = self.reported = self.was_routed = False
        self.asked = self.waited = 0
        assert self.lead is not None
        self.set_promise(kind, at)
        self.distribute(self.lead, self.assisting, bool(self.complex), at)
