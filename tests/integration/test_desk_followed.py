"""Whoever took a ticket in sees on their list how far it has come, and who was told that it is late."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.stack.desk_house import DeskHouse, Visitor, desk_house, found

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    """With a ticket that is late, of which its department reported, and another that is in time."""
    with desk_house() as standing:
        actors = standing.actors
        late = actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
        actors.accept(late, "SWJ")
        path = f"/assignments/{actors.assignment(late, 'SWJ')['id']}/progress"
        actors.liaison("SWJ").post(path, {"progress": f"等外省回函{SCRIPT}"})
        actors.now("2026-05-06 09:30")
        yield standing


@pytest.mark.parametrize("path", ["/desk", "/desk?mine=1"])
def test_the_own_list_says_how_far_each_has_come(house: DeskHouse, path: str) -> None:
    page = house.person("liu-yang").get(path).text
    assert "最近进展" in page
    assert "等外省回函" in page
    assert SCRIPT not in page
    assert "未知悉" in page


def test_the_list_of_all_says_it_of_none(house: DeskHouse) -> None:
    rows = house.person("he-jing").get("/desk").text
    assert "发票开不出来" in rows
    assert "等外省回函" not in rows


def test_the_own_cards_are_fetched_anew_when_something_happens_to_them(house: DeskHouse) -> None:
    clerk = house.person("liu-yang")
    page = clerk.get("/desk").text
    stream = unescape(found(re.compile(r'hx-sse:connect="([^"]+)"'), page))
    shown = set(
        re.findall(r'href="/desk/([0-9a-f-]{36})"', page.partition('id="followed-tickets"')[2].partition("</ul>")[0])
    )
    assert shown == set(re.findall(r"ticket=([0-9a-f-]{36})", stream)) != set()
    assert 'hx-get="/desk/followed" hx-trigger="ticket from:body' in page
    assert "event: ticket" not in told_by(clerk, stream)
    house.actors.register("契税减免没有答复", "契税减免申请交上去一个月。")
    assert "event: ticket" not in told_by(clerk, stream), "another ticket is none of these"
    (ticket,) = (
        each for each in house.actors.window.get("/assignments?limit=50")["items"] if each["state"] == "accepted"
    )
    progress = {"progress": "外省已回函，明天办结。"}
    house.actors.liaison("SWJ").post(f"/assignments/{ticket['id']}/progress", progress)
    house.sandbox.settle()
    assert "event: ticket" in told_by(clerk, stream)
    assert "外省已回函" in clerk.get("/desk/followed", headers={"HX-Request": "true"}).text
    assert house.person("gu-yan").get("/desk/followed").status_code == 404


def told_by(visitor: Visitor, address: str) -> set[str]:
    """What a stream says at first of what has changed since the page was asked for."""
    said = set[str]()
    with visitor.http.get(visitor.house.url + address, stream=True, timeout=30) as stream:
        for line in stream.iter_lines():
            if line.startswith(b": ") or b"event: tickets" in line:
                return said
            said.add(line.decode())
    return said
