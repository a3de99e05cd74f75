"""What was solved before, on the pages: beside a ticket, and on the docket with who solves such things."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.actors import Ticket
from tests.stack.desk_house import SCRIPT, DeskHouse, desk_house
from tests.stack.eventually import eventually

TITLE, TEXT = "古树名木认养证", "认养古树名木没有窗口受理，跑了两次。"
"""No rule of the center file fits it."""
ANSWER = f"到二楼填表即可认养。{SCRIPT}"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def solved(house: DeskHouse) -> Ticket:
    """Tickets that the leader gave to the farmers' office, and that were closed: enough to be believed. The last."""
    *_, last = [_solve(house, f"{TITLE}，第{nth}件{SCRIPT}") for nth in range(4)]
    return last


def _solve(house: DeskHouse, title: str) -> Ticket:
    ticket = house.actors.register(title, TEXT)
    house.actors.leader.post(f"/tickets/{ticket.id}/arbitrate", {"lead": "NYJ", "why": "古树归农业农村局管"})
    house.sandbox.settle()
    house.actors.accept(ticket, "NYJ")
    house.actors.liaison("NYJ").post(f"/tickets/{ticket.id}/answer", {"answer": ANSWER})
    house.sandbox.settle()
    house.actors.window.post(f"/tickets/{ticket.id}/close", {"outcome": "resolved"})
    house.sandbox.settle()
    return ticket


@pytest.fixture(scope="module")
def alike(house: DeskHouse, solved: Ticket) -> Ticket:
    """Another one like it, of which nobody has decided yet."""
    return house.actors.register(f"{TITLE}办不下来", TEXT)


def test_what_was_solved_stands_below_a_ticket_like_it(house: DeskHouse, solved: Ticket, alike: Ticket) -> None:
    for staff in ("liu-yang", "gu-yan", "shen-guoqiang", "tan-lihua"):
        page = house.person(staff).get(f"/tickets/{alike.id}").text
        assert "已办结的相似事项" in page
        assert solved.number in page
        assert "到二楼填表即可认养" in page
        assert SCRIPT not in page
    fragment = house.person("gu-yan").get(f"/tickets/{alike.id}", headers={"HX-Request": "true"}).text
    assert "已办结的相似事项" not in fragment, "what is fetched anew is the ticket"
    assert "已办结的相似事项" not in house.person("gu-yan").get(f"/tickets/{solved.id}").text, "it is over"


def test_a_liaison_sees_what_the_own_department_solved(house: DeskHouse, solved: Ticket) -> None:
    again = house.actors.register(f"{TITLE}又办不下来", TEXT)
    house.actors.leader.post(
        f"/tickets/{again.id}/arbitrate", {"lead": "NYJ", "assisting": ["CGJ"], "why": "古树归它管"}
    )
    house.sandbox.settle()
    assert solved.number in house.person("hao-jie").get(f"/tickets/{again.id}").text
    assert solved.number not in house.person("zou-peng").get(f"/tickets/{again.id}").text


def test_the_docket_says_who_solves_such_things(house: DeskHouse, solved: Ticket, alike: Ticket) -> None:
    leader = house.person("gu-yan")
    assert eventually(lambda: "这类事项由谁办结" in leader.get(f"/tickets/{alike.id}").text), "it was counted by then"
    for page in (
        leader.get(f"/docket/{alike.id}/arbitrate").text,
        leader.get(f"/docket/{alike.id}/arbitrate", headers={"HX-Request": "true"}).text,
        leader.get(f"/tickets/{alike.id}").text,
    ):
        assert "这类事项由谁办结" in page
        first = re.search(r"<ol><li><strong>([^<]+)</strong>", page)
        assert first
        assert first[1] == "农业农村局"
        assert "到二楼填表即可认养" in page
        assert SCRIPT not in page
    assert house.person("hao-jie").get(f"/docket/{alike.id}/arbitrate").status_code in (403, 404)


def test_a_page_says_how_often_suggestions_and_rules_were_right(house: DeskHouse, solved: Ticket) -> None:
    ruled = house.actors.register("发票开不出来", f"税务窗口说系统里没有我的票种。{SCRIPT}")
    house.sandbox.settle()
    for staff in ("gu-yan", "shen-guoqiang"):
        page = house.person(staff).get("/suggestions").text
        assert "首个建议即正确" in page
        assert "农业农村局" in page, "it solved what was foretold"
        assert "1 次中被推翻 0 次" in page, ruled.number
    leader = house.person("gu-yan")
    hits = leader.get("/suggestions/hits.csv")
    assert hits.headers["Content-Type"].startswith("text/csv")
    assert "农业农村局" in hits.content.decode("utf-8-sig")
    assert "1,0,0" in leader.get("/suggestions/rules.csv").content.decode("utf-8-sig")
    rule = leader.get("/suggestions/rules/tax?since=2026-01-01&until=2026-12-31")
    assert rule.status_code == 200
    assert SCRIPT not in rule.text
    assert leader.get("/suggestions/elsewhere.csv").status_code == 404
    for staff in ("liu-yang", "hao-jie"):
        assert house.person(staff).get("/suggestions").status_code == 404
