"""What departments do together at the desk: a joint meeting is called from the docket, the report is signed by all."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.actors import Ticket
from tests.stack.desk_house import SCRIPT, DeskHouse, desk_house

LEADER, LEAD, ASSISTING = "gu-yan", "kang-ting", "tan-kai"
REPORT = "专题报告：文旅与教育、住建、消防现场会商，先办意见书，再办许可，五日内办结。"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def ticket(house: DeskHouse) -> Ticket:
    """A complex ticket of several departments, all of which have signed."""
    ticket = house.actors.register(
        "培训机构消防手续互相推", "培训机构办证要消防意见，消防说先办证。", cause="department_gap"
    )
    parts = [each["department"] for each in house.actors.ticket(ticket)["assignments"]]
    house.actors.accept(ticket, *parts)
    return ticket


def test_a_leader_calls_a_meeting_from_the_docket_and_everybody_sees_it(house: DeskHouse, ticket: Ticket) -> None:
    leader, page = house.person(LEADER), f"/tickets/{ticket.id}"
    assert "需联合会商的复杂事项" in leader.get("/docket").text
    departments = re.findall(rf'id="come-{ticket.id}-([A-Z]+)"', leader.get("/docket").text)
    assert len(departments) > 1
    form = {"meets_at": "2026-04-29T14:30", "place": f"三楼会议室{SCRIPT}", "departments": departments}
    assert leader.send("/docket", f"{page}/meetings", form | {"departments": departments[:1]}).status_code == 422
    assert leader.send("/docket", f"{page}/meetings", form | {"meets_at": "morgen"}).status_code == 422
    reply = leader.send("/docket", f"{page}/meetings", form | {"then": "/docket"})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/docket")
    house.sandbox.settle()
    docket = leader.get("/docket").text
    assert f"come-{ticket.id}" not in docket
    for shown in (docket, *(house.person(staff).get("/inbox").text for staff in (LEAD, ASSISTING))):
        assert "4月29日 周三 14:30" in shown
        assert "三楼会议室" in shown
        assert "<script>alert" not in shown
    assert "三楼会议室" not in house.person("luo-min").get("/inbox").text
    assert "召集联合会商" in house.person("he-jing").get(page).text


def test_a_meeting_is_moved_and_what_came_of_it_is_noted(house: DeskHouse, ticket: Ticket) -> None:
    leader, page = house.person(LEADER), f"/tickets/{ticket.id}"
    (path,) = set(re.findall(rf'action="({page}/meetings/[0-9a-f-]{{36}})/move"', leader.get(page).text))
    moved = {"meets_at": "2026-04-30T09:30", "place": "二楼会议室", "why": "消防部门另有任务"}
    assert leader.send(page, f"{path}/move", moved).status_code == 303
    for staff in (LEAD, "he-jing", "wei-tao"):
        assert house.person(staff).send("/account", f"{path}/cancel", {"why": "不开了不开了"}).status_code == 404
    assert leader.send(page, f"{path}/hold", {"meeting_outcome": "先出消防意见书，再办许可。"}).status_code == 303
    house.sandbox.settle()
    shown = house.person(ASSISTING).get(page).text
    assert "4月30日 周四 09:30 · 二楼会议室, 消防部门另有任务" in shown
    assert "先出消防意见书" in shown
    assert "已召开" in shown
    assert leader.send(page, f"{path}/cancel", {"why": "不开了不开了"}).status_code == 409


def test_every_department_finds_the_report_to_sign_and_signs(house: DeskHouse, ticket: Ticket) -> None:
    page = f"/tickets/{ticket.id}"
    assert house.person(LEAD).send(page, f"{page}/report", {"report": REPORT}).status_code == 303
    house.sandbox.settle()
    assisting = house.person(ASSISTING)
    assert "待会签的专题报告" in assisting.get("/inbox").text
    assert "会签专题报告</button>" not in house.person(LEAD).get(page).text
    assert "教育局" in house.person(LEADER).get("/docket").text.partition("会签未齐")[2]
    assert assisting.send(page, f"{page}/report/sign", {}).status_code == 303
    house.sandbox.settle()
    assert "待会签的专题报告" not in assisting.get("/inbox").text
    assert '✓ 教育局 <span class="quiet">谭凯' in house.person("he-jing").get(page).text
    assert "教育局" not in house.person(LEADER).get("/docket").text.partition("会签未齐")[2].partition("</section>")[0]
    assert assisting.send("/account", f"{page}/report/sign", {}).status_code == 409
    assert house.person(LEADER).send("/account", f"{page}/report/sign", {}).status_code == 404
