"""A week of tickets that came in on a Monday and are due on Wednesday at the close of business."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from schemas.enums import Role
from tests.bench.tickets import ticket
from tests.faults.house import House
from tests.stack.at_once import at_once
from tests.stack.eventually import eventually
from tests.stack.services import ServiceProcess

MONDAYS = {
    "watch away": datetime.fromisoformat("2025-03-03T10:00:00+08:00"),
    "links cut": datetime.fromisoformat("2025-03-10T10:00:00+08:00"),
    "busy": datetime.fromisoformat("2025-03-17T10:00:00+08:00"),
}
CLOSE = timedelta(days=2, hours=7)
"""From Monday 10:00 to Wednesday 17:00."""


class Week:
    """Tickets that came in on a Monday and are due on Wednesday at 17:00; an equal number is left alone."""

    def __init__(self, house: House, name: str, first: int, *, done: int) -> None:
        self.house, self.monday = house, MONDAYS[name]
        self._clerk, self._leader = house.token(Role.CLERK), house.token(Role.DUTY_LEADER, "gu-yan")
        self.at(timedelta())
        ids = self.register(first, 2 * done)
        assert eventually(lambda: self._are_assigned(ids), seconds=30)
        at_once(*(lambda part=part: self._accept(part) for part in self._parts(ids)))
        self.to_be_done, self.left_alone = ids[:done], ids[done:]
        assert house.comes_to_rest(30)

    def at(self, since: timedelta) -> None:
        """Set the clock to so long after Monday 10:00."""
        self.house.rows(
            "UPDATE bancheng.clock SET house_time = %(at)s, real_time = clock_timestamp()", at=self.monday + since
        )

    def register(self, first: int, count: int) -> list[str]:
        """Register ordinary tickets, which one rule routes; their ids."""
        bodies = [ticket(8 * (first + nth)) for nth in range(count)]
        found: list[str] = []
        for start in range(0, count, 200):
            reply = self._post("intake", "/tickets:batch", self._clerk, {"tickets": bodies[start : start + 200]})
            found += [result["id"] for result in reply["results"]]
        return found

    def answer(self, id_: str) -> None:
        self._post("routing", f"/tickets/{id_}/answer", self._leader, {"answer": "事情已经办妥，请查收。"})

    def pause(self, id_: str) -> None:
        self._post("intake", f"/tickets/{id_}/materials", self._leader, {"items": ["收入证明"]})

    def extend(self, id_: str) -> None:
        body = {"working_days": 2, "reason": "需要现场测绘", "legal_basis": "服务规范第十二条"}
        self._post("routing", f"/tickets/{id_}/extension", self._leader, body)

    def _accept(self, part: Any) -> None:
        self._post("routing", f"/assignments/{part.id}/accept", self.house.liaison(part.department), {})

    def _post(self, service: str, path: str, token: str, body: dict[str, Any]) -> Any:
        process: ServiceProcess = self.house.supervisor.of(service)[0].process
        reply = process.ask("POST", path, json=body, headers={"Authorization": f"Bearer {token}"})
        assert reply.status_code in (200, 201, 207), reply.text
        return reply.json()

    def _are_assigned(self, ids: Sequence[str]) -> bool:
        return len(self._parts(ids)) == len(ids)

    def _parts(self, ids: Sequence[str]) -> list[Any]:
        return self.house.rows(
            "SELECT id, department FROM routing.assignments WHERE ticket_id = ANY(%(ids)s::uuid[]) AND role = 'lead'",
            ids=list(ids),
        )

    def were_in_time(self) -> set[str]:
        """Those that were answered or paused, or were given more time, before 17:00."""
        rows = self.house.rows(
            "SELECT id::text FROM routing.tickets WHERE id = ANY(%(ids)s::uuid[]) AND (answered_at <= %(close)s"
            " OR materials_at <= %(close)s OR extended_at <= %(close)s)",
            ids=self.to_be_done,
            close=self.monday + CLOSE,
        )
        return {row.id for row in rows}

    def announced_as_broken(self) -> int:
        """How many of those that are left alone the watch has announced as broken."""
        (row,) = self.house.rows(
            "SELECT count(*) FROM deadline_watch.deadlines WHERE ticket_id = ANY(%(ids)s::uuid[]) AND kind = 'answer'"
            " AND state = 'breached'",
            ids=self.left_alone,
        )
        return int(row.count)

    def all_breaches_are_stored(self) -> bool:
        (row,) = self.house.rows(
            "SELECT count(*) FROM routing.escalations WHERE ticket_id = ANY(%(ids)s::uuid[]) AND kind = 'answer'"
            " AND level = 2",
            ids=self.left_alone,
        )
        return bool(row.count == len(self.left_alone))
