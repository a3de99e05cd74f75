"""The desk over HTTP: who comes in, what a form must show, and what nobody gets to see."""

import dataclasses
import re
from collections.abc import Iterator

import pyotp
import pytest
from click.testing import CliRunner, Result

from services.access import admission
from services.cli import main
from services.desk import store
from services.desk.actions import accounts, passwords
from services.desk.pages.account import ATTEMPTS_PER_MINUTE
from services.desk.rules.accounts import ATTEMPTS
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login, setting_of
from services.routing.actions.publishing import publish
from services.sandbox.accounts import give_account
from tests.stack.desk_house import DeskHouse, Visitor, desk_house
from tests.stack.house import demo_center
from tests.stack.raw_http import ask_raw, request, status_of

SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
_SECRET = re.compile(r"<code>([A-Z2-7]{32})</code>")


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def clerk(house: DeskHouse) -> Visitor:
    return house.person("he-jing")


def _database(house: DeskHouse, service: str) -> Database:
    return Database(as_login(house.sandbox.database_url, f"bancheng_{service}"), service, size=1)


def _ticket(visitor: Visitor, **more: str) -> str:
    """Register a ticket by the form; the number on its receipt."""
    form = {
        "title": "发票开不出来",
        "text": "跑了三次税务窗口，都让等通知。",
        "channel": "window",
        "applicant.kind": "person",
        "applicant.name": "周小满",
        "applicant.phone": "13900001234",
    }
    reply = visitor.send("/desk/new", "/desk/new", form | more)
    assert reply.status_code == 200, reply.text
    visitor.house.sandbox.settle()
    return reply.text


def test_who_is_not_logged_in_is_sent_to_the_form_and_comes_back(house: DeskHouse) -> None:
    visitor = house.visitor()
    reply = visitor.get("/desk?state=assigned")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/login?then=/desk?state%3Dassigned")
    reply = visitor.log_in("he-jing", house.password("he-jing"), then="/desk?state=assigned")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/desk?state=assigned")
    assert visitor.get("/desk").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:x"],
)
def test_a_log_in_leads_to_no_address_of_others(house: DeskHouse, elsewhere: str) -> None:
    reply = house.visitor().log_in("he-jing", house.password("he-jing"), then=elsewhere)
    assert (reply.status_code, reply.headers["Location"]) == (303, "/")


def test_a_wrong_password_and_an_unknown_name_read_the_same(house: DeskHouse) -> None:
    wrong = house.visitor().log_in("he-jing", "not the password")
    unknown = house.visitor().log_in("nobody-at-all", "not the password")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text == unknown.text


def test_five_wrong_passwords_lock_and_the_answer_stays_the_same(house: DeskHouse) -> None:
    right = house.password("ding-na")
    answers = {house.visitor().log_in("ding-na", "not the password").text for _ in range(ATTEMPTS)}
    reply = house.visitor().log_in("ding-na", right)
    assert reply.status_code == 403
    assert answers == {reply.text}
    give_account(house.sandbox, "ding-na")


def test_who_tries_one_password_on_everybody_is_slowed_down(house: DeskHouse) -> None:
    visitor = house.visitor()
    tried = [visitor.log_in(f"somebody-{nth}", "password-1").status_code for nth in range(ATTEMPTS_PER_MINUTE + 1)]
    assert tried == [403] * ATTEMPTS_PER_MINUTE + [429]


def test_a_center_behind_one_address_logs_in_at_the_same_minute(house: DeskHouse) -> None:
    password, browsers = house.password("liu-yang"), [house.visitor() for _ in range(ATTEMPTS_PER_MINUTE + 5)]
    for browser in browsers:
        browser.http.headers["X-Forwarded-For"] = "10.9.9.9"
    assert [browser.log_in("liu-yang", password).status_code for browser in browsers] == [303] * len(browsers)


def test_every_attempt_is_written_down(house: DeskHouse) -> None:
    visitor = house.visitor()
    visitor.log_in("somebody-else", "not the password")
    with _database(house, "desk").transaction() as tx:
        rows = tx.rows("SELECT outcome, address FROM logins WHERE staff = 'somebody-else'")
    assert [(row.outcome, row.address) for row in rows] == [("unknown", visitor.address)]


def test_a_form_without_its_token_is_refused(house: DeskHouse, clerk: Visitor) -> None:
    assert clerk.post("/desk/new", {"title": "x"}).status_code == 403
    assert clerk.post("/desk/new", {"title": "x", "csrf_token": "forged"}).status_code == 403
    token = clerk.csrf_token
    for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert clerk.post("/desk/new", {"title": "x", "csrf_token": token}, headers=header).status_code == 403
    assert house.person("luo-min").post("/inbox/accept", {"csrf_token": token}).status_code == 403


def test_a_log_in_from_another_site_is_refused(house: DeskHouse) -> None:
    form = {"center": "BC", "staff": "he-jing", "password": house.password("he-jing")}
    assert house.visitor().post("/login", form, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_forged_or_an_ended_cookie_opens_nothing(house: DeskHouse) -> None:
    visitor = house.visitor()
    visitor.http.cookies.set("bancheng", "x" * 43)
    assert visitor.get("/desk").headers["Location"].startswith("/login")
    person = house.person("he-jing")
    cookie = person.http.cookies["bancheng"]
    assert person.send("/account", "/logout", {}).status_code == 303
    person.http.cookies.set("bancheng", cookie)
    assert person.get("/desk").headers["Location"].startswith("/login")


def test_a_planted_cookie_is_never_made_good(house: DeskHouse) -> None:
    visitor = house.visitor()
    visitor.http.cookies.set("bancheng", "planted", domain="127.0.0.1")
    cookie = visitor.log_in("he-jing", house.password("he-jing")).headers["Set-Cookie"]
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_each_page_says_what_a_browser_may_load(house: DeskHouse, clerk: Visitor) -> None:
    for reply in (
        clerk.get("/desk"),
        house.visitor().get("/login"),
        house.visitor().get("/status"),
        clerk.get("/nowhere"),
    ):
        policy = reply.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cache-Control"] == "no-store"


def test_another_departments_ticket_is_not_there(house: DeskHouse) -> None:
    ticket = house.actors.register("公积金提取申请被退回", "公积金提取申请三次被退回，说系统里查不到我的缴存。")
    assert house.person("zhong-ling").get(f"/tickets/{ticket.id}").status_code == 200
    assert house.person("luo-min").get(f"/tickets/{ticket.id}").status_code == 404


@pytest.mark.parametrize(
    ("staff", "path"),
    [
        ("luo-min", "/desk"),
        ("luo-min", "/docket"),
        ("he-jing", "/docket"),
        ("wei-tao", "/search"),
        ("gu-yan", "/inbox"),
    ],
)
def test_a_page_of_another_role_is_not_there(house: DeskHouse, staff: str, path: str) -> None:
    assert house.person(staff).get(path).status_code == 404


def test_a_fault_stands_beside_its_field_in_the_readers_language(clerk: Visitor) -> None:
    form = {
        "title": "发票",
        "text": "开不出来",
        "channel": "window",
        "applicant.kind": "person",
        "applicant.phone": "139",
    }
    reply = clerk.send("/desk/new", "/desk/new", form)
    assert reply.status_code == 422
    assert re.search(r'id="applicant\.phone-fault">须为 11 位手机号', reply.text)
    assert re.search(r'id="applicant\.name-fault">此项必填', reply.text)
    assert 'value="发票"' in reply.text


def test_what_people_write_is_text_and_never_markup(house: DeskHouse, clerk: Visitor) -> None:
    """In every field that is free, on every page that shows it."""
    receipt = _ticket(clerk, **{"title": SCRIPT[:100], "text": f"发票 {SCRIPT}", "applicant.name": SCRIPT[:30]})
    (ticket,) = set(re.findall(r'href="/desk/([0-9a-f-]{36})"', receipt))
    number, code = re.findall(r"<strong[^>]*>([^<]+)</strong>", receipt)
    liaison = house.person("luo-min")
    page = f"/tickets/{ticket}"
    (assignment_id,) = set(
        re.findall(rf"/tickets/{ticket}/assignments/([0-9a-f-]{{36}})/accept", liaison.get(page).text)
    )
    assert liaison.send(page, f"{page}/assignments/{assignment_id}/accept", {}).status_code == 303
    more = {"working_days": "1", "reason": SCRIPT, "legal_basis": SCRIPT}
    assert liaison.send(page, f"{page}/extension", more).status_code == 303
    house.sandbox.settle()
    shown = [house.person("gu-yan").get("/docket").text]
    assert liaison.send(page, f"{page}/answer", {"answer": SCRIPT}).status_code == 303
    house.sandbox.settle()
    shown += [liaison.get(path).text for path in (page, "/inbox", "/search?words=script")]
    shown += [clerk.get(path).text for path in ("/desk", f"/desk/{ticket}", page)]
    citizen = house.visitor()
    shown.append(citizen.post("/status", {"number": number, "code": code}).text)
    shown.append(citizen.post("/status", {"number": SCRIPT, "code": SCRIPT}).text)
    shown.append(liaison.get("/search", params={"words": SCRIPT}).text)
    shown.append(house.visitor().log_in(SCRIPT, SCRIPT, then=SCRIPT).text)
    for text in shown:
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "49" not in re.findall(r"onerror=alert\(1\)(?:&gt;|>)(\d+)", text)
    assert any("&lt;script&gt;" in text for text in shown)


def test_a_form_that_is_sent_twice_makes_one_ticket(house: DeskHouse, clerk: Visitor) -> None:
    form = {
        "title": "契税减免没有答复",
        "text": "契税减免申请交上去一个月。",
        "channel": "window",
        "applicant.kind": "person",
        "applicant.name": "周小满",
        "applicant.phone": "13900004321",
        "key": "the-same-key-of-one-form",
        "csrf_token": clerk.csrf_token,
    }
    first, second = (clerk.post("/desk/new", form).text for _ in range(2))
    numbers = [re.findall(r'id="number">([^<]+)<', text) for text in (first, second)]
    assert numbers[0] == numbers[1] != []


def test_a_citizens_wrong_code_and_unknown_number_read_the_same(house: DeskHouse) -> None:
    ticket = house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    citizen = house.visitor()
    unknown = citizen.post("/status", {"number": ticket.number[:-4] + "9999", "code": ticket.code})
    wrong = citizen.post("/status", {"number": ticket.number, "code": "WRONGCODE"})
    assert unknown.status_code == wrong.status_code == 404
    assert ticket.number in wrong.text
    assert "周小满" not in citizen.post("/status", {"number": ticket.number, "code": ticket.code}).text


def test_a_body_where_none_belongs_is_no_second_request(house: DeskHouse) -> None:
    smuggled = request("GET", "/status", headers={"Host": "here"}, close=False)
    raw = request(
        "GET", "/login", headers={"Host": "here", "Content-Length": str(len(smuggled))}, body=smuggled, close=False
    )
    reply, _ = ask_raw(int(house.url.rpartition(":")[2]), raw, patience=2)
    assert status_of(reply) == 200
    assert reply.count(b"HTTP/1.1 ") == 1


def test_the_second_factor_is_asked_for_and_a_code_is_good_once(house: DeskHouse) -> None:
    person = house.person("cai-yun")
    secret = _SECRET.search(person.get("/account/second-factor").text)
    assert secret
    totp, path = pyotp.TOTP(secret[1]), "/account/second-factor"
    assert person.send(path, path, {"secret": secret[1], "code": "000000"}).status_code == 422
    code = totp.now()
    assert person.send(path, path, {"secret": secret[1], "code": code}).status_code == 303
    assert person.send("/account", path, {"secret": secret[1], "code": code}).status_code == 403, "not over the first"

    visitor = house.visitor()
    reply = visitor.log_in("cai-yun", house.password("cai-yun"))
    assert reply.headers["Location"].startswith("/login/code")
    assert visitor.get("/inbox").headers["Location"].startswith("/login/code"), "the password alone opens nothing"
    assert visitor.send("/login/code", "/login/code", {"code": code}).status_code == 403, "that one has been used"
    later = totp.at(_now(house) + 30)
    assert visitor.send("/login/code", "/login/code", {"code": later}).status_code == 303
    assert visitor.get("/inbox").status_code == 200


def test_where_everybody_needs_a_second_factor_nobody_gets_by() -> None:
    with desk_house(second_factor="required") as strict:
        with _database(strict, "desk").transaction() as tx:
            accounts.reset(tx, "BC", "he-jing", passwords.hash_password("the first password 1"))
        person = strict.visitor()
        person.log_in("he-jing", "the first password 1")
        fresh = {"password": "a long one of my own", "again": "a long one of my own"}
        path = "/account/second-factor"
        assert person.send("/login/password", "/login/password", fresh).headers["Location"].startswith(path)
        assert person.get("/desk").headers["Location"].startswith(path)
        secret = _SECRET.search(person.get(path).text)
        assert secret
        code = pyotp.TOTP(secret[1]).at(_now(strict))
        assert person.send(path, path, {"secret": secret[1], "code": code}).status_code == 303
        assert person.get("/desk").status_code == 200


def test_an_administrator_lets_somebody_in_and_shuts_them_out(house: DeskHouse) -> None:
    environment = {setting_of("desk"): as_login(house.sandbox.database_url, "bancheng_desk")}

    def run(*arguments: str) -> Result:
        return CliRunner(env=environment).invoke(main, ["account", *arguments, "--center", "BC"])

    password = run("add", "--staff", "shi-lan").output.strip()
    person = house.visitor()
    assert person.log_in("shi-lan", password).headers["Location"].startswith("/login/password")
    assert run("add", "--staff", "shi-lan").exit_code == 1, "there is one already"
    assert run("add", "--staff", "nobody-at-all").exit_code == 1
    assert "shi-lan" in run("list").output
    other = run("reset", "--staff", "shi-lan").output.strip()
    assert house.visitor().log_in("shi-lan", password).status_code == 403
    assert house.visitor().log_in("shi-lan", other).status_code == 303
    assert run("lock", "--staff", "shi-lan").exit_code == 0
    assert house.visitor().log_in("shi-lan", other).status_code == 403


def _now(house: DeskHouse) -> int:
    with _database(house, "desk").transaction() as tx:
        return int(store.accounts.real_now(tx).timestamp())


def test_a_first_password_must_be_changed_and_ends_other_sessions(house: DeskHouse) -> None:
    other = house.person("tan-kai")
    with _database(house, "desk").transaction() as tx:
        accounts.reset(tx, "BC", "tan-kai", passwords.hash_password("the first password 1"))
    assert other.get("/inbox").headers["Location"].startswith("/login")
    person, path = house.visitor(), "/login/password"
    assert person.log_in("tan-kai", "the first password 1").headers["Location"].startswith(path)
    assert person.get("/inbox").headers["Location"].startswith(path)
    assert person.send(path, path, {"password": "short", "again": "short"}).status_code == 422
    fresh = {"password": "a long one of my own", "again": "a long one of my own"}
    assert person.send(path, path, fresh).status_code == 303
    assert person.get("/inbox").status_code == 200
    more = {"password": "yet another long one", "again": "yet another long one"}
    assert person.send(path, path, more | {"current": "not mine"}).status_code == 422, "a screen left open is no key"
    assert person.send(path, path, more | {"current": fresh["password"]}).status_code == 303


def test_language_and_size_of_text_are_kept_by_the_browser(house: DeskHouse) -> None:
    citizen = house.visitor()
    assert 'lang="zh-CN"' in citizen.get("/status").text
    reply = citizen.post("/preferences", {"language": "en", "text": "large", "then": "/status"})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/status")
    page = citizen.get("/status").text
    assert '<html lang="en" class="large">' in page
    assert "Where does my ticket stand?" in page
    citizen.post("/preferences", {"language": "<script>", "text": "huge", "then": "/status"})
    assert '<html lang="en" class="large">' in citizen.get("/status").text


def test_staff_sees_nothing_of_an_applicant_without_a_reason(house: DeskHouse, clerk: Visitor) -> None:
    receipt = _ticket(clerk, **{"applicant.phone": "13900007777"})
    (path,) = set(re.findall(r'href="(/desk/[0-9a-f-]{36})"', receipt))
    assert "13900007777" not in clerk.get(path).text
    assert clerk.send(path, f"{path}/applicant", {"reason": "1"}).status_code == 422
    assert "13900007777" in clerk.send(path, f"{path}/applicant", {"reason": "须与当事人电话核实"}).text


def test_who_leaves_the_center_file_is_out_at_once(house: DeskHouse) -> None:
    person = house.person("he-jing")
    assert person.get("/desk").status_code == 200
    center = demo_center()
    staff = {code: each for code, each in center.staff.items() if code != "he-jing"}
    own = dataclasses.replace(center.departments["ZWZX"], liaisons=("liu-yang",))
    gone = dataclasses.replace(center, staff=staff, departments=center.departments | {"ZWZX": own})
    with _database(house, "routing").transaction() as tx:
        publish(tx, gone)
    house.sandbox.settle()
    assert person.get("/desk").headers["Location"].startswith("/login")
    assert house.visitor().log_in("he-jing", house.password("he-jing")).status_code == 403


def test_whose_tokens_are_revoked_is_logged_out(house: DeskHouse) -> None:
    person = house.person("gu-yan")
    assert person.get("/docket").status_code == 200
    with _database(house, "routing").transaction() as tx:
        admission.revoke(tx, "BC", "gu-yan")
    house.sandbox.settle()
    assert person.get("/docket").headers["Location"].startswith("/login")


def test_a_sandbox_has_links_that_log_in(house: DeskHouse) -> None:
    link = house.sandbox.trial_link("liu-yang").removeprefix(house.url)
    visitor = house.visitor()
    assert visitor.get(link).status_code == 303
    assert visitor.get("/desk").status_code == 200


def test_a_forged_link_logs_nobody_in(house: DeskHouse) -> None:
    link = house.sandbox.trial_link("liu-yang").removeprefix(house.url)
    visitor = house.visitor()
    assert visitor.get(link.replace("liu-yang", "he-jing")).status_code == 404
    assert visitor.get("/desk").status_code == 303
