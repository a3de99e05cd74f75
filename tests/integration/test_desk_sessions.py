"""What opens a session at the desk and what ends it: cookies that are stolen, forged or old, and who has left."""

import dataclasses
from collections.abc import Iterator

import pytest

from services.access import admission
from services.desk.rules.accounts import IDLE_FOR, LONGEST_SESSION
from services.routing.actions.publishing import publish
from services.sandbox.accounts import give_account
from tests.stack.desk_house import DeskHouse, Visitor, desk_house
from tests.stack.house import demo_center
from tests.stack.parked import database


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


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


def test_whose_tokens_are_revoked_is_logged_out(house: DeskHouse) -> None:
    person = house.person("gu-yan")
    assert person.get("/docket").status_code == 200
    with database(house, "routing").transaction() as tx:
        admission.revoke(tx, "BC", "gu-yan")
    house.sandbox.settle()
    assert person.get("/docket").headers["Location"].startswith("/login")


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


def test_who_leaves_the_center_file_is_out_at_once(house: DeskHouse) -> None:
    person = house.person("he-jing")
    assert person.get("/desk").status_code == 200
    center = demo_center()
    staff = {code: each for code, each in center.staff.items() if code != "he-jing"}
    own = dataclasses.replace(center.departments["ZWZX"], liaisons=("liu-yang",))
    gone = dataclasses.replace(center, staff=staff, departments=center.departments | {"ZWZX": own})
    with database(house, "routing").transaction() as tx:
        publish(tx, gone)
    house.sandbox.settle()
    assert person.get("/desk").headers["Location"].startswith("/login")
    assert house.visitor().log_in("he-jing", house.password("he-jing")).status_code == 403
