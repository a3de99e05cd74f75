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
    """The services did not do what the story expects; the message says what, and when."""


class Receipt(NamedTuple):
    """What intake gave for a ticket when it came in."""

    ticket_id: str
    number: str
    query_code: str
    repeat_of: str | None


class People:
    """Everybody who acts in the story. ``receipts`` are by the keys of the tickets."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._calendar = work_calendar(sandbox.center.calendar)
        self._clients: dict[tuple[str, str, Role], Client] = {}
        self.receipts: dict[str, Receipt] = {}

    def act(self, act: str, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """Do one of ``moment.acts``, as whoever has to do it. Raises CallRefused."""
        path, assignments = f"/tickets/{self.receipts[ticket.key].ticket_id}", "/assignments"
        match act:
            case "accept":
                for department in moment.accept:
                    assignment = self._assignment(ticket, department)
                    self._liaison(department).post(f"{assignments}/{assignment}/accept")
            case "send_back" if moment.send_back:
                body = moment.send_back.dump()
                department = body.pop("department")
                assignment = self._assignment(ticket, department)
                self._liaison(department).post(f"{assignments}/{assignment}/return", body)
            case "complete":
                for department, result in (moment.complete or {}).items():
                    assignment = self._assignment(ticket, department)
                    self._liaison(department).post(f"{assignments}/{assignment}/complete", {"result": result})
            case "report" | "answer":
                lead = self._liaison(self._ticket(ticket)["lead"])
                lead.post(f"{path}/{act}", {act: getattr(moment, act).strip()})
            case "arbitrate" if moment.arbitrate:
                self._duty_leader(at).post(f"{path}/arbitrate", moment.arbitrate.dump())
            case "reclassify":
                body = {"complexity": Complexity.COMPLEX, "why": moment.reclassify}
                self._duty_leader(at).post(f"{path}/reclassify", body)
            case "extend" if moment.extend:
                self._duty_leader(at).post(f"{path}/extension", moment.extend.dump())
            case "request_materials" if moment.request_materials:
                self.clerk(ticket, "intake").post(f"{path}/materials", moment.request_materials.dump())
            case "supply_materials":
                self.clerk(ticket, "intake").post(f"{path}/materials/supply")
            case "decline" if moment.decline:
                self.clerk(ticket, "intake").post(f"{path}/decline", moment.decline.dump())
            case "withdraw":  # by the citizen, who has number and code and no token
                number, code = self.receipts[ticket.key].number, self.receipts[ticket.key].query_code
                self._sandbox.client("intake").post(f"/tickets/{number}/withdraw", {"code": code})
            case "rate" if moment.rate:  # the clerk calls back and writes it down
                self.clerk(ticket, "intake").post(f"{path}/rating", moment.rate.dump())
            case "close":
                self.clerk(ticket, "routing").post(f"{path}/close", {"outcome": moment.close})
            case _:
                raise StoryWentWrong(f"{ticket.key}: nobody knows how to {act}")

    def clerk(self, ticket: StoryTicket, service: str) -> Client:
        """Who took the ticket in, and follows it to its end (首问负责)."""
        return self._acting_as(ticket.clerk, Role.CLERK, service)

    def feeding_system(self) -> Client:
        """The first system that the center file lets feed tickets in. Raises StoryWentWrong."""
        feeding = holders_of(self._sandbox.center, Role.CHANNEL)
        if not feeding:
            raise StoryWentWrong("the story feeds tickets in, and the center file names no channel")
        return self._acting_as(feeding[0], Role.CHANNEL, "intake")

    def _duty_leader(self, at: datetime) -> Client:
        shift = on_duty(self._sandbox.center.roster, self._calendar, at)
        return self._acting_as(shift.leader, Role.DUTY_LEADER, "routing")

    def _liaison(self, department: str) -> Client:
        staff = self._sandbox.center.departments[department].liaisons[0]
        return self._acting_as(staff, Role.LIAISON, "routing", department)

    def _assignment(self, ticket: StoryTicket, department: str) -> str:
        """The id of the department's newest assignment in the ticket."""
        ids = [each["id"] for each in self._ticket(ticket)["assignments"] if each["department"] == department]
        if not ids:
            raise StoryWentWrong(f"{ticket.key}: {department} has no part in it")
        newest: str = max(ids)
        return newest

    def _ticket(self, ticket: StoryTicket) -> Any:
        return self.clerk(ticket, "routing").get(f"/tickets/{self.receipts[ticket.key].ticket_id}")

    def _acting_as(self, staff: str, role: Role, service: str, department: str | None = None) -> Client:
        """The connection of somebody to a service, the same one each time."""
        if (staff, service, role) not in self._clients:
            token = self._sandbox.token(staff, role, department=department)
            self._clients[staff, service, role] = self._sandbox.client(service, token)
        return self._clients[staff, service, role]
