"""Days and years of three centers on a stepped clock: tickets come in, people act, and the oracle is asked of each.

At each step the clock moves, what is due happens, some act at once over HTTP, and what follows from it happens. Tickets
with which nothing will happen any more are compared and left, so that memory does not grow with the years.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from threading import local
from uuid import uuid4

import psycopg2

from schemas.center.center import Center
from services.sandbox.sandbox import Sandbox
from tests.histories.oracle.center import CenterRules
from tests.histories.oracle.days import DAY
from tests.histories.oracle.deadlines import Deadline
from tests.histories.oracle.history import History
from tests.histories.remembered import accounts, differences, expected
from tests.histories.staff import Staff, newest_parts
from tests.histories.three_centers import CENTERS
from tests.histories.workload import Act, ActiveTicket, a_ticket

_SHANGHAI = timezone(timedelta(hours=8))
_OPEN = ("07:50", "09:00", "11:40", "16:20", "17:00", "19:40")
_CLOSED = ("10:10", "20:00")
"""When the clock is stepped, on days on which some center is open and on others. 17:00 is a closing time itself."""
_CALLERS = 4


def steps(houses: list[CenterRules], first: date, last: date) -> Iterator[datetime]:
    """The instants to which the clock is stepped."""
    day = first
    while day <= last:
        for at in _OPEN if any(house.days.is_open(day) for house in houses) else _CLOSED:
            yield datetime.combine(day, time.fromisoformat(at), _SHANGHAI)
        day += DAY


class RunOfDays:
    """``a_day`` tickets come to each center on each working day from ``first`` to ``last``, fewer on others."""

    def __init__(self, seed: int, first: date, last: date, a_day: int) -> None:
        self._random, self._first, self._last, self._a_day = Random(seed), first, last, a_day
        self._houses = [CenterRules(center) for center in CENTERS]
        self._tickets: list[ActiveTicket] = []
        self._staffs = local()
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        self._marks: Counter[str] = Counter()
        self._taken_back = 0

    def run(self, told: Callable[[datetime], None]) -> None:
        """Let the days pass; ``told`` is called after each step. What disagreed is in ``wrong``."""
        instants = list(steps(self._houses, self._first, self._last))
        first, *others = (Center.load(center) for center in CENTERS)
        with Sandbox(first, instants[0], *others) as self._sandbox, ThreadPoolExecutor(_CALLERS) as self._callers:
            for nth, now in enumerate(instants):
                self._step(now)
                if nth % 50 == 49:
                    self._leave(lambda active: active.is_left and not any(each.ahead for each in _going(active)))
                told(now)
            self._leave(lambda active: True)
            self._compare_totals()

    def _step(self, now: datetime) -> None:
        self._sandbox.step(now)
        self._sandbox.settle()
        for active in self._tickets:
            active.ticket.advance(now)
        self._act(now)
        for house in self._houses:
            self._register(house, now)
        self._sandbox.settle()
        for active in self._tickets:
            active.ticket.advance(now)

    def _staff(self, center: str) -> Staff:
        staffs: dict[str, Staff] = self._staffs.__dict__.setdefault("of", {})
        if center not in staffs:
            staffs[center] = Staff(self._sandbox, center)
        return staffs[center]

    def _register(self, house: CenterRules, now: datetime) -> None:
        is_open = house.days.is_open(house.days.day_of(now))
        wanted = self._a_day / len(_OPEN) if is_open else self._a_day / 10
        tickets = [a_ticket(self._random) for _ in range(int(wanted + self._random.random()))]
        if not tickets:
            return
        numbered = [(*each, self.counts["tickets"] + nth) for nth, each in enumerate(tickets)]
        for ticket_id, (matter, cause, _) in zip(self._staff(house.code).register(*numbered), numbered, strict=True):
            self._tickets.append(ActiveTicket(self._random, ticket_id, History(house, matter, cause, "clerk", now)))
        self.counts["tickets"] += len(tickets)

    def _act(self, now: datetime) -> None:
        acting = [(active, acts) for active in self._tickets if (acts := active.next_acts())]
        parts = newest_parts(self._sandbox.database_url, [active.id for active, _acts in acting]) if acting else {}
        for wrong, statuses in self._callers.map(lambda each: self._act_on(each[0], each[1], parts, now), acting):
            self.wrong += wrong
            self.counts.update(statuses)

    def _act_on(
        self, active: ActiveTicket, acts: list[Act], parts: dict[tuple[str, str], str], now: datetime
    ) -> tuple[list[str], list[str]]:
        wrong, statuses = [], []
        for act, given in acts:
            part = parts.get((active.id, given.get("department", "")), str(uuid4()))
            status = self._staff(active.ticket.house.code).do(active.id, act, part=part, **given)
            if act == "give_back":  # others may have got another part by it
                parts = newest_parts(self._sandbox.database_url, [active.id])
            ought = active.ticket.do(act, now, **given)
            statuses.append("acts done" if status == 200 else f"acts refused with {status}")
            if status != ought:
                wrong.append(f"{now:%Y-%m-%d %H:%M} {active.id}: {act} {given}: {status} instead of {ought}")
        return wrong, statuses

    def _leave(self, condition: Callable[[ActiveTicket], bool]) -> None:
        left = [active for active in self._tickets if condition(active)]
        self._tickets = [active for active in self._tickets if not condition(active)]
        with closing(psycopg2.connect(self._sandbox.database_url)) as connection, connection.cursor() as cursor:
            found = accounts(cursor, [active.id for active in left])
        for active in left:
            for line in differences(expected(active.ticket), found[active.id]):
                self.wrong.append(f"{active.ticket.house.code} {active.id}: {line}")
            self._count(active.ticket)

    def _count(self, ticket: History) -> None:
        self.counts["tickets compared"] += 1
        for deadline in ticket.deadlines:
            self.counts["deadlines"] += 1
            self.counts[f"deadlines {deadline.state}"] += 1
            self.counts["revisions"] += len(deadline.revisions)
            self.counts["rungs climbed"] += len(deadline.reached)
            self._marks.update(each.mark for each in (*deadline.reached, *deadline.taken_back))
            self._taken_back += len(deadline.taken_back)

    def _compare_totals(self) -> None:
        """Each mark was announced once: neither database nor ladder would show a second time. So was each void one."""
        published = self._sandbox.published()
        if published["mark.voided.v1"] != self._taken_back:
            self.wrong.append(f"{published['mark.voided.v1']} marks were taken back instead of {self._taken_back}")
        for mark in ("approaching", "breached", "overdue"):
            if published[f"deadline.{mark}.v1"] != self._marks[mark]:
                line = f"{published[f'deadline.{mark}.v1']} marks {mark} were announced instead of {self._marks[mark]}"
                self.wrong.append(line)


def _going(active: ActiveTicket) -> list[Deadline]:
    return [deadline for deadline in active.ticket.deadlines if not deadline.ended]
