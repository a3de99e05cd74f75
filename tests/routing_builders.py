"""Small valid things of routing to test with; each argument replaces one field of them."""

from typing import Any
from uuid import UUID, uuid4

from schemas.center.center import Center, Department, ExtensionRule, RoutingRule, Staff
from schemas.duty import RosterChangeKind, RosterChangeState
from schemas.enums import AssignmentState, Complexity, DeadlineKind, DeadlineState, DepartmentRole, TicketState
from schemas.events.deadlines import DeadlineApproaching, DeadlineBreached, DeadlineOverdue, MarkReached
from services.calendar.calendar import work_calendar
from services.routing.rules.deadlines import ensure_may_extend
from services.routing.rules.ladder import KnownDeadline, TicketFacts
from services.routing.rules.roster_changes import RosterChange
from services.routing.rules.ticket import Assignment, Promise, Ticket
from tests.builders import a_calendar, a_center
from tests.builders import at as at

TICKET = UUID("00000000-0000-7000-8000-000000000001")
GUS, PENGS = at("2025-01-16T09:00"), at("2025-01-21T09:00")
"""The sittings of Gu and of Peng that are next on Friday 10 January 2025."""


def a_city_center(**changes: Any) -> Center:
    """Tax (a head), Housing (none), Police (a head); rules for each, for all three together, and for a matter."""
    center = a_center()
    police = Department(name="Police", liaisons=("police-clerk", "police-deputy"), head="police-head")
    rules = (
        RoutingRule(id="relocation", matters=("company-relocation",), lead="SWJ", assisting=("ZJJ",)),
        RoutingRule(id="inherited-home", all_of=("继承", "房产"), lead="ZJJ", assisting=("SWJ", "GAJ")),
        RoutingRule(id="tax", any_of=("税务", "发票", "APP"), lead="SWJ"),
        RoutingRule(id="certificates", any_of=("未办证",), lead="ZJJ", assisting=("SWJ",)),
        RoutingRule(id="water", any_of=("水费",), lead="ZJJ", assisting=("SWJ",), complexity=Complexity.ORDINARY),
        RoutingRule(id="papers", any_of=("发票", "户口"), lead="GAJ"),
    )
    fields: dict[str, Any] = {
        "departments": center.departments | {"GAJ": police},
        "staff": center.staff
        | {code: Staff(name=code, title="police") for code in ("police-clerk", "police-deputy", "police-head")},
        "rules": rules,
    }
    return a_center(**(fields | changes))


def a_ticket(**changes: Any) -> Ticket:
    """An ordinary ticket about an invoice, with the tax office."""
    ticket = Ticket(
        id=TICKET,
        center="BC",
        number="BC-20250124-0001",
        title="发票开不出来",
        text="跑了三次，窗口都说系统问题。",
        matter=None,
        cause=None,
        first_responsible="he-jing",
        state=TicketState.ASSIGNED,
        complexity=Complexity.ORDINARY,
        lead="SWJ",
    )
    return ticket._replace(**changes)


def an_assignment(**changes: Any) -> Assignment:
    """The tax office's lead of the ticket, signed for, made on Friday 24 January 2025 at ten."""
    assignment = Assignment(
        id=uuid4(),
        ticket_id=TICKET,
        round=1,
        department="SWJ",
        role=DepartmentRole.LEAD,
        state=AssignmentState.ACCEPTED,
        final=False,
        made_at=at("2025-01-24T10:00"),
    )
    return assignment._replace(**changes)


_LEVELS: dict[int, tuple[type[MarkReached], int]] = {
    1: (DeadlineApproaching, 1),
    2: (DeadlineBreached, 0),
    3: (DeadlineOverdue, 1),
    4: (DeadlineOverdue, 5),
}


def a_mark(level: int = 2, **changes: Any) -> MarkReached:
    """A rung of the promise's ladder is reached; the breach of a promised answer unless told otherwise."""
    event, working_days = _LEVELS[level]
    fields: dict[str, Any] = {
        "center": "BC",
        "ticket_id": TICKET,
        "deadline_id": uuid4(),
        "kind": DeadlineKind.ANSWER,
        "round": 1,
        "level": level,
        "working_days": working_days,
        "mark_at": at("2025-01-27T17:00"),
        "due_at": at("2025-01-27T17:00"),
        "revision": 1,
        "revised_at": at("2025-01-24T10:00"),
        "sequence": level + 1,
        "state": DeadlineState.RUNNING if event is DeadlineApproaching else DeadlineState.BREACHED,
        "department": "SWJ",
    }
    return event(**(fields | changes))


def some_facts(**changes: Any) -> TicketFacts:
    """He Jing was asked first, the tax office has the ticket, nothing is done yet."""
    facts = TicketFacts("he-jing", TicketState.ASSIGNED, 1, None, None, ("SWJ",))
    return facts._replace(**changes)


def a_deadline(**changes: Any) -> KnownDeadline:
    """A deadline in its first revision that has just been broken."""
    return KnownDeadline(1, DeadlineState.BREACHED, at("2025-01-27T17:00"))._replace(**changes)


def a_swap(**changes: Any) -> RosterChange:
    """Gu's sitting of Thursday 16 January for Peng's of Tuesday 21."""
    swap = RosterChange(
        id=uuid4(),
        kind=RosterChangeKind.SWAP,
        state=RosterChangeState.IN_FORCE,
        leader="gu",
        other="peng",
        opens_at=GUS,
        other_opens_at=PENGS,
        first=GUS.date(),
        last=PENGS.date(),
        asked_by="gu",
    )
    return swap._replace(**changes)


def a_leave(**changes: Any) -> RosterChange:
    """Gu's leave on Thursday 16 January."""
    leave = {"kind": RosterChangeKind.LEAVE, "other": None, "opens_at": None, "other_opens_at": None}
    return a_swap(**leave | {"first": GUS.date(), "last": GUS.date()} | changes)


def a_promise(**changes: Any) -> Promise:
    """An answer, due on Monday 27 January 2025 at close of business."""
    return Promise(DeadlineKind.ANSWER, DeadlineState.RUNNING, at("2025-01-27T17:00"))._replace(**changes)


def extends(
    when: str,
    promise: Promise | None = None,
    *,
    working_days: int = 5,
    granted: int = 0,
    requested: str | None = None,
) -> None:
    """Grant more time at ``when`` as routing would; raises why not."""
    ensure_may_extend(
        ExtensionRule(),
        work_calendar(a_calendar()),
        promise or a_promise(),
        working_days=working_days,
        granted=granted,
        requested_at=at(requested or when),
        now=at(when),
    )
