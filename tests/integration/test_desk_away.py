"""With a part of the system away the desk says so in words, shows the rest, keeps what was typed, and recovers."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from services.desk.pages.parked import SERVICES
from tests.stack.cut_off_desk import BACKENDS, CutOffDesk
from tests.stack.desk_house import DeskHouse, desk_house, found
from tests.stack.parked import database

AWAY = "系统有一部分暂时没有响应"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
YAML = re.compile(r'name="yaml"[^>]*>\n(.*?)</textarea>', re.DOTALL)


@pytest.fixture(scope="module")
def desk() -> Iterator[CutOffDesk]:
    with desk_house() as house:
        opened = CutOffDesk(house)
        yield opened
        opened.close()


def registered(house: DeskHouse) -> int:
    """How many tickets intake has."""
    with database(house, "intake").transaction() as tx:
        return len(tx.rows("SELECT FROM tickets"))


def token(browser: FlaskClient) -> str:
    return found(CSRF, browser.get("/account").text)


@pytest.mark.parametrize(
    ("staff", "path", "service"),
    [
        ("luo-min", "/inbox", "routing"),
        ("gu-yan", "/docket", "routing"),
        ("he-jing", "/desk", "intake"),
        ("gu-yan", "/board", "deadline_watch"),
        ("wei-tao", "/center-file", "routing"),
        ("luo-min", "/inbox", "database"),
        ("luo-min", "/login", "database"),
    ],
)
def test_a_page_says_that_a_part_is_away_and_recovers(desk: CutOffDesk, staff: str, path: str, service: str) -> None:
    browser = desk.browser(staff)
    desk.cut(service)
    try:
        reply = browser.get(path)
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
        assert AWAY in reply.text
        assert "Traceback" not in reply.text
    finally:
        desk.mend(service)
    assert browser.get(path).status_code in (200, 302), "by itself"


def test_a_tickets_page_shows_the_rest_without_its_deadlines(desk: CutOffDesk) -> None:
    ticket = desk.house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    browser = desk.browser("luo-min")
    desk.cut("deadline_watch")
    try:
        reply = browser.get(f"/tickets/{ticket.id}")
        assert reply.status_code == 200
        assert ticket.number in reply.text
    finally:
        desk.mend("deadline_watch")


@pytest.mark.parametrize("service", [each for each in SERVICES if each in BACKENDS])
def test_parked_events_of_the_others_are_shown(desk: CutOffDesk, service: str) -> None:
    browser = desk.browser("wei-tao")
    desk.cut(service)
    try:
        reply = browser.get("/parked")
        assert reply.status_code == 200
        assert reply.text.count("该服务暂时没有响应") == 1
        assert reply.text.count("没有搁置的消息。") == len(SERVICES) - 1
        assert "0+" in browser.get("/parked/count").text
    finally:
        desk.mend(service)
    assert "该服务暂时没有响应" not in browser.get("/parked").text


def test_the_calendar_is_shown_without_the_promises(desk: CutOffDesk) -> None:
    browser = desk.browser("wei-tao")
    desk.cut("deadline_watch")
    try:
        reply = browser.get("/calendar")
        assert reply.status_code == 200
        assert "暂时无法预览" in reply.text
    finally:
        desk.mend("deadline_watch")


def test_a_center_file_is_kept_while_the_service_is_away(desk: CutOffDesk) -> None:
    browser = desk.browser("wei-tao")
    page = browser.get("/center-file/edit?part=yaml").text
    text = unescape(found(YAML, page)).replace("何静", "何京")
    form = {"csrf_token": token(browser), "key": "one", "yaml": text, "part": "yaml"}
    form["based_on"] = found(re.compile(r'name="based_on" value="(\d+)"'), page)
    desk.cut("routing")
    try:
        for go in ("review", "publish"):
            reply = browser.post("/center-file/edit", data=form | {"go": go})
            assert reply.status_code == 503
            assert unescape(found(YAML, reply.text)) == text
            assert "您填写的内容仍在下方" in reply.text
    finally:
        desk.mend("routing")
    desk.cut("deadline_watch")
    try:
        reply = browser.post("/center-file/edit", data=form | {"go": "review"})
        assert reply.status_code == 200
        assert reply.text.count("暂时无法预览") == 1, "what the others know is shown"
    finally:
        desk.mend("deadline_watch")
    reply = browser.post("/center-file/edit", data=form | {"go": "publish"})
    assert (reply.status_code, "published=" in reply.headers["Location"]) == (303, True)


def test_what_was_not_answered_is_sent_again_and_acts_once(desk: CutOffDesk) -> None:
    """The line is cut while the service has done its work already: the form's key makes the second try harmless."""
    browser = desk.browser("he-jing")
    form = {"title": "契税减免没有答复", "text": "契税减免申请交上去一个月。", "channel": "window"}
    form |= {"applicant.kind": "person", "applicant.name": "周小满", "applicant.phone": "13900008888"}
    form |= {"csrf_token": token(browser), "key": "one form that is sent again"}
    before = registered(desk.house)
    desk._proxies["intake"].cut_after(b"13900008888")
    assert browser.post("/desk/new", data=form).status_code == 503
    desk._proxies["intake"].heal()
    receipt = browser.post("/desk/new", data=form)
    assert receipt.status_code == 200
    assert registered(desk.house) == before + 1
