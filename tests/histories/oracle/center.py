"""A center file as plain data, and what the oracle reads in it: days, duty, limits, rules, and whom a rung tells."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tests.histories.oracle.days import Days
from tests.histories.oracle.duty import Duty


class Choice(NamedTuple):
    """Who handles a ticket."""

    lead: str
    assisting: tuple[str, ...]
    is_complex: bool


class Told(NamedTuple):
    """Staff, sorted, and the posts that nobody holds."""

    to: tuple[str, ...]
    skipped: tuple[str, ...]


class CenterRules:
    """One center."""

    def __init__(self, file: dict[str, Any]) -> None:
        self.file, self.code = file, str(file["code"])
        self.days = Days(file["calendar"])
        self.duty = Duty(file["roster"], self.days)
        self.departments: dict[str, Any] = file["departments"]

    def __deepcopy__(self, _memo: dict[int, Any]) -> "CenterRules":
        return self

    def limit(self, kind: str) -> dict[str, int]:
        """The limit of a kind of deadline."""
        found: dict[str, int] = self.file["limits"][kind]
        return found

    def ladder(self, kind: str) -> list[dict[str, Any]]:
        """The rungs of a kind of deadline."""
        found: list[dict[str, Any]] = self.file["ladder"][kind]
        return found

    def rule(self, of: str, name: str) -> int:
        """A number of the rules of returns, extensions and pauses."""
        return int(self.file[of][name])

    def choose(
        self, matter: str, cause: str | None, *, returned: Collection[str] = (), was_complex: bool = False
    ) -> Choice | None:
        """What the first rule says that names this matter or this cause and whose lead has not sent it back."""
        for rule in self.file["rules"]:
            if matter not in rule.get("matters", [matter]) or cause not in rule.get("causes", [cause]):
                continue
            if rule["lead"] in returned:
                continue
            assisting = tuple(each for each in rule.get("assisting", ()) if each not in returned)
            stated = rule.get("complexity")
            return Choice(rule["lead"], assisting, was_complex or self.is_complex(cause, assisting, stated))
        return None

    def is_complex(self, cause: str | None, assisting: Sequence[str], stated: str | None) -> bool:
        """Two departments or a hard cause make a ticket complex, unless it is stated otherwise."""
        if stated:
            return stated == "complex"
        return bool(assisting) or cause in self.file["complex_causes"]

    def told(
        self, kind: str, level: int, *, at: datetime, department: str | None, parts: Sequence[str], first: str
    ) -> Told:
        """Whom a rung tells: its posts' holders, or those of the next rung that anybody holds, or the director."""
        skipped: list[str] = []
        for step in self.ladder(kind)[level - 1 :]:
            people: set[str] = set()
            for post in step["tell"]:
                holders = self._holders(post, at, [department] if department else parts, first)
                people |= set(holders)
                if not holders and post not in skipped:
                    skipped.append(post)
            if people:
                return Told(tuple(sorted(people)), tuple(skipped))
        return Told((self.file["director"],), tuple(skipped))

    def _holders(self, post: str, at: datetime, departments: Sequence[str], first: str) -> list[str]:
        concerned = [self.departments[code] for code in departments]
        return {
            "liaison": [staff for department in concerned for staff in department["liaisons"]],
            "department_head": [department["head"] for department in concerned if department.get("head")],
            "first_responsible": [first],
            "duty_leader": [self.duty.leader(at)],
            "center_director": [self.file["director"]],
            "supervision_office": [self.file["supervision_office"]],
        }[post]
