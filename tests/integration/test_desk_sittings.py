"""A sitting from its page: opened on the docket, closed, its minutes changed and signed."""

import re
from collections.abc import Iterator

import pytest

from schemas.enums import Role
from tests.stack.desk_house import DeskHouse, Visitor, desk_house

SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    """On Tuesday morning, when Peng sits."""
    with desk_house() as standing:
        standing.actors.now("2026-04-28 09:30")
        yield standing


def text_of(visitor: Visitor, path: str) -> str:
    reply = visitor.get(path)
    assert reply.status_code == 200, reply.text
    return reply.text


def test_a_sitting_is_opened_closed_and_signed_on_its_pages(house: DeskHouse) -> None:
    peng, other, clerk = (house.person(staff) for staff in ("peng-zhiyuan", "gu-yan", "he-jing"))
    ticket = house.actors.register("楼道里的旧沙发没人搬", "楼道里堆了旧沙发半年，打了几个电话都说找别人。")
    left = house.actors.register("河边的栏杆坏了没人修", "河边的栏杆坏了，几个单位都说不归他们。")
    assert 'action="/sittings/open"' in text_of(peng, "/docket")
    assert 'action="/sittings/open"' not in text_of(other, "/docket")
    assert other.send("/docket", "/sittings/open", {}).status_code == 403
    assert peng.send("/docket", "/sittings/open", {"then": "/docket"}).headers["Location"] == "/docket"
    form = {"lead": "CGJ", "why": f"由城管负责到底。{SCRIPT}", "then": "/docket"}
    act = f"/docket/{ticket.id}/arbitrate"
    assert peng.send(act, act, form).status_code == 303
    house.actors.now("2026-04-28 11:58")
    close = re.search(r'action="(/sittings/[0-9a-f-]+/close)"', text_of(peng, "/docket"))
    assert close
    reply = peng.send("/docket", close[1], {})
    page = reply.headers["Location"]
    assert reply.status_code == 303

    shown = text_of(peng, page)
    assert "裁决承办单位 1 件" in shown
    assert left.number in shown.partition("交接说明")[2]
    assert "<script>alert" not in shown
    assert "Decided who handles it: 1" in peng.get(page, cookies={"language": "en"}).text
    assert "<textarea" not in text_of(other, page), "another leader reads"
    draft = {"minutes": f"裁决一件。\r\n{SCRIPT}", "handover": "栏杆一件待裁。"}
    assert other.send("/account", f"{page}/sign", draft).status_code == 403
    assert clerk.send("/account", f"{page}/sign", draft).status_code == 404
    assert peng.send(page, f"{page}/minutes", draft).status_code == 303
    assert "栏杆一件待裁。" in text_of(peng, page)
    handed_over = text_of(other, "/docket")
    assert "栏杆一件待裁。" in handed_over
    assert "未签署" in handed_over
    assert peng.send(page, f"{page}/sign", draft).status_code == 303
    signed = text_of(clerk, page)
    assert "签署：彭志远" in signed
    assert "<script>alert" not in signed
    assert "<textarea" not in text_of(peng, page)
    assert "不能再更改" in peng.send("/account", f"{page}/sign", draft).text
    listed = text_of(clerk, "/sittings")
    assert f'href="{page}"' in listed
    assert "已签署" in listed


def test_departments_see_no_sittings(house: DeskHouse) -> None:
    liaison = house.person("luo-min")
    for path in ("/sittings", "/sittings/00000000-0000-7000-8000-000000000000", "/docket/head"):
        assert liaison.get(path).status_code == 404


def test_a_sitting_that_there_is_not_is_no_page(house: DeskHouse) -> None:
    assert house.person("gu-yan").get("/sittings/00000000-0000-7000-8000-000000000000").status_code == 404


def test_a_meeting_that_is_called_stands_in_the_minutes(house: DeskHouse) -> None:
    """On Thursday, when Liang sits and opens nothing by hand."""
    house.actors.now("2026-04-30 09:30")
    cause = {"cause": "department_gap"}
    ticket = house.actors.register("培训机构消防手续互相推", "培训机构办证要消防意见，消防说先办证。", **cause)
    parts = [each["department"] for each in house.actors.ticket(ticket)["assignments"]]
    liang = house.sandbox.client("routing", house.sandbox.token("liang-xiaomei", Role.DUTY_LEADER))
    meeting = {"meets_at": "2026-04-30T15:00:00+08:00", "place": "三楼会议室", "departments": parts}
    liang.post(f"/tickets/{ticket.id}/meetings", meeting)
    present = liang.get("/sittings/now")["present"]
    assert present["state"] == "open", "it was decided, so the sitting is open"
    page = text_of(house.person("liang-xiaomei"), f"/sittings/{present['id']}")
    assert "召集联合会商 1 件" in page
    assert "4月30日 周四 15:00；三楼会议室" in page
    assert "4月30日 周四 15:00 · 三楼会议室" in page
