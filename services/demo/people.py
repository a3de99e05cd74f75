"""What the people of the story do, each over HTTP with a token of their own."""

from datetime import datetime
from typing import Any, NamedTuple

from schemas.center.access import departments_of, headed_by, holders_of, roles_of
from schemas.enums import Complexity, Role
from services.calendar.calendar import work_calendar
from services.demo import operators
from services.demo.acts import LeaderMoment, OperatorMoment
from services.demo.leaders import perform
from services.demo.photo import photo_of_a_paper
from services.demo.story import Moment, Story, StoryTicket
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

    def __init__(self, sandbox: Sandbox, story: Story) -> None:
        self._sandbox, self._story = sandbox, story
        self._calendar = work_calendar(sandbox.center.calendar)
        self._clients: dict[tuple[str, str, frozenset[Role]], Client] = {}
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
            case "reveal_applicant":
                self.clerk(ticket, "intake").post(f"{path}/applicant", {"reason": moment.reveal_applicant})
            case "find_by_phone":
                body = {"phone": ticket.applicant.phone, "reason": moment.find_by_phone}
                self.clerk(ticket, "intake").post("/tickets:by-phone", body)
            case "send_file" if moment.send_file:  # by the citizen as well
                self._sandbox.client("intake").send_file(
                    f"/tickets/{self.receipts[ticket.key].number}/attachments?item={moment.send_file.item}",
                    photo_of_a_paper(),
                    {"Content-Type": "image/png", "Query-Code": self.receipts[ticket.key].query_code},
                )
            case "withdraw":  # by the citizen, who has number and code and no token
                number, code = self.receipts[ticket.key].number, self.receipts[ticket.key].query_code
                self._sandbox.client("intake").post(f"/tickets/{number}/withdraw", {"code": code})
            case "rate" if moment.rate:  # the clerk calls back and writes it down
                self.clerk(ticket, "intake").post(f"{path}/rating", moment.rate.dump())
            case "close":
                self.clerk(ticket, "routing").post(f"{path}/close", {"outcome": moment.close})
            case _:
                self._act_together(act, at, ticket, moment)

    def _act_together(self, act: str, at: datetime, ticket: StoryTicket, moment: Moment) -> None:
        """What goes to and fro between departments and leaders. Raises CallRefused."""
        path = f"/tickets/{self.receipts[ticket.key].ticket_id}"
        match act:
            case "hand_over" if moment.hand_over:
                body = moment.hand_over.dump()
                department = body.pop("department")
                assignment = self._assignment(ticket, department)
                self._liaison(department).post(f"/assignments/{assignment}/hand-over", body)
            case "report_progress":
                for department, progress in (moment.report_progress or {}).items():
                    assignment = self._assignment(ticket, department)
                    self._liaison(department).post(f"/assignments/{assignment}/progress", {"progress": progress})
            case "request_extension" if moment.request_extension:
                lead = self._liaison(self._ticket(ticket)["lead"])
                lead.post(f"{path}/extension", moment.request_extension.dump())
            case "grant_extension":
                self._duty_leader(at).post(f"/extensions/{self._newest(ticket, 'extensions')}/grant")
            case "refuse_extension":
                extension = self._newest(ticket, "extensions")
                self._duty_leader(at).post(f"/extensions/{extension}/refuse", {"why": moment.refuse_extension})
            case "call_meeting" if moment.call_meeting:
                meets_at = self._story.instant(moment.call_meeting.meets_at, self._calendar.zone).isoformat()
                self._duty_leader(at).post(f"{path}/meetings", moment.call_meeting.dump() | {"meets_at": meets_at})
            case "hold_meeting":
                meeting = self._newest(ticket, "meetings")
                self._duty_leader(at).post(f"/meetings/{meeting}/hold", {"outcome": moment.hold_meeting})
            case "sign_report":
                for department in moment.sign_report:
                    self._liaison(department).post(f"{path}/report/sign")
            case "acknowledge_escalation":
                for staff in moment.acknowledge_escalation:
                    self._acknowledge(ticket, staff)
            case _:
                raise StoryWentWrong(f"{ticket.key}: nobody knows how to {act}")

    def _acknowledge(self, ticket: StoryTicket, staff: str) -> None:
        """All that somebody was told of the ticket, and has not acknowledged yet."""
        for each in self._ticket(ticket)["escalations"]:
            if staff in each["to"] and staff not in {known["staff"] for known in each["acknowledgements"]}:
                self._member(staff).post(f"/escalations/{each['id']}/acknowledge")

    def lead(self, moment: LeaderMoment) -> None:
        """What a leader does about a sitting or the roster. Raises CallRefused."""
        perform(moment, self._member(moment.leader), self._story, self._calendar.zone)

    def operate(self, moment: OperatorMoment) -> None:
        """What an operator does about the center file. Raises CallRefused."""
        operators.publish(moment, self._member(moment.operator))

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
        return self._newest(ticket, "assignments", department=department)

    def _newest(self, ticket: StoryTicket, kind: str, **fields: str) -> str:
        """The id of the newest of its ``kind`` in the ticket that has these ``fields``."""
        ids = [each["id"] for each in self._ticket(ticket)[kind] if fields.items() <= each.items()]
        if not ids:
            raise StoryWentWrong(f"{ticket.key}: it has no {kind} with {fields or 'anything'}")
        newest: str = max(ids)
        return newest

    def _ticket(self, ticket: StoryTicket) -> Any:
        return self.clerk(ticket, "routing").get(f"/tickets/{self.receipts[ticket.key].ticket_id}")

    def _member(self, staff: str) -> Client:
        """Anybody of the center at routing, with all the roles that they have."""
        center = self._sandbox.center
        departments = (*departments_of(center, staff), *headed_by(center, staff), None)
        return self._acting_as(staff, roles_of(center, staff), "routing", departments[0])

    def _acting_as(
        self, staff: str, roles: Role | frozenset[Role], service: str, department: str | None = None
    ) -> Client:
        """The connection of somebody to a service, the same one each time."""
        held = frozenset({roles}) if isinstance(roles, Role) else roles
        if (staff, service, held) not in self._clients:
            token = self._sandbox.token(staff, *sorted(held), department=department)
            self._clients[staff, service, held] = self._sandbox.client(service, token)
        return self._clients[staff, service, held]
