"""The docket as its page: in pages, with what a leader decides on the spot."""

import re
from collections.abc import Iterator

import pytest

from schemas.enums import Role
from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse, Visitor, desk_house

SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"
_ACTIONS = re.compile(r'action="(/[^"]+)"')
WHY = "三家单位都要出力，须一起研究。"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    """On Tuesday afternoon, when Thursday's sitting is the next."""
    with desk_house() as standing:
        standing.actors.now("2026-04-28 14:00")
        yield standing


@pytest.fixture(scope="module")
def leader(house: DeskHouse) -> Visitor:
    return house.person("gu-yan")


def section(visitor: Visitor, part: str, after: str = "") -> str:
    """A section, as an open page fetches it anew."""
    reply = visitor.get(f"/docket?section={part}{after}", headers={"HX-Request": "true"})
    assert reply.status_code == 200, reply.text
    assert reply.text.count("<section") == 1
    return reply.text


def about_to_break(house: DeskHouse, text: str = "跑了三次税务窗口，都让等通知。") -> Ticket:
    """A ticket whose promise is due before the next sitting."""
    ticket = house.actors.register("发票开不出来", text)
    house.actors.accept(ticket, "SWJ")
    house.sandbox.settle()
    return ticket


def test_a_leader_makes_a_ticket_complex_on_the_docket(house: DeskHouse, leader: Visitor) -> None:
    ticket = about_to_break(house)
    part = section(leader, "about_to_break")
    assert f'hx-get="/docket/{ticket.id}/reclassify' in part
    fetched = leader.get(f"/docket/{ticket.id}/reclassify?section=about_to_break", headers={"HX-Request": "true"}).text
    assert _ACTIONS.findall(fetched) == [f"/docket/{ticket.id}/reclassify"]
    form = {"why": WHY, "then": "/docket#docket-about_to_break"}
    reply = leader.send(f"/docket/{ticket.id}/reclassify", f"/docket/{ticket.id}/reclassify", form)
    assert (reply.status_code, reply.headers["Location"]) == (303, "/docket#docket-about_to_break")
    house.sandbox.settle()
    assert house.actors.ticket(ticket)["complexity"] == "complex"
    assert f'hx-get="/docket/{ticket.id}/reclassify' not in section(leader, "about_to_break")


def test_a_leader_gives_more_time_on_the_docket(house: DeskHouse, leader: Visitor) -> None:
    ticket = about_to_break(house)
    assert f'href="/docket/{ticket.id}/extend' in section(leader, "about_to_break")
    page = leader.get(f"/docket/{ticket.id}/extend?section=about_to_break").text
    assert f"/tickets/{ticket.id}/extension" in _ACTIONS.findall(page), "also without JavaScript"
    assert ticket.number in page
    form = {"working_days": "2", "reason": SCRIPT, "legal_basis": "行政许可法第四十二条", "then": "//evil.example"}
    reply = leader.send(f"/docket/{ticket.id}/extend", f"/tickets/{ticket.id}/extension", form)
    assert (reply.status_code, reply.headers["Location"]) == (303, "/"), "it leads to no address of others"
    house.sandbox.settle()
    (extension,) = house.actors.ticket(ticket)["extensions"]
    assert (extension["state"], extension["decided_by"]) == ("granted", "gu-yan")
    reply = leader.send(f"/docket/{ticket.id}/extend", f"/tickets/{ticket.id}/extension", form)
    assert reply.status_code == 409
    assert "data-failed" in reply.text, "what was typed stays in the browser"


def test_why_more_time_was_refused_stands_beside_the_deadline(house: DeskHouse, leader: Visitor) -> None:
    ticket, liaison = about_to_break(house), house.person("luo-min")
    page = f"/tickets/{ticket.id}"
    asked = {"working_days": "2", "reason": "须等上级系统恢复后才能办理", "legal_basis": "行政许可法第四十二条"}
    assert liaison.send(page, f"{page}/extension", asked).status_code == 303
    house.sandbox.settle()

    def beside_the_deadline() -> str:
        return liaison.get(page).text.partition('id="ticket-head"')[2].partition('id="ticket-acts"')[0]

    assert "待批" in beside_the_deadline()
    (extension,) = house.actors.ticket(ticket)["extensions"]
    why = {"why": f"系统昨天已经恢复。{SCRIPT}"}
    assert leader.send("/docket", f"/docket/extensions/{extension['id']}/refuse", why).status_code == 303
    house.sandbox.settle()
    shown = beside_the_deadline()
    assert re.search("未批准.*顾燕.*4月28日 周二 14:00.*不批准的理由.\\s*系统昨天已经恢复。", shown, re.S)
    assert "<script>alert" not in shown
    assert liaison.send(page, f"{page}/answer", {"answer": "开票权限已恢复。"}).status_code == 303
    house.sandbox.settle()
    assert "不批准的理由" not in beside_the_deadline(), "the promise was kept"


def test_what_came_back_is_a_section_with_the_earlier_ticket(house: DeskHouse, leader: Visitor) -> None:
    applicant = {"kind": "person", "name": "周小满", "phone": "13911112222"}
    said = ("契税减免没有答复", "契税减免申请交上去一个月，没有答复。")
    first = house.actors.register(*said, applicant=applicant)
    again = house.actors.register(*said, applicant=applicant)
    house.sandbox.settle()
    part = section(leader, "repeats")
    assert f'href="/tickets/{first.id}"' in part
    assert f'href="/tickets/{again.id}"' in part
    assert first.number in part


def test_a_section_goes_on_where_the_page_ends(house: DeskHouse, leader: Visitor) -> None:
    tickets = [
        {
            "title": f"楼道里的旧沙发没人搬{nth}",
            "text": f"楼道里堆了旧沙发 {nth} 件，都说找别人。",
            "channel": "hotline",
            "applicant": {"kind": "person", "name": "周小满", "phone": f"138{nth:08}"},
        }
        for nth in range(51)
    ]
    feed = house.sandbox.client("intake", house.sandbox.token("hotline", Role.CHANNEL))
    feed.post("/tickets:batch", {"tickets": tickets})
    house.sandbox.settle()
    page = leader.get("/docket").text
    more = re.search(r'href="(/docket\?section=arbitration&amp;after=[^"]+)"', page)
    assert more
    following = leader.get(more[1].replace("&amp;", "&")).text
    assert page.count("<article") + following.count("<article") >= 51
    assert following.count("<section id=") == 1
    act = re.search(r'href="(/docket/[0-9a-f-]+/arbitrate[^"]+)"', following)
    assert act
    form = leader.get(act[1].replace("&amp;", "&")).text
    assert re.search(r'name="then" value="/docket\?section=arbitration&amp;after=[^"]+#docket-arbitration"', form)
    assert len(page.encode()) < 100_000


@pytest.mark.parametrize("path", ["/docket", "/docket?section=repeats"])
@pytest.mark.parametrize("staff", ["luo-min", "he-jing"])
def test_the_docket_is_there_for_leaders_alone(house: DeskHouse, staff: str, path: str) -> None:
    assert house.person(staff).get(path).status_code == 404


def test_a_section_that_there_is_not_is_no_page(leader: Visitor) -> None:
    assert leader.get("/docket?section=elsewhere").status_code == 404
