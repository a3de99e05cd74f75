"""What nobody gets at the desk: with a stolen or an old cookie, without a form's token, by guessing, from elsewhere."""

import dataclasses
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pyotp
import pytest
from flask import Flask

from services.desk.pages import preferences, sides, trial
from services.desk.rules.accounts import ATTEMPTS, IDLE_FOR, LONGEST_SESSION
from services.plumbing.database.transaction import new_id
from services.routing.actions.publishing import publish
from services.sandbox.accounts import give_account
from tests.stack.at_once import at_once
from tests.stack.desk_house import DeskHouse, Visitor, desk_house
from tests.stack.house import demo_center
from tests.stack.parked import database

TEMPLATES = Path(__file__).parents[2] / "services" / "desk" / "templates"
SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:x", "\\\\e")
OPEN_TO_ALL = {"account.try_to_log_in", "preferences.prefer"}
"""Forms that are there before there is a session; a log-in from elsewhere is refused by its origin."""


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def addresses(method: str) -> dict[str, str]:
    """An address of every staff page that takes a method, by its endpoint."""
    application = Flask("all")
    for pages in (*sides.PAGES["staff"], preferences.pages, trial.pages):
        application.register_blueprint(pages)
    found = {}
    with application.test_request_context():
        for rule in application.url_map.iter_rules():
            if method in (rule.methods or ()) and rule.endpoint != "static":
                path = re.sub(r"<uuid:\w+>", str(new_id()), rule.rule)
                path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", path)
                found[rule.endpoint] = re.sub(r"<(?:int:)?\w+>", "1", path)
    return found


def with_cookie(house: DeskHouse, cookie: str) -> Visitor:
    """Another browser that shows somebody's cookie."""
    thief = house.visitor()
    thief.http.cookies.set("bancheng", cookie)
    return thief


def is_out(visitor: Visitor, path: str = "/account") -> bool:
    reply = visitor.get(path)
    return reply.status_code in (302, 303) and reply.headers["Location"].startswith("/login")


def test_a_stolen_cookie_ends_with_the_password_or_the_session(house: DeskHouse) -> None:
    owner = house.person("tian-hao")
    thief = with_cookie(house, owner.http.cookies["bancheng"])
    assert not is_out(thief), "who has the cookie is in, until somebody notices"
    path = "/login/password"
    fresh = {"password": "a long one of my own", "again": "a long one of my own"}
    assert owner.send(path, path, fresh | {"current": house.password("tian-hao")}).status_code == 303
    assert is_out(thief), "a new password ends all other sessions"
    thief = with_cookie(house, owner.http.cookies["bancheng"])
    owner.send("/account", "/logout", {})
    assert is_out(thief)
    again = house.visitor()
    again.log_in("tian-hao", "a long one of my own")
    assert not is_out(again)
    give_account(house.sandbox, "tian-hao")
    with database(house, "desk").transaction() as tx:
        tx.execute("DELETE FROM sessions WHERE staff = 'tian-hao'")
    assert is_out(again)


def test_a_cookie_stands_in_no_table(house: DeskHouse) -> None:
    cookie = house.person("luo-min").http.cookies["bancheng"]
    with database(house, "desk").transaction() as tx:
        rows = tx.rows("SELECT sessions::text AS row FROM sessions")
    assert rows
    assert all(cookie not in row.row and cookie.encode().hex() not in row.row for row in rows)


@pytest.mark.parametrize(("column", "age"), [("used_at", IDLE_FOR), ("opened_at", LONGEST_SESSION)])
def test_an_expired_cookie_opens_nothing(house: DeskHouse, column: str, age: object) -> None:
    person = house.person("cai-yun")
    assert not is_out(person, "/inbox")
    with database(house, "desk").transaction() as tx:
        sql = f"UPDATE sessions SET {column} = {column} - %(age)s - interval '1 s' WHERE staff = 'cai-yun'"
        tx.execute(sql, age=age)
    assert is_out(person, "/inbox")
    with database(house, "desk").transaction() as tx:
        assert not tx.rows("SELECT FROM sessions WHERE staff = 'cai-yun'")


def test_what_a_page_asks_by_itself_keeps_no_session_alive(house: DeskHouse) -> None:
    person = house.person("ding-na")
    with database(house, "desk").transaction() as tx:
        tx.execute("UPDATE sessions SET used_at = used_at - interval '20 minutes' WHERE staff = 'ding-na'")
        before = tx.rows("SELECT used_at FROM sessions WHERE staff = 'ding-na'")
    person.get("/inbox", headers={"HX-Request": "true", "HX-Trigger-Source": "live"})
    with database(house, "desk").transaction() as tx:
        assert tx.rows("SELECT used_at FROM sessions WHERE staff = 'ding-na'") == before
    person.get("/inbox")
    with database(house, "desk").transaction() as tx:
        assert tx.rows("SELECT used_at FROM sessions WHERE staff = 'ding-na'") != before


@pytest.mark.parametrize("cookie", ["", "x" * 43, "../../etc", "'; DROP TABLE sessions", "é" * 20, "x" * 4000])
def test_a_forged_cookie_opens_nothing(house: DeskHouse, cookie: str) -> None:
    visitor = house.visitor()
    reply = visitor.get("/account", headers={"Cookie": f"bancheng={cookie}".encode()})
    assert reply.status_code in (303, 400)
    assert not is_out(house.person("luo-min"))


@pytest.mark.parametrize("staff", ["he-jing", "luo-min", "gu-yan", "wei-tao"])
def test_no_form_is_taken_without_its_token(house: DeskHouse, staff: str) -> None:
    person = house.person(staff)
    tried = {endpoint: person.post(path, {"csrf_token": "forged"}).status_code for endpoint, path in POSTS.items()}
    assert {endpoint for endpoint, status in tried.items() if status != 403} == set()
    without = {endpoint: person.post(path, {}).status_code for endpoint, path in POSTS.items()}
    assert {endpoint for endpoint, status in without.items() if status != 403} == set()


def test_no_form_is_taken_from_who_is_not_logged_in(house: DeskHouse) -> None:
    for endpoint, path in POSTS.items():
        if endpoint in OPEN_TO_ALL:
            continue
        reply = house.visitor().post(path, {})
        assert reply.status_code in (302, 303, 404), endpoint
        assert "/login" in reply.headers.get("Location", "/login"), endpoint


def test_no_page_is_shown_to_who_is_not_logged_in(house: DeskHouse) -> None:
    for endpoint, path in addresses("GET").items():
        reply = house.visitor().get(path)
        if endpoint in ("account.log_in",):
            continue
        assert reply.status_code in (302, 303, 404), endpoint
        assert "/login" in reply.headers.get("Location", "/login"), endpoint


POSTS = addresses("POST")


def test_another_departments_ticket_is_acted_on_by_nobody(house: DeskHouse) -> None:
    ticket = house.actors.register("公积金提取申请被退回", "公积金提取申请三次被退回，说系统里查不到我的缴存。")
    assignment = house.actors.assignment(ticket, "GJJ")["id"]
    stranger, page = house.person("luo-min"), f"/tickets/{ticket.id}"
    token = {"csrf_token": stranger.csrf_token, "key": "k"}
    for path, form in (
        (f"{page}/assignments/{assignment}/accept", {}),
        (f"{page}/assignments/{assignment}/return", {"reason": "not_our_duty", "explanation": "这件事不归我们管"}),
        (f"{page}/assignments/{assignment}/complete", {"result": "办好了这件事"}),
        (f"{page}/answer", {"answer": "办好了这件事"}),
        (f"{page}/extension", {"working_days": "1", "reason": "需要更多时间", "legal_basis": "行政许可法第四十二条"}),
    ):
        assert stranger.post(path, token | form).status_code == 404, path
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"{page}?department=GJJ").status_code == 404, "naming the department gives none"
    assert ticket.number not in stranger.get("/search", params={"words": "公积金提取"}).text
    assert house.actors.assignment(ticket, "GJJ")["state"] == "made"


def test_the_code_of_the_second_factor_is_not_guessed(house: DeskHouse) -> None:
    person, path = house.person("yu-fei"), "/account/second-factor"
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", person.get(path).text)
    assert secret
    assert person.send(path, path, {"secret": secret[1], "code": pyotp.TOTP(secret[1]).now()}).status_code == 303
    visitor = house.visitor()
    visitor.log_in("yu-fei", house.password("yu-fei"))
    for nth in range(ATTEMPTS):
        assert visitor.send("/login/code", "/login/code", {"code": f"00000{nth}"}).status_code == 403
    assert house.visitor().log_in("yu-fei", house.password("yu-fei")).status_code == 403, "it is locked now"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nothing_leads_to_an_address_of_others(house: DeskHouse, elsewhere: str) -> None:
    person = house.person("luo-min")
    replies = [
        person.get("/login", params={"then": elsewhere}),
        person.send("/account", "/preferences", {"language": "en", "then": elsewhere}),
        house.visitor().post("/preferences", {"language": "zh", "then": elsewhere}),
        house.visitor().log_in("luo-min", house.password("luo-min"), then=elsewhere),
    ]
    assert [reply.headers["Location"] for reply in replies] == ["/"] * len(replies)


def test_no_page_is_shown_in_a_frame_of_others(house: DeskHouse) -> None:
    person = house.person("gu-yan")
    paths = ["/docket", "/account", "/nowhere", "/status", "/login", "/static/desk.css", "/static/nowhere"]
    for path in paths:
        for visitor in (person, house.visitor()):
            reply = visitor.get(path)
            assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"], path
            assert reply.headers["X-Frame-Options"] == "DENY", path
    refused = person.post("/logout", {"csrf_token": "forged"})
    assert (refused.status_code, refused.headers["X-Frame-Options"]) == (403, "DENY")


def test_nothing_is_put_into_a_page_unescaped() -> None:
    """But for the QR codes, which are drawn here."""
    for file in TEMPLATES.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r"{{\s*([\w.]+)\s*\|\s*safe", text)) <= {"picture"}, file.name
        assert "autoescape" not in text, file.name
        assert not re.search(r"<(?:script|style)\b(?![^>]*\bsrc=)|\son\w+=|javascript:|\bstyle=", text), file.name


def test_what_an_operator_types_is_text(house: DeskHouse) -> None:
    person = house.person("wei-tao")
    shown = [
        person.get("/calendar", params={"year": SCRIPT, "after": SCRIPT}),
        person.get("/parked", params={"service": SCRIPT, "after": SCRIPT, "done": SCRIPT}),
        person.get(f"/parked/{SCRIPT.replace('/', '')}/{new_id()}"),
        person.get("/center-file", params={"published": SCRIPT, "before": SCRIPT}),
        person.get("/center-file/compare", params={"before": SCRIPT, "after": SCRIPT}),
        person.get("/center-file/edit", params={"part": SCRIPT}),
    ]
    edit = "/center-file/edit"
    for part in ("yaml", SCRIPT):
        shown.append(person.send(f"{edit}?part=yaml", edit, {"part": part, "go": SCRIPT, "yaml": SCRIPT}))
    for reply in shown:
        assert reply.status_code < 500, reply.url
        assert "<script>alert" not in reply.text
        assert "<img" not in reply.text


def test_a_double_click_acts_once(house: DeskHouse) -> None:
    person, clerk = house.person("wei-tao"), house.person("he-jing")
    edit = "/center-file/edit"
    page = person.get(f"{edit}?part=yaml").text
    text = re.search(r'name="yaml"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    based_on = re.search(r'name="based_on" value="(\d+)"', page)
    assert text
    assert based_on
    form = {
        "part": "review",
        "go": "publish",
        "yaml": unescape(text[1]).replace("何静", "何敬"),
        "based_on": based_on[1],
    }
    form |= {"csrf_token": person.csrf_token, "key": "one form"}
    both = at_once(*[lambda: person.post(edit, form)] * 2)
    assert [reply.headers["Location"] for reply in both] == [f"/center-file?published={int(based_on[1]) + 1}"] * 2
    letter = {"title": "契税减免没有答复", "text": "契税减免申请交上去一个月。", "channel": "window"}
    letter |= {"applicant.kind": "person", "applicant.name": "周小满", "applicant.phone": "13900004321"}
    letter |= {"csrf_token": clerk.csrf_token, "key": "one form"}
    receipts = at_once(*[lambda: clerk.post("/desk/new", letter)] * 2)
    numbers = {re.findall(r'id="number">([^<]+)<', each.text)[0] for each in receipts}
    assert len(numbers) == 1


def test_who_loses_a_role_or_the_center_file_is_out_at_once(house: DeskHouse) -> None:
    operator, liaison = house.person("wei-tao"), house.person("zou-peng")
    assert operator.get("/parked").status_code == liaison.get("/inbox").status_code == 200
    center = demo_center()
    staff = {code: each for code, each in center.staff.items() if code != "zou-peng"}
    staff["wei-tao"] = dataclasses.replace(staff["wei-tao"], roles=())
    own = dataclasses.replace(center.departments["CGJ"], liaisons=("liu-yang",))
    with database(house, "routing").transaction() as tx:
        publish(tx, dataclasses.replace(center, staff=staff, departments=center.departments | {"CGJ": own}))
    house.sandbox.settle()
    for path in ("/parked", "/center-file", "/calendar"):
        assert operator.get(path).status_code == 404
    assert operator.get("/account").status_code == 200, "still somebody of the center, with no role"
    assert is_out(liaison, "/inbox")
    assert house.visitor().log_in("zou-peng", house.password("zou-peng")).status_code == 403
