"""The desk over HTTP: what its forms take and show again, and that what people write is text."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.stack.at_once import at_once
from tests.stack.desk_house import SCRIPT, DeskHouse, Visitor, desk_house


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def clerk(house: DeskHouse) -> Visitor:
    return house.person("he-jing")


def registered(visitor: Visitor, **more: str) -> str:
    """Register a ticket by the form; the page with its receipt."""
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
    receipt = registered(clerk, **{"title": SCRIPT[:100], "text": f"发票 {SCRIPT}", "applicant.name": SCRIPT[:30]})
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
    receipt = registered(clerk, **{"applicant.phone": "13900007777"})
    (path,) = set(re.findall(r'href="(/desk/[0-9a-f-]{36})"', receipt))
    assert "13900007777" not in clerk.get(path).text
    assert clerk.send(path, f"{path}/applicant", {"reason": "1"}).status_code == 422
    assert "13900007777" in clerk.send(path, f"{path}/applicant", {"reason": "须与当事人电话核实"}).text


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
