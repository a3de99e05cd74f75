"""Random lives of tickets: what somebody might do next, as the ticket stands. The same seed gives the same lives."""

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.histories.oracle.history import History
from tests.histories.three_centers import CAUSES, DEPARTMENTS, MATTERS

Act = tuple[str, dict[str, Any]]

PACES = (0.9, 0.5, 0.25, 0.12, 0.05, 0.0)
"""How probable it is that anything is done at a step: from a quick department to one that never stirs."""
_BLIND = 0.04


class ActiveTicket:
    """One ticket and its temper."""

    def __init__(self, random: Random, ticket_id: str, ticket: History) -> None:
        self.id, self.ticket, self._random = ticket_id, ticket, random
        self._pace = random.choice(PACES)
        self.is_left = False

    def next_acts(self) -> list[Act]:
        """What is done to it at this step: one thing, or several by departments."""
        if self.is_left or self._random.random() > self._pace:
            return []
        if self._random.random() < _BLIND:
            return [self._random.choice(list(_anything(self._random)))]
        if self.ticket.state == "in_arbitration":
            return self._one((6, _decision(self._random)), (1, ("materials", {})), (1, ("withdraw", {})), (1, _supply))
        if self.ticket.state == "assigned":
            return self._in_hand()
        if self.ticket.state == "answered":
            return self._one((4, ("close", {})), (3, ("rate", {"good": True})), (3, ("rate", {"good": False})))
        if self.ticket.state == "closed" and self._random.random() < 0.3:
            return [("rate", {"good": self._random.random() < 0.6})]
        self.is_left = True
        return []

    def _one(self, *weighted: tuple[int, Act]) -> list[Act]:
        weights, acts = zip(*weighted, strict=True)
        return list(self._random.choices(acts, weights))

    def _in_hand(self) -> list[Act]:
        if self.ticket.awaiting and self._random.random() < 0.6:
            return [_supply]
        if self._random.random() < 0.25:
            return self._one(
                (4, ("materials", {})),
                (4, ("extension", {"working_days": self._random.randint(1, 4)})),
                (3, ("reclassify", {})),
                (1, ("decline", {})),
                (1, ("withdraw", {})),
            )
        return list(self._work())[: self._random.randint(1, 3)]

    def _work(self) -> Iterator[Act]:
        ticket = self.ticket
        for part in ticket.parts.standing(ticket.round):
            if part.state == "made":
                act = "give_back" if self._random.random() < 0.15 else "accept"
                yield act, {"department": part.department}
            elif part.state == "accepted" and part.role == "assisting":
                yield "complete", {"department": part.department}
        if ticket.complex and not ticket.reported:
            yield "report", {}
        yield "answer", {}


_supply: Act = ("supply", {})


def a_ticket(random: Random) -> tuple[str, str | None]:
    """What comes to the window: matter and cause."""
    return random.choices(MATTERS, (6, 3, 3, 4, 2))[0], random.choices(CAUSES, (8, 3, 1))[0]


def _decision(random: Random) -> Act:
    lead = random.choice(DEPARTMENTS)
    assisting = tuple(each for each in DEPARTMENTS if each != lead and random.random() < 0.15)
    return "arbitrate", {"lead": lead, "assisting": assisting}


def _anything(random: Random) -> Iterator[Act]:
    department = {"department": random.choice(DEPARTMENTS)}
    yield from ((act, dict(department)) for act in ("accept", "complete", "give_back"))
    plain = ("report", "answer", "close", "reclassify", "materials", "supply")
    yield from ((act, {}) for act in plain)
    yield "extension", {"working_days": random.randint(1, 12)}
    yield "rate", {"good": random.random() < 0.5}
    yield _decision(random)
