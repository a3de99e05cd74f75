"""The routing service at work, and the people who use it: what they ask, what the other services tell it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from schemas.enums import DeadlineKind, DeadlineState, Mark, Role
from schemas.events.deadlines import DeadlineBreached, DeadlineSet, MarkReached, MarkVoided
from schemas.events.event import Event
from schemas.events.tickets import TicketRegistered
from services.plumbing.database.transaction import new_id
from tests.deadline_builders import registered
from tests.routing_builders import a_mark, at
from tests.stack import desk
from tests.stack.access import bearer
from tests.stack.desk import Header as Header

TAX = bearer("tax-clerk", Role.LIAISON, department="SWJ")
HOUSING = bearer("home-clerk", Role.LIAISON, department="ZJJ")
POLICE = bearer("police-clerk", Role.LIAISON, department="GAJ")
CLERK = bearer("he-jing", Role.CLERK)
LEADER = bearer("gu", Role.DUTY_LEADER)
DIRECTOR = bearer("director", Role.DIRECTOR)
STRANGER = bearer("tax-clerk", Role.LIAISON, department="SWJ", center="ELSEWHERE")

RECEIVED = at("2025-01-24T10:00")
DUE = at("2025-01-27T17:00")
WHY = "因为所以，不归我们管。"

THREE_DEPARTMENTS = "老房产的继承手续"
NO_RULE = "路灯不亮"


class Desk(desk.Desk):
    """What the tests do to one routing service."""

    def does(self, who: Header, path: str, /, **body: Any) -> dict[str, Any]:
        """What ``who`` is answered, who may do it."""
        replied: dict[str, Any] = self.good(200, "POST", path, who, body)
        return replied

    def refuses(self, who: Header, path: str, status: int = 409, /, **body: Any) -> str:
        """Why ``who`` may not."""
        return str(self.problem(status, "POST", path, who, body))

    def hears(self, *events: Event, source: str = "intake", until: Callable[[], object] = lambda: True) -> None:
        """Another service says something; ``until`` it has taken effect."""
        self.hears_until(until, *events, source=source)

    def registered(self, title: str = "发票开不出来", **changes: Any) -> UUID:
        """A new ticket that routing has heard of."""
        ticket_id = new_id()
        self.hears(a_registration(ticket_id, title=title, **changes), until=lambda: self.knows(ticket_id))
        return ticket_id

    def knows(self, ticket_id: UUID) -> bool:
        """Whether routing has heard of the ticket."""
        return bool(self.house.rows("SELECT id FROM tickets WHERE id = %(id)s", id=str(ticket_id)))

    def ticket(self, ticket_id: UUID, who: Header = CLERK) -> dict[str, Any]:
        """The ticket with everything."""
        shown: dict[str, Any] = self.good(200, "GET", f"/tickets/{ticket_id}", who)
        return shown

    def part(self, ticket_id: UUID, department: str) -> str:
        """The path of a department's newest assignment."""
        parts = [each for each in self.ticket(ticket_id)["assignments"] if each["department"] == department]
        return f"/assignments/{parts[-1]['id']}"

    def parts(self, ticket_id: UUID) -> dict[str, str]:
        """The state of each department's newest assignment."""
        return {each["department"]: each["state"] for each in self.ticket(ticket_id)["assignments"]}

    def signs(self, ticket_id: UUID, department: str, who: Header) -> str:
        """The department signs for its part; its path."""
        path = self.part(ticket_id, department)
        self.does(who, f"{path}/accept")
        return path

    def answered(self, **registration: Any) -> UUID:
        """An ordinary ticket that the tax office has answered."""
        ticket_id = self.registered(**registration)
        self.signs(ticket_id, "SWJ", TAX)
        self.does(TAX, f"/tickets/{ticket_id}/answer", answer="已为您开好发票。")
        return ticket_id

    def agreed(self) -> UUID:
        """A complex ticket that all three departments have signed for."""
        ticket_id = self.registered(THREE_DEPARTMENTS)
        for department, who in (("ZJJ", HOUSING), ("SWJ", TAX), ("GAJ", POLICE)):
            self.signs(ticket_id, department, who)
        return ticket_id

    def deadline_set(self, ticket_id: UUID, due_at: datetime = DUE, **changes: Any) -> UUID:
        """The promise's deadline runs, and routing knows; the deadline's id."""
        event = a_deadline_set(ticket_id, due_at, **changes)
        self.hears(event, source="deadline_watch", until=lambda: self.deadline(event.deadline_id))
        return event.deadline_id

    def deadline(self, deadline_id: UUID) -> Any:
        """What routing has heard of a deadline, None if nothing."""
        found = self.house.rows("SELECT * FROM deadlines WHERE deadline_id = %(id)s", id=str(deadline_id))
        return found[0] if found else None

    def reaches(self, ticket_id: UUID, level: int, **changes: Any) -> MarkReached:
        """A deadline of the ticket reaches a mark; routing is told, nothing is waited for."""
        mark = a_mark(level, ticket_id=ticket_id, **changes)
        self.house.announce(mark, source="deadline_watch")
        return mark


def a_registration(ticket_id: UUID, **changes: Any) -> TicketRegistered:
    """A ticket as intake announces it."""
    said = {"title": "发票开不出来", "text": "跑了三次，窗口都说系统问题。"}
    said |= {"number": f"BC-20250124-{ticket_id.int % 10000:04}"}
    return registered("2025-01-24 10:00", ticket_id, **said | changes)


def a_deadline_set(ticket_id: UUID, due_at: datetime = DUE, **changes: Any) -> DeadlineSet:
    """A deadline as deadline_watch announces it: the promised answer, due on Monday at five."""
    fields: dict[str, Any] = {
        "center": "BC",
        "ticket_id": ticket_id,
        "deadline_id": uuid4(),
        "kind": DeadlineKind.ANSWER,
        "round": 1,
        "department": "SWJ",
        "started_at": RECEIVED,
        "due_at": due_at,
        "revision": 1,
        "sequence": 1,
        "counted": (),
        "provisional": False,
        "calendar_version": "tests",
        "center_version": 1,
    }
    return DeadlineSet(**(fields | changes))


def a_breach(ticket_id: UUID) -> DeadlineBreached:
    """The promised answer is late."""
    mark = a_mark(2, ticket_id=ticket_id)
    assert isinstance(mark, DeadlineBreached)
    return mark


def about_deadline(ticket_id: UUID, deadline_id: UUID) -> dict[str, Any]:
    """What all news of one deadline have in common."""
    return {"center": "BC", "ticket_id": ticket_id, "deadline_id": deadline_id, "kind": DeadlineKind.ANSWER, "round": 1}


def a_void(mark: MarkReached) -> MarkVoided:
    """The mark had not been reached: the answer was given in time, and heard of late."""
    return MarkVoided(
        **about_deadline(mark.ticket_id, mark.deadline_id),
        mark=Mark.BREACHED,
        level=mark.level,
        mark_at=mark.mark_at,
        revision=mark.revision,
        sequence=mark.sequence + 2,
        state=DeadlineState.MET,
    )
