"""Who comes in at the desk, by password, second factor or a sandbox's link; who does not, and how often one may try."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from click.testing import CliRunner, Result

from services.cli import main
from services.desk import store
from services.desk.actions import accounts, passwords
from services.desk.pages.account import ATTEMPTS_PER_MINUTE
from services.desk.rules.accounts import ATTEMPTS
from services.plumbing.database.logins import as_login, setting_of
from services.sandbox.accounts import give_account
from tests.stack.desk_house import DeskHouse, desk_house
from tests.stack.parked import database

_SECRET = re.compile(r"<code>([A-Z2-7]{32})</code>")


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def _now(house: DeskHouse) -> int:
    with database(house, "desk").transaction() as tx:
        return int(store.accounts.real_now(tx).timestamp())


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


def test_a_log_in_from_another_site_is_refused(house: DeskHouse) -> None:
    form = {"center": "BC", "staff": "he-jing", "password": house.password("he-jing")}
    assert house.visitor().post("/login", form, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_wrong_password_and_an_unknown_name_read_the_same(house: DeskHouse) -> None:
    wrong = house.visitor().log_in("he-jing", "not the password")
    unknown = house.visitor().log_in("nobody-at-all", "not the password")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace('value="he-jing"', "") == unknown.text.replace('value="nobody-at-all"', "")


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
    with database(house, "desk").transaction() as tx:
        rows = tx.rows("SELECT outcome, address FROM logins WHERE staff = 'somebody-else'")
    assert [(row.outcome, row.address) for row in rows] == [("unknown", visitor.address)]


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
        with database(strict, "desk").transaction() as tx:
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


def test_a_first_password_must_be_changed_and_ends_other_sessions(house: DeskHouse) -> None:
    other = house.person("tan-kai")
    with database(house, "desk").transaction() as tx:
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


def test_the_code_of_the_second_factor_is_not_guessed(house: DeskHouse) -> None:
    person, path = house.person("yu-fei"), "/account/second-factor"
    secret = _SECRET.search(person.get(path).text)
    assert secret
    assert person.send(path, path, {"secret": secret[1], "code": pyotp.TOTP(secret[1]).now()}).status_code == 303
    visitor = house.visitor()
    visitor.log_in("yu-fei", house.password("yu-fei"))
    for nth in range(ATTEMPTS):
        assert visitor.send("/login/code", "/login/code", {"code": f"00000{nth}"}).status_code == 403
    assert house.visitor().log_in("yu-fei", house.password("yu-fei")).status_code == 403, "it is locked now"
