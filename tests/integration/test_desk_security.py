"""What nobody gets at the desk: without a form's token or a session, in another role or department, from elsewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from services.desk.pages import preferences, sides, trial
from services.plumbing.database.transaction import new_id
from tests.stack.desk_house import SCRIPT, DeskHouse, Visitor, desk_house
from tests.stack.raw_http import ask_raw, request, status_of

TEMPLATES = Path(__file__).parents[2] / "services" / "desk" / "templates"
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:x", "\\\\e")
OPEN_TO_ALL = {"account.try_to_log_in", "preferences.prefer"}
"""Forms that are there before there is a session; a log-in from elsewhere is refused by its origin."""


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def clerk(house: DeskHouse) -> Visitor:
    return house.person("he-jing")


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


POSTS = addresses("POST")


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


def test_a_form_without_its_token_is_refused(house: DeskHouse, clerk: Visitor) -> None:
    assert clerk.post("/desk/new", {"title": "x"}).status_code == 403
    assert clerk.post("/desk/new", {"title": "x", "csrf_token": "forged"}).status_code == 403
    token = clerk.csrf_token
    for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert clerk.post("/desk/new", {"title": "x", "csrf_token": token}, headers=header).status_code == 403
    assert house.person("luo-min").post("/inbox/accept", {"csrf_token": token}).status_code == 403


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


def test_a_body_where_none_belongs_is_no_second_request(house: DeskHouse) -> None:
    smuggled = request("GET", "/status", headers={"Host": "here"}, close=False)
    raw = request(
        "GET", "/login", headers={"Host": "here", "Content-Length": str(len(smuggled))}, body=smuggled, close=False
    )
    reply, _ = ask_raw(int(house.url.rpartition(":")[2]), raw, patience=2)
    assert status_of(reply) == 200
    assert reply.count(b"HTTP/1.1 ") == 1
