"""One deadline as it ought to be: when it is due and was due before, which marks it has reached, how it ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.histories.oracle.center import CenterRules, Told


class Revision(NamedTuple):
    """A due time, since when it held and why."""

    due: datetime
    since: datetime
    why: str


class Rung(NamedTuple):
    """A mark that lies before the deadline."""

    at: datetime
    level: int
    mark: str
    light: str


class Reached(NamedTuple):
    """A rung that was climbed: when, and who was told."""

    revision: int
    level: int
    mark: str
    at: datetime
    told: Told


@dataclass
class Deadline:
    """A deadline of one kind in one round. ``left`` is the working time that was left when it was last paused."""

    house: CenterRules
    kind: str
    round: int
    department: str | None
    start: datetime
    revisions: list[Revision] = field(default_factory=list)
    state: str = "running"
    light: str | None = "green"
    ended: datetime | None = None
    ahead: list[Rung] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    taken_back: list[Reached] = field(default_factory=list)
    counted_from: datetime | None = None
    left: timedelta | None = None
    granted: int = 0
    pause_ends: datetime | None = None

    @property
    def due(self) -> datetime:
        """When it is due."""
        return self.revisions[-1].due

    def set(self, since: datetime) -> "Deadline":
        """Start it; it becomes known at ``since``, which is later than its start where it takes another's place."""
        self.counted_from = self.counted_from or self.start
        self._revise(self._counted(), since, "set")
        return self

    def _counted(self) -> datetime:
        days = self.house.days
        if self.left is None or self.counted_from is None:
            due = days.due(self.start, self.house.limit(self.kind))
        else:
            due = days.resumed(self.counted_from, self.left)
        return days.after(due, self.granted) if self.granted else due

    def _revise(self, due: datetime, since: datetime, why: str) -> None:
        """A new due time: warnings that would lie before it are left out; of what they warned, the light tells."""
        self.revisions.append(Revision(due, since, why))
        days, self.light, self.ahead = self.house.days, "green", []
        for level, step in enumerate(self.house.ladder(self.kind), start=1):
            away = {"approaching": days.before, "overdue": days.after}.get(step["mark"])
            at = away(due, step["working_days"]) if away else due
            self.ahead.append(Rung(at, level, step["mark"], step["light"]))
        self.ahead.sort()
        while self.ahead and self.ahead[0].mark == "approaching" and self.ahead[0].at <= since:
            self.light = self.ahead.pop(0).light

    def advance(self, now: datetime, tell: Callable[["Deadline", int], Told]) -> None:
        """Let it be ``now``: a pause may end by itself, marks are reached and the ladder is climbed."""
        if self.state == "paused" and self.pause_ends and self.pause_ends <= now:
            self._resume(self.pause_ends, "cap")
        while not self.ended and self.state != "paused" and self.ahead and self.ahead[0].at <= now:
            rung = self.ahead.pop(0)
            self.light = rung.light
            self.state = "breached" if rung.mark == "breached" else self.state
            self.reached.append(Reached(len(self.revisions), rung.level, rung.mark, now, tell(self, rung.level)))

    def stop(self, at: datetime) -> None:
        """It was done; in time if that was not after the due time. What was paused is not late."""
        if self.ended:
            return
        if self.state == "paused":
            self._resume(at, "ended")
        self._take_back(at)
        self.ended = at
        if at <= self.due:
            self.state, self.light = "met", None

    def cancel(self, at: datetime) -> None:
        """It does not matter any more; what was broken by then stays broken."""
        if self.ended:
            return
        self._take_back(at)
        self.ended = at
        if self.state == "paused" or at <= self.due:
            self.state, self.light = "cancelled", None

    def pause(self, at: datetime, days: int) -> None:
        """Wait for the applicant, so many working days at most, unless the promise is broken already."""
        if self.ended or at > self.due:
            return
        self._take_back(at)
        self.state, self.left, self.counted_from = "paused", self.house.days.worked(at, self.due), at
        self.granted, self.pause_ends = 0, self.house.days.after(at, days)
        self.light = "green"
        for step in (step for step in self.house.ladder(self.kind) if step["mark"] == "approaching"):
            if self.house.days.before(self.due, step["working_days"]) <= at:
                self.light = step["light"]

    def supply(self, at: datetime) -> None:
        """Go on, if it still waits."""
        if self.state == "paused" and not self.ended:
            self._resume(at, "supplied")

    def _take_back(self, at: datetime) -> None:
        """What is done at the due time is done in time: a breach that was told at that very instant is void."""
        if at <= self.due:
            void = [
                each for each in self.reached if each.mark != "approaching" and each.revision == len(self.revisions)
            ]
            self.reached = [each for each in self.reached if each not in void]
            self.taken_back += void

    def _resume(self, at: datetime, why: str) -> None:
        self.state, self.counted_from, self.pause_ends = "running", at, None
        self._revise(self._counted(), at, why)

    def extend(self, at: datetime, working_days: int) -> None:
        """So many working days more."""
        self._take_back(at)
        self.granted, self.state = self.granted + working_days, "running"
        self._revise(self.house.days.after(self.due, working_days), at, "extension")

    def report_instead(self, at: datetime) -> "Deadline":
        """The deadline of the report that is owed in its place, from the same start, with the same pause and grants."""
        report = Deadline(self.house, "report", self.round, self.department, self.start)
        days, own = self.house.days, self.house.limit
        if self.left is not None:
            more = days.worked(days.due(self.start, own(self.kind)), days.due(self.start, own("report")))
            report.left = self.left + more
        report.counted_from, report.granted, report.pause_ends = self.counted_from, self.granted, self.pause_ends
        report.set(at)
        report.state = "paused" if self.state == "paused" else "running"
        return report
