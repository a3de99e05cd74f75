"""Everybody of one center at work over HTTP, by the names of the oracle's acts; what was replied is a status."""

from contextlib import closing, suppress
from functools import cached_property
from typing import Any
from uuid import uuid4

import psycopg2
import requests

from schemas.enums import Role
from services.sandbox.client import CallRefused, Client
from services.sandbox.sandbox import Sandbox

_GIVE_BACK = {"reason": "not_our_duty", "explanation": "这件事不属于我局职责"}
_EXTENSION = {"reason": "需要现场核对", "legal_basis": "服务规范第十二条"}
_BODIES: dict[str, dict[str, Any]] = {
    "accept": {},
    "complete": {"result": "已向牵头部门反馈"},
    "give_back": _GIVE_BACK,
    "report": {"report": "关于这件事的专题报告:各部门已会商,意见一致,按时办结。"},
    "answer": {"answer": "已经为您办好了。"},
    "close": {"outcome": "resolved"},
    "arbitrate": {"why": "由该部门牵头办理"},
    "reclassify": {"complexity": "complex", "why": "涉及历史遗留问题"},
    "extension": _EXTENSION,
    "decline": {"reason": "in_court", "remedy": "请向受理法院了解案件进展。"},
    "withdraw": {},
    "materials": {"items": ["收入证明"]},
    "materials/supply": {},
}
_AT_ASSIGNMENT = {"accept": "accept", "complete": "complete", "give_back": "return"}
_AT_INTAKE = ("decline", "withdraw", "materials", "materials/supply", "rating")


class _Patient(Client):
    """Asks again when the connection breaks, with a key by which the house knows that it is the same request."""

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Idempotency-Key": str(uuid4())}
        for _ in range(3):
            with suppress(requests.ConnectionError):
                return self._checked(
                    self._session.post(self._base + path, json=body or {}, headers=headers, timeout=60)
                )
        raise requests.ConnectionError(path)


class Staff:
    """One caller's connections: a thread has a desk of its own."""

    def __init__(self, sandbox: Sandbox, center: str) -> None:
        self._sandbox, self._center = sandbox, center
        self._liaisons: dict[str, Client] = {}

    @cached_property
    def _intake(self) -> Client:
        return self._client("intake", self._sandbox.token("clerk", Role.CLERK, center=self._center))

    @cached_property
    def _leader_at_intake(self) -> Client:
        return self._client("intake", self._sandbox.token("liang", Role.DUTY_LEADER, center=self._center))

    @cached_property
    def _leader(self) -> Client:
        return self._client("routing", self._sandbox.token("liang", Role.DUTY_LEADER, center=self._center))

    def _client(self, service: str, token: str) -> Client:
        return _Patient(f"http://{self._sandbox.addresses[service]}", token)

    def _liaison(self, department: str) -> Client:
        if department not in self._liaisons:
            token = self._sandbox.token(f"{department}-1", Role.LIAISON, department=department, center=self._center)
            self._liaisons[department] = self._client("routing", token)
        return self._liaisons[department]

    def register(self, *tickets: tuple[str, str | None, int]) -> list[str]:
        """Register tickets of these matters and causes, each with a number of its own; their ids."""
        items = [
            {
                "title": f"办不成的事 {nth}",
                "text": f"第 {nth} 件事,跑了三次没有办成。",
                "matter": matter,
                "cause": cause,
                "channel": "window",
                "applicant": {"kind": "person", "name": "周小满", "phone": f"139{nth:08d}"},
            }
            for matter, cause, nth in tickets
        ]
        return [result["id"] for result in self._intake.post("/tickets:batch", {"tickets": items})["results"]]

    def do(self, ticket_id: str, act: str, *, part: str | None = None, **given: Any) -> int:
        """Do it; the status of the reply. ``part`` is the id of the department's part."""
        department = given.pop("department", "")
        if act in _AT_ASSIGNMENT:
            return _status(self._liaison(department), f"/assignments/{part}/{_AT_ASSIGNMENT[act]}", _BODIES[act])
        if act == "rate":
            act, given = "rating", {"rating": "satisfied" if given["good"] else "very_dissatisfied"}
        act = "materials/supply" if act == "supply" else act
        client = self._intake if act in _AT_INTAKE else self._leader
        client = self._leader_at_intake if act == "materials" else client  # a clerk may ask but once a round
        return _status(client, f"/tickets/{ticket_id}/{act}", _BODIES.get(act, {}) | given)


def _status(client: Client, path: str, body: dict[str, Any]) -> int:
    try:
        client.post(path, body)
    except CallRefused as refused:
        return refused.status
    return 200


def newest_parts(database_url: str, ticket_ids: list[str]) -> dict[tuple[str, str], str]:
    """The ids of the parts that departments were given last: (ticket, department) -> part."""
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticket_id::text, department, id::text FROM routing.assignments"
            " WHERE ticket_id = ANY(%s::uuid[]) ORDER BY id",
            (ticket_ids,),
        )
        return {(ticket_id, department): part for ticket_id, department, part in cursor.fetchall()}
