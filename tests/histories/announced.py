"""Lives of tickets as the oracle allows them, and the events that services would announce of them."""

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from schemas.enums import Complexity, DepartmentRole
from schemas.events.event import Event
from services.plumbing.database.transaction import new_id
from tests import deadline_builders as given
from tests.histories.oracle.center import CenterRules
from tests.histories.oracle.history import History
from tests.histories.oracle.parts import Part
from tests.histories.three_centers import CAUSES, DEPARTMENTS, MATTERS, ORDINARY

HOUSE = CenterRules(ORDINARY)
START = datetime.fromisoformat("2025-01-24T10:00:00+08:00")
ACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    *((act, {"department": each}) for act in ("accept", "accept", "complete", "give_back") for each in DEPARTMENTS),
    *((act, {}) for act in ("report", "answer", "answer", "reclassify", "materials", "supply")),
    *(("arbitrate", {"lead": lead, "assisting": assisting}) for lead in DEPARTMENTS for assisting in ((), ("RSJ",))),
    ("extension", {"working_days": 2}),
    *[("rate", {"good": False})] * 2,
)
_ENDS: tuple[tuple[str, dict[str, Any]], ...] = (("decline", {}), ("withdraw", {}))
_BUILDS: dict[str, Callable[..., Event]] = {
    "accept": given.assignment_accepted,
    "give_back": given.assignment_returned,
    "report": given.report_filed,
    "answer": given.answered,
    "reclassify": given.reclassified,
    "rate": given.reopened,
    "materials": given.materials_requested,
    "supply": given.materials_supplied,
    "decline": given.declined,
    "withdraw": given.withdrawn,
    "arbitrate": given.arbitration_decided,
    "extension": given.extension_granted,
}


class AnnouncedTicket(History):
    """A ticket of which `events` says what is announced, in the order in which it is done."""

    def __init__(self, matter: str, cause: str | None, at: datetime) -> None:
        self.id, self.events = new_id(), list[Event]()
        self._ids: dict[tuple[str, int], UUID] = {}
        self._say(given.registered, at)
        super().__init__(HOUSE, matter, cause, "clerk", at)

    def lived(self, act: str, at: datetime, **how: Any) -> None:
        """Do what is allowed."""
        place, states = len(self.events), [part.state for part in self.parts.all]
        assert self.do(act, at, **how) == 200
        if event := self._event_of(act, at, states, **how):
            self.events.insert(place, event)
        for nth, (before, part) in enumerate(zip(states, self.parts.all, strict=False)):
            if part.state == "replaced" != before:
                self._say(given.assignment_replaced, at, **self._part(nth, part))

    def put_on_docket(self, at: datetime) -> None:
        before = len(self.dockets)
        super().put_on_docket(at)
        if len(self.dockets) > before:
            self._say(given.arbitration_requested, at, round=self.round, arbitration_id=self._docket)

    def distribute(
        self, lead: str, assisting: tuple[str, ...], is_complex: bool, at: datetime, final: bool = False
    ) -> None:
        before = len(self.parts.all)
        super().distribute(lead, assisting, is_complex, at, final)
        complexity = Complexity.COMPLEX if is_complex else Complexity.ORDINARY
        self._say(given.routed, at, round=self.round, lead=lead, complexity=complexity)
        for nth, part in enumerate(self.parts.all[before:], start=before):
            role = DepartmentRole(part.role)
            self._say(given.assignment_made, at, round=self.round, role=role, **self._part(nth, part))

    @property
    def _docket(self) -> UUID:
        return self._ids.setdefault(("docket", len(self.dockets)), new_id())

    def _part(self, nth: int, part: Part) -> dict[str, Any]:
        return {"assignment_id": self._ids.setdefault(("part", nth), new_id()), "department": part.department}

    def _say(self, build: Any, at: datetime, **values: Any) -> None:
        self.events.append(self._built(build, at, **values))

    def _built(self, build: Any, at: datetime, **values: Any) -> Event:
        event: Event = build(f"{at:%Y-%m-%d %H:%M}", self.id, **values)
        return replace(event, center=HOUSE.code)

    def _event_of(self, act: str, at: datetime, states: list[str], **how: Any) -> Event | None:
        """What the act itself is announced as; completing a part is no fact of a deadline."""
        match act:
            case "accept" | "give_back":
                ended = {"accept": "accepted", "give_back": "returned"}[act]
                (nth,) = [n for n, state in enumerate(states) if state != self.parts.all[n].state == ended]
                return self._built(_BUILDS[act], at, **self._part(nth, self.parts.all[nth]))
            case "report" | "answer" | "reclassify" | "rate":
                return self._built(_BUILDS[act], at, round=self.round)
            case "materials":
                return self._built(_BUILDS[act], at, working_days_left=self.may_wait)
            case "arbitrate":
                return self._built(_BUILDS[act], at, round=self.round, arbitration_id=self._docket)
            case "extension":
                return self._built(_BUILDS[act], at, round=self.round, **how)
            case "complete":
                return None
        return self._built(_BUILDS[act], at)


def an_announced_ticket(chance: random.Random) -> AnnouncedTicket:
    """A ticket to which up to a dozen things are done, within minutes or days of one another; a few are given up."""
    now = START + timedelta(minutes=chance.randrange(0, 6000))
    ticket = AnnouncedTicket(chance.choice(MATTERS), chance.choice(CAUSES), now)
    acts = ACTS if chance.randrange(6) else (*ACTS, *_ENDS)
    for _ in range(chance.randrange(2, 13)):
        now += timedelta(minutes=chance.choice((7, 61, 241, 1447, 4327)))
        allowed = [each for each in acts if deepcopy(ticket).do(each[0], now, **each[1]) == 200]
        if not allowed:
            break
        act, how = chance.choice(allowed)
        ticket.lived(act, now, **how)
    return ticket
