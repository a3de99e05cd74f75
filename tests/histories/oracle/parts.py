"""Departments' parts in one ticket: made, signed for, sent back, completed, replaced."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.histories.oracle.deadlines import Deadline

OPEN = ("made", "accepted")


@dataclass
class Part:
    """One department's part in one round, with the deadline by which it must sign."""

    department: str
    role: str
    round: int
    final: bool
    made_at: datetime
    deadline: Deadline
    state: str = "made"

    @property
    def is_open(self) -> bool:
        """Whether the department still has something to do."""
        return self.state in OPEN

    @property
    def stands(self) -> bool:
        """Whether the department has the part, done or not."""
        return self.is_open or self.state == "completed"

    def end(self, state: str, at: datetime) -> None:
        """The department has signed or sent it back, or need not do anything any more."""
        (self.deadline.cancel if state == "replaced" else self.deadline.stop)(at)
        self.state = state


@dataclass
class Parts:
    """All parts of a ticket."""

    all: list[Part] = field(default_factory=list)

    def standing(self, round: int) -> list[Part]:
        """Who has a part in this round."""
        return [part for part in self.all if part.round == round and part.stands]

    def open(self, round: int) -> list[str]:
        """The departments that still have something to do."""
        return [part.department for part in self.standing(round) if part.is_open]

    def newest(self, department: str) -> Part | None:
        """The part that a department was given last."""
        return next((part for part in reversed(self.all) if part.department == department), None)

    def lead(self, department: str | None, round: int) -> Part | None:
        """The lead's part."""
        found = (part for part in self.standing(round) if part.department == department and part.role == "lead")
        return next(found, None)

    def returned(self) -> list[Part]:
        """The parts that were sent back, in any round."""
        return [part for part in self.all if part.state == "returned"]

    def redistribute(
        self, lead: str, assisting: Sequence[str], round: int, at: datetime, *, final: bool
    ) -> dict[str, str]:
        """Take the parts of who is not wanted in that role; the departments that must get one, with the role."""
        wanted = {lead: "lead"} | dict.fromkeys(assisting, "assisting")
        for part in self.standing(round):
            if wanted.get(part.department) == part.role:
                part.final = part.final or final
                del wanted[part.department]
            elif part.is_open or part.department in wanted:
                part.end("replaced", at)
        return wanted
