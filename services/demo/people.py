"""What the people of the story do, each over HTTP with a token of their own."""

from datetime import datetime
from typing import Any, NamedTuple

from schemas.center.access import holders_of
from schemas.enums import Complexity, Role
from services.calendar.calendar import work_calendar
from services.demo.story import Moment, StoryTicket
from services.routing.rules.roster import on_duty
from services.sandbox.client import Client
from services.sandbox.sandbox import Sandbox


class StoryWentWrong(Exception):
    """The house did not do what the story expects; the message says what, and when."""


class Receipt(NamedTuple):
    """What the house gave for a ticket when it came in."""

    ticket_id: str
    number: str
    query_code: str
    repeat_of: str | None


class People:
    """Everybody who acts in the story. ``receipts`` are by the keys of the tickets.

    A method that is named for an act of a Moment does it.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._calendar = work_calendar(sandbox.center.calendar)
        self._clients: dict[tuple[str, str, Role], Client] = {}
        self.receipts: dict[str, Receipt] = {}

    def accept(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """Each department's liaison signs for its part."""
        for department in moment.accept:
            self._liaison(department).post(f"/assignments/{self._part(ticket, department)}/accept")

    def send_back(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """A department sends its part back."""
        assert moment.send_back
        department, body = moment.send_back.department, moment.send_back.dump()
        del body["department"]
        self._liaison(department).post(f"/assignments/{self._part(ticket, department)}/return", body)

    def complete(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """Assisting departments report to the lead."""
        for department, result in (moment.complete or {}).items():
            part = self._part(ticket, department)
            self._liaison(department).post(f"/assignments/{part}/complete", {"result": result})

    def report(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The lead files the special-topic report."""
        self._lead(ticket).post(self._path(ticket, "report"), {"report": (moment.report or "").strip()})

    def answer(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The lead tells the citizen the solution."""
        self._lead(ticket).post(self._path(ticket, "answer"), {"answer": (moment.answer or "").strip()})

    def arbitrate(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The duty leader says who is responsible."""
        assert moment.arbitrate
        self._leader(at).post(self._path(ticket, "arbitrate"), moment.arbitrate.dump())

    def reclassify(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The duty leader finds that an ordinary ticket is complex."""
        body = {"complexity": Complexity.COMPLEX, "why": moment.reclassify}
        self._leader(at).post(self._path(ticket, "reclassify"), body)

    def extend(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The duty leader grants more time."""
        assert moment.extend
        self._leader(at).post(self._path(ticket, "extension"), moment.extend.dump())

    def request_materials(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The clerk gives the applicant the list of missing papers."""
        assert moment.request_materials
        self.clerk(ticket, "intake").post(self._path(ticket, "materials"), moment.request_materials.dump())

    def supply_materials(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The applicant brings them."""
        self.clerk(ticket, "intake").post(self._path(ticket, "materials/supply"))

    def decline(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The clerk explains why the ticket is not accepted, and what can be done instead."""
        assert moment.decline
        self.clerk(ticket, "intake").post(self._path(ticket, "decline"), moment.decline.dump())

    def withdraw(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The citizen withdraws, with number and code."""
        receipt = self.receipts[ticket.key]
        body = {"code": receipt.query_code}
        self._sandbox.client("intake").post(f"/tickets/{receipt.number}/withdraw", body)

    def rate(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The clerk calls back and writes the rating down."""
        assert moment.rate
        self.clerk(ticket, "intake").post(self._path(ticket, "rating"), moment.rate.dump())

    def close(self, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """The clerk closes the ticket."""
        self.clerk(ticket, "routing").post(self._path(ticket, "close"), {"outcome": moment.close})

    def _path(self, ticket: StoryTicket, act: str) -> str:
        return f"/tickets/{self.receipts[ticket.key].ticket_id}/{act}"

    def clerk(self, ticket: StoryTicket, service: str) -> Client:
        """Who took the ticket in, and follows it to its end (首问负责)."""
        return self.acting_as(ticket.clerk, Role.CLERK, service)

    def feeding_system(self) -> Client:
        """The first system that the center file lets feed tickets in. Raises StoryWentWrong."""
        feeding = holders_of(self._sandbox.center, Role.CHANNEL)
        if not feeding:
            raise StoryWentWrong("the story feeds tickets in, and the center file names no channel")
        return self.acting_as(feeding[0], Role.CHANNEL, "intake")

    def _leader(self, at: datetime) -> Client:
        turn = on_duty(self._sandbox.center.roster, self._calendar, at)
        return self.acting_as(turn.leader, Role.DUTY_LEADER, "routing")

    def _lead(self, ticket: StoryTicket) -> Client:
        return self._liaison(self._seen(ticket)["lead"])

    def _liaison(self, department: str) -> Client:
        staff = self._sandbox.center.departments[department].liaisons[0]
        return self.acting_as(staff, Role.LIAISON, "routing", department)

    def _part(self, ticket: StoryTicket, department: str) -> str:
        """The id of the department's newest part in the ticket."""
        parts = [part["id"] for part in self._seen(ticket)["assignments"] if part["department"] == department]
        if not parts:
            raise StoryWentWrong(f"{ticket.key}: {department} has no part in it")
        newest: str = max(parts)
        return newest

    def _seen(self, ticket: StoryTicket) -> Any:
        return self.clerk(ticket, "routing").get(f"/tickets/{self.receipts[ticket.key].ticket_id}")

    def acting_as(self, staff: str, role: Role, service: str, department: str | None = None) -> Client:
        """The connection of somebody to a service, the same one each time."""
        if (staff, service, role) not in self._clients:
            token = self._sandbox.token(staff, role, department=department)
            self._clients[staff, service, role] = self._sandbox.client(service, token)
        return self._clients[staff, service, role]
