"""With a part of the system away the desk says so in words, shows the rest, keeps what was typed, and recovers."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import psycopg2.extensions
import pytest
from flask.testing import FlaskClient

from services.desk.application import make_application
from services.desk.backend import Backend
from services.desk.live import Hub
from services.desk.pages.parked import SERVICES
from services.desk.settings import DeskSettings
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login
from tests.stack.desk_house import DeskHouse, desk_house, found
from tests.stack.parked import database
from tests.stack.ports import free_ports
from tests.stack.proxy import Proxy

AWAY = "系统有一部分暂时没有响应"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
YAML = re.compile(r'name="yaml"[^>]*>\n(.*?)</textarea>', re.DOTALL)
BACKENDS = ("intake", "routing", "deadline_watch", "notify", "knowledge")


class CutOffDesk:
    """Another process's worth of the desk before the same services, each behind a line that can be cut."""

    def __init__(self, house: DeskHouse) -> None:
        self.house = house
        self._proxies = {name: Proxy(_address(house.sandbox.addresses[name])) for name in BACKENDS}
        url = as_login(house.sandbox.database_url, "bancheng_desk")
        self._upstreams: dict[str, Any] = {name: _address(house.sandbox.addresses[name]) for name in BACKENDS}
        self._upstreams["database"] = _database_address(url)
        self._proxies["database"] = Proxy(self._upstreams["database"])
        parts = psycopg2.extensions.parse_dsn(url)
        here = {"host": "127.0.0.1", "port": str(self._proxies["database"].port), "sslmode": "disable"}
        self._database = Database(psycopg2.extensions.make_dsn(**(parts | here)), "desk", size=4)
        urls = {name: f"http://127.0.0.1:{self._proxies[name].port}" for name in BACKENDS}
        backend = Backend(urls, house.sandbox._secret)
        self._application = make_application(DeskSettings(second_factor=False), self._database, Hub(), backend, ())

    def browser(self, staff: str) -> FlaskClient:
        """A browser in which somebody is logged in already."""
        client = self._application.test_client()
        client.set_cookie("bancheng", self.house.person(staff).http.cookies["bancheng"])
        return client

    def cut(self, name: str) -> None:
        """Nobody answers there any more."""
        (port,) = free_ports(1)
        self._proxies[name].lead_to(("127.0.0.1", port))

    def mend(self, name: str) -> None:
        """It is there again."""
        self._proxies[name].lead_to(self._upstreams[name])

    def close(self) -> None:
        """Hang up."""
        self._database.close()
        for proxy in self._proxies.values():
            proxy.close()


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _database_address(url: str) -> Any:
    parts = psycopg2.extensions.parse_dsn(url)
    host, port = parts.get("host", "127.0.0.1"), parts.get("port", "5432")
    return Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, int(port))


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


def test_every_other_page_is_as_it_was_while_notices_are_away(desk: CutOffDesk) -> None:
    leader, head = desk.browser("gu-yan"), desk.browser("xie-weidong")
    desk.cut("notify")
    try:
        for path in ("/docket", "/roster", "/account"):
            assert leader.get(path).status_code == 200
        assert head.get("/overview").status_code == 200
        assert leader.get("/notices/count").text.strip() == ""
        assert "通知服务暂时没有响应" in leader.get("/reachability").text
        for path in ("/notices", "/deliveries", "/account/channels"):
            reply = leader.get(path)
            assert (reply.status_code, AWAY in reply.text) == (503, True)
    finally:
        desk.mend("notify")
    assert leader.get("/notices").status_code == 200


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
