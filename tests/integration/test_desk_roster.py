"""The roster as its page: who sees and changes what."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from services.desk.actions import accounts
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login
from tests.stack.desk_house import DeskHouse, Visitor, desk_house

_OPTIONS = re.compile(r'<option value="(2026-[^"]+)"')


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture
def people(house: DeskHouse) -> tuple[Visitor, Visitor, Visitor]:
    """Two leaders and the director."""
    return house.person("gu-yan"), house.person("peng-zhiyuan"), house.person("shen-guoqiang")


def own_sitting(page: str) -> str:
    found = re.search(r'name="opens_at" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_swap_is_asked_for_on_the_page_and_confirmed_by_the_other(
    house: DeskHouse, people: tuple[Visitor, Visitor, Visitor]
) -> None:
    gu, peng, director = people
    mine = own_sitting(gu.get("/roster").text)
    pengs = own_sitting(peng.get("/roster").text)
    form = {"opens_at": mine, "other_opens_at": pengs}
    assert gu.send("/roster", "/roster/swaps", form).status_code == 303
    assert "/confirm" not in gu.get("/roster").text, "nobody agrees with themselves"
    (confirm,) = set(re.findall(r'action="(/roster/changes/[^"]+/confirm)"', peng.get("/roster").text))
    assert gu.send("/roster", confirm, {}).status_code == 403
    reply = gu.send("/roster", confirm, {})
    assert "只有本人或中心主任可以更改" in reply.text, "it says why, and not that the form was another page's"
    assert peng.send("/roster", confirm, {}).status_code == 303
    shown = house.person("he-jing").get("/roster").text
    assert "代顾燕" in shown
    assert "action=" not in shown.partition('id="roster"')[2], "a clerk changes nothing"
    assert "/withdraw" not in gu.get("/roster").text
    withdraw = re.search(r'action="(/roster/changes/[^"]+/withdraw)"', director.get("/roster").text)
    assert withdraw
    assert director.send("/roster", withdraw[1], {}).status_code == 303
    assert "代顾燕" not in gu.get("/roster").text


def test_a_gap_is_a_warning_until_somebody_is_named(house: DeskHouse, people: tuple[Visitor, Visitor, Visitor]) -> None:
    _, peng, director = people
    liang = house.person("liang-xiaomei")
    day = own_sitting(liang.get("/roster").text)[:10]
    leave = {"first": day, "last": day}
    assert peng.send("/roster", "/roster/leaves", {"leader": "gu-yan", **leave}).status_code == 403
    assert liang.send("/roster", "/roster/leaves", leave).status_code == 303
    assert "两周内有坐班无人值守" in director.get("/roster").text
    (path,) = set(re.findall(r'action="(/roster/changes/[^"]+/substitute)"', director.get("/roster").text))
    assert liang.send("/roster", path, {"substitute": "<script>"}).status_code == 422
    assert director.send("/roster", path, {"substitute": "gu-yan"}).status_code == 303
    assert "两周内有坐班无人值守" not in director.get("/roster").text
    assert liang.send("/roster", "/roster/leaves", leave).status_code == 409, "there is one already"
    fault = liang.send("/roster", "/roster/leaves", {"first": "2020-01-01", "last": "2020-01-01"})
    assert (fault.status_code, "起始日" in fault.text) == (422, True)


def test_a_department_sees_no_roster(house: DeskHouse) -> None:
    assert house.person("luo-min").get("/roster").status_code == 404
    reply = house.person("he-jing").send("/account", "/roster/leaves", {"first": "2026-05-07", "last": "2026-05-07"})
    assert reply.status_code == 404


def test_ones_own_sittings_are_read_at_a_secret_address(house: DeskHouse) -> None:
    fang, stranger = house.person("fang-jian"), house.visitor()
    shown = fang.send("/roster", "/roster/feed", {})
    address = re.search(r'value="(http[^"]+/calendar/[^"]+)"', shown.text)
    assert address
    path = unescape(address[1]).removeprefix(house.url)
    feed = stranger.get(path)
    assert (feed.status_code, feed.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    own = house.actors.leader.get("/roster", until="2026-09-01")["shifts"]
    first = next(each["opens_at"] for each in own if each["leader"] == "fang-jian")
    assert f"DTSTART;TZID=Asia/Shanghai:{re.sub('[-:]', '', first[:19])}" in feed.text
    others = next(each["opens_at"] for each in own if each["leader"] != "fang-jian")
    assert re.sub("[-:]", "", others[:19]) not in feed.text
    assert feed.text.replace("\r\n ", "").count("SUMMARY:窗口坐班") >= 10
    assert fang.get("/roster/own.ics").headers["Content-Disposition"].startswith("attachment")
    assert "最近读取" in fang.get("/roster").text
    assert path.partition("?")[0] not in fang.get("/roster").text, "it is shown once"

    fang.send("/roster", "/roster/feed", {})
    assert stranger.get(path).status_code == 404, "another address ends this one"
    again = re.search(r'value="(http[^"]+/calendar/[^"]+)"', fang.send("/roster", "/roster/feed", {}).text)
    assert again
    path = unescape(again[1]).removeprefix(house.url)
    assert stranger.get(path).status_code == 200
    assert fang.send("/roster", "/roster/feed/revoke", {}).status_code == 303
    assert stranger.get(path).status_code == 404
    assert stranger.get("/calendar/guess.ics").status_code == 404
    assert house.person("he-jing").get("/roster/own.ics").status_code == 404
    assert stranger.get("/roster/own.ics").status_code == 303


def test_who_is_shut_out_has_no_calendar_any_more(house: DeskHouse) -> None:
    fang, stranger = house.person("fang-jian"), house.visitor()
    address = re.search(r'value="(http[^"]+/calendar/[^"]+)"', fang.send("/roster", "/roster/feed", {}).text)
    assert address
    path = unescape(address[1]).removeprefix(house.url)
    assert stranger.get(path).status_code == 200
    login = as_login(house.sandbox.database_url, "bancheng_desk")
    with Database(login, "desk", size=1).transaction() as tx:
        accounts.lock(tx, "BC", "fang-jian")
    assert stranger.get(path).status_code == 404
