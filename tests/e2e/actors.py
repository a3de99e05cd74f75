"""The people of a center at work over HTTP: the window, the departments, the duty leader, the citizen, the deadline."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from schemas.enums import Role
from services.sandbox.client import CallRefused, Client
from services.sandbox.sandbox import Sandbox

_phones = count(13900000000)


def at(text: str) -> datetime:
    """``2025-01-24 10:00`` in Shanghai."""
    return datetime.fromisoformat(f"{text.replace(' ', 'T')}+08:00")


@dataclass
class Ticket:
    """What the citizen holds: the ticket's id, number and query code."""

    id: str
    number: str
    code: str


class Actors:
    """Everybody who takes part in a ticket, each with a token of their own."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.clerk = sandbox.client("intake", sandbox.token("liu-yang", Role.CLERK))
        self.window = sandbox.client("routing", sandbox.token("liu-yang", Role.CLERK))
        self.leader = sandbox.client("routing", sandbox.token("gu-yan", Role.DUTY_LEADER))
        self.citizen = sandbox.client("intake")
        self.ops = sandbox.client("deadline_watch", sandbox.token("wei-tao", Role.OPS))

    def liaison(self, department: str) -> Client:
        """The first liaison of a department, at routing."""
        staff = self.sandbox.center.departments[department].liaisons[0]
        return self.sandbox.client("routing", self.sandbox.token(staff, Role.LIAISON, department=department))

    def now(self, text: str) -> None:
        """Let it be this local time, and let everything happen that is due by then."""
        self.sandbox.step(at(text))
        self.sandbox.settle()

    def register(self, title: str, text: str, **more: Any) -> Ticket:
        """A citizen comes to the window; returns when the ticket is routed and its deadline runs."""
        applicant = {"kind": "person", "name": "周小满", "phone": str(next(_phones))}
        receipt = self.clerk.post(
            "/tickets", {"title": title, "text": text, "channel": "window", "applicant": applicant} | more
        )
        self.sandbox.settle()
        return Ticket(receipt["id"], receipt["number"], receipt["query_code"])

    def ticket(self, ticket: Ticket) -> Any:
        """The ticket as routing sees it."""
        return self.window.get(f"/tickets/{ticket.id}")

    def deadlines(self, ticket: Ticket, kind: str) -> list[Any]:
        """The ticket's deadlines of a kind, in the order of their rounds."""
        deadlines = self.ops.get(f"/deadlines/{ticket.id}")["deadlines"]
        return sorted((each for each in deadlines if each["kind"] == kind), key=lambda each: each["round"])

    def assignment(self, ticket: Ticket, department: str) -> Any:
        """The latest assignment of a department."""
        found = [each for each in self.ticket(ticket)["assignments"] if each["department"] == department]
        return found[-1]

    def accept(self, ticket: Ticket, *departments: str) -> None:
        """The departments sign for their assignments."""
        for department in departments:
            self.liaison(department).post(f"/assignments/{self.assignment(ticket, department)['id']}/accept")

    def send_back(self, ticket: Ticket, department: str) -> None:
        """The department returns its assignment."""
        body = {"reason": "not_our_duty", "explanation": "这件事不属于我局职责"}
        self.liaison(department).post(f"/assignments/{self.assignment(ticket, department)['id']}/return", body)
        self.sandbox.settle()

    def escalations(self, ticket: Ticket, kind: str) -> dict[int, list[str]]:
        """Whom the ladder told of a kind of deadline, by level."""
        found = [each for each in self.ticket(ticket)["escalations"] if each["kind"] == kind]
        assert len({each["level"] for each in found}) == len(found), "a level was reached twice"
        return {each["level"]: sorted(each["to"]) for each in found}


def refusal(call: Any, *arguments: Any) -> CallRefused:
    """The refusal that a call meets with."""
    try:
        call(*arguments)
    except CallRefused as refused:
        return refused
    raise AssertionError("the call was not refused")
