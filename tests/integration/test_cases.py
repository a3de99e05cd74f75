"""A solved ticket becomes what others learn from: a draft of the question base, or a typical case, with consent."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from schemas.enums import ApplicantKind, Channel, Complexity, Outcome, Rating, Role
from schemas.events.cases import CaseConsented, CasePromoted
from schemas.events.forgetting import TicketForgotten
from schemas.events.notices import NoticeRequested
from schemas.events.tickets import (
    TicketAnswered,
    TicketClosed,
    TicketRated,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
)
from services.knowledge.actions import reviewing
from services.plumbing.database.transaction import new_id
from tests.integration.knowledge_house import opened_knowledge
from tests.routing_builders import at
from tests.stack.access import bearer
from tests.stack.desk import Desk
from tests.stack.eventually import eventually

TAX = bearer("tax-clerk", Role.LIAISON, department="SWJ")
HOUSING = bearer("home-clerk", Role.LIAISON, department="ZJJ")
POLICE = bearer("police-clerk", Role.LIAISON, department="GAJ")
CLERK = bearer("he-jing", Role.CLERK)
LEADER = bearer("gu", Role.DUTY_LEADER)
NOW = at("2025-01-24T10:00")


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_knowledge(amqp_uri, database_url) as opened:
        yield opened


def closed(
    desk: Desk, title: str, *assisting: str, answer: str = "已经办好。", outcome: Any = Outcome.RESOLVED
) -> UUID:
    """A ticket that the tax office led, closed."""
    base: dict[str, Any] = {"center": "BC", "ticket_id": (id_ := new_id())}
    registered = TicketRegistered(
        **base,
        number=f"BC-{id_}",
        title=title,
        text="跑了三次窗口。",
        channel=Channel.WINDOW,
        applicant_kind=ApplicantKind.PERSON,
        first_responsible="he-jing",
        registered_by="he-jing",
        registered_at=NOW,
    )
    told = [
        TicketRouted(
            **base,
            round=1,
            complexity=Complexity.ORDINARY,
            lead="SWJ",
            assisting=assisting,
            rule="x",
            why="x",
            routed_at=NOW,
        ),
        TicketAnswered(**base, round=1, department="SWJ", answer=answer, answered_by="x", answered_at=NOW),
        TicketClosed(**base, round=1, outcome=outcome, closed_by="he-jing", closed_at=NOW),
    ]
    desk.house.announce(registered, source="intake")
    desk.house.announce(*told, source="routing")
    assert eventually(desk.house.has_handled_all)
    return id_


def shown(desk: Desk, who: Any = CLERK, state: str = "shown") -> list[str]:
    return [each["ticket_id"] for each in desk.good(200, "GET", f"/cases?state={state}", who)["items"]]


def test_a_solved_ticket_becomes_a_draft_in_one_call(desk: Desk) -> None:
    ticket = closed(desk, "发票领用簿遗失")
    path = f"/cases/{ticket}"
    assert desk.good(200, "GET", path, LEADER)["may_become"] == ["entry", "typical_case"]
    made = desk.good(201, "POST", f"{path}/promote", LEADER, {"to": "entry"})
    (entry,) = desk.house.rows("SELECT * FROM entries WHERE ticket_id = %(id)s", id=str(ticket))
    assert (made["entry_id"], made["entry_number"]) == (str(entry.id), entry.number)
    assert (entry.state, entry.audience, entry.departments) == ("draft", "window", ["SWJ"])
    (told,) = desk.tap.wait_for(CasePromoted, ticket)
    assert told.entry_id == entry.id
    desk.problem(409, "POST", f"{path}/promote", LEADER, {"to": "entry"})
    assert desk.good(200, "GET", path, LEADER)["may_become"] == ["typical_case"]
    assert desk.good(200, "GET", path, CLERK)["may_become"] == []


def test_a_typical_case_is_shown_once_all_departments_consent(desk: Desk) -> None:
    ticket = closed(desk, "企业跨区迁移", "ZJJ", answer="两家窗口合并受理。")
    path = f"/cases/{ticket}"
    made = desk.good(201, "POST", f"{path}/promote", TAX, {"to": "typical_case", "title": "跨区迁移一次办成"})
    assert made["awaited"] == ["ZJJ"]
    (notice,) = desk.tap.wait_for(NoticeRequested, ticket)
    assert (notice.recipients, notice.template) == (("home-clerk",), "case.consent_asked")
    assert shown(desk) == []
    for who, sees in ((LEADER, True), (HOUSING, True), (POLICE, False)):
        assert (str(ticket) in shown(desk, who, "awaiting")) is sees
    for other in (POLICE, LEADER, CLERK, None):
        assert desk.ask("POST", f"{path}/consent", other, {"consents": True}).status_code in (401, 403)
    case = desk.good(200, "POST", f"{path}/consent", HOUSING, {"consents": False, "why": "口径还没定"})
    assert case["state"] == "refused"
    case = desk.good(200, "POST", f"{path}/consent", HOUSING, {"consents": True})
    assert (case["state"], case["title"], case["answer"]) == ("shown", "跨区迁移一次办成", "两家窗口合并受理。")
    assert desk.tap.wait_for(CaseConsented, ticket)
    assert shown(desk) == shown(desk, POLICE) == [str(ticket)]
    desk.problem(409, "POST", f"{path}/promote", LEADER, {"to": "typical_case"})

    desk.house.announce(TicketReopened(center="BC", ticket_id=ticket, round=2, reopened_at=NOW), source="intake")
    assert eventually(lambda: shown(desk) == []), "it is not solved after all"
    desk.problem(409, "POST", f"{path}/consent", HOUSING, {"consents": True})

    desk.house.announce(TicketForgotten(center="BC", ticket_id=ticket, forgotten_at=NOW), source="intake")
    query = "SELECT 1 FROM typical_cases WHERE ticket_id = %(id)s"
    assert eventually(lambda: not desk.house.rows(query, id=str(ticket))), "what is forgotten is no case"


def test_what_still_names_somebody_is_refused(desk: Desk) -> None:
    ticket = closed(desk, "电话办理", answer="请联系 0591-87654321 办理。")
    path = f"/cases/{ticket}/promote"
    for field, words, kind in (
        ("text", "打13812348888没人接", "phone number"),
        ("answer", "证件11010519491231002X已核对", "ID number"),
        ("title", "闽AD12345停车", "licence plate"),
    ):
        faults = desk.problem(422, "POST", path, LEADER, {"to": "typical_case", field: words})
        assert kind in faults[field][0]
    desk.good(201, "POST", path, LEADER, {"to": "typical_case"})


def test_only_what_was_solved_is_learnt_from_by_those_who_had_it(desk: Desk) -> None:
    explained = closed(desk, "政策不允许", outcome=Outcome.EXPLAINED)
    desk.problem(409, "POST", f"/cases/{explained}/promote", LEADER, {"to": "entry"})
    solved = f"/cases/{closed(desk, '路灯修好了')}/promote"
    for who, status in (
        (None, 401),
        (CLERK, 403),
        (POLICE, 404),
        (bearer("tax-clerk", Role.LIAISON, department="SWJ", center="XX"), 404),
    ):
        assert desk.ask("POST", solved, who, {"to": "entry"}).status_code == status
    assert desk.ask("GET", f"/cases/{new_id()}", LEADER).status_code == 404


def test_what_is_asked_in_vain_or_solved_well_is_on_the_list(desk: Desk) -> None:
    ticket = closed(desk, "窗口当场办好的事")
    rated = TicketRated(center="BC", ticket_id=ticket, round=1, rating=Rating.SATISFIED, rated_at=NOW)
    desk.house.announce(rated, source="intake")
    assert eventually(desk.house.has_handled_all)
    for words in ("电子发票怎么作废", "电子发票如何作废？", "请问电子发票作废怎么办", "养狗要办什么证"):
        desk.good(200, "GET", f"/answers?q={words}", CLERK)
    desk.house.step(at("2025-01-27T08:05"))
    with desk.house.database.transaction() as tx:
        reviewing.make_lists(tx)  # as the service does by itself, in half a minute

    def listed() -> set[tuple[str, str]]:
        lines = desk.good(200, "GET", "/review?department=SWJ", TAX)["items"]
        return {(line["subject"], reason) for line in lines for reason in line["reasons"]}

    assert listed() == {("请问电子发票作废怎么办", "not_found"), (f"BC-{ticket}", "candidate_case")}
