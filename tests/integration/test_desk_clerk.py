"""The clerk's desk: registering with what was told of earlier visits, similar tickets, the own ones on top, papers."""

import re
from collections.abc import Iterator

import pytest

from tests.stack.desk_house import DeskHouse, Visitor, desk_house
from tests.stack.eventually import eventually

SCRIPT = "<script>alert('x')</script>"
FORM = {
    "title": "发票开不出来",
    "text": "跑了三次税务窗口，都让等通知。",
    "channel": "window",
    "applicant.kind": "person",
    "applicant.name": "周小满",
    "applicant.phone": "13900001234",
}


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def clerk(house: DeskHouse) -> Visitor:
    return house.person("liu-yang")


def _register(clerk: Visitor, **more: object) -> tuple[str, str]:
    """The receipt, and the path of the ticket at the window."""
    reply = clerk.send("/desk/new", "/desk/new", FORM | more)
    assert reply.status_code == 200, reply.text
    clerk.house.sandbox.settle()
    (path,) = set(re.findall(r'href="(/desk/[0-9a-f-]{36})"', reply.text))
    return reply.text, path


def test_the_receipt_says_the_promise_in_words(clerk: Visitor) -> None:
    receipt, _ = _register(clerk)
    assert "4月30日 周四 17:00 前给出答复" in receipt
    assert "2 个工作日内" in receipt
    assert "首问责任人" in receipt
    assert "<svg" in receipt


def test_where_it_was_refused_before_is_kept_and_shown(house: DeskHouse, clerk: Visitor) -> None:
    more = {
        "where": ["税务局", f"街道办{SCRIPT}", ""],
        "times": ["3", "", "2"],
        "missing_materials": "租赁合同\n\n租赁合同\n股东会决议",
    }
    _, path = _register(clerk, **more)
    page = clerk.get(path).text
    for text in ("税务局 · 3 次", "1 次", "租赁合同", "股东会决议"):
        assert text in page
    assert SCRIPT not in page
    assert page.count("<li>租赁合同</li>") == 1
    liaison = house.person("luo-min")
    page = liaison.get(path.replace("/desk/", "/tickets/")).text
    assert "税务局 · 3 次" in page, "who has the ticket reads it too"
    assert SCRIPT not in page


def test_what_is_wrong_about_it_leaves_the_form_as_it_was(clerk: Visitor) -> None:
    reply = clerk.send("/desk/new", "/desk/new", FORM | {"where": ["税务局"], "times": ["1000"]})
    assert reply.status_code == 422
    assert 'value="税务局"' in reply.text
    assert 'value="1000"' in reply.text
    assert "发票开不出来" in reply.text


def test_earlier_tickets_like_it_are_shown_while_typing(house: DeskHouse, clerk: Visitor) -> None:
    actors = house.actors
    ticket = actors.register("发票领用簿遗失无法补办", f"找了三次税务窗口{SCRIPT}")
    actors.accept(ticket, "SWJ")
    actors.liaison("SWJ").post(f"/tickets/{ticket.id}/answer", {"answer": f"凭身份证当场补办。{SCRIPT}"})
    house.sandbox.settle()
    actors.window.post(f"/tickets/{ticket.id}/close", {"outcome": "resolved"})
    house.sandbox.settle()

    def shown() -> str:
        header = {"HX-Request": "true", "X-CSRF-Token": clerk.csrf_token}
        return clerk.post("/desk/similar", {"title": "发票领用簿遗失", "text": ""}, headers=header).text

    assert eventually(lambda: "凭身份证当场补办" in shown()), "it becomes findable a moment later"
    page = shown()
    assert SCRIPT not in page
    assert "解决" in page
    assert house.person("luo-min").send("/inbox", "/desk/similar", {"title": "发票领用簿遗失"}).status_code == 404


def test_what_one_follows_to_the_end_stands_on_top(house: DeskHouse, clerk: Visitor) -> None:
    _, path = _register(clerk, title="发票由我跟到底")
    page = clerk.get("/desk").text
    on_top = page.partition('<ul class="followed">')[2].partition("</ul>")[0]
    assert path in on_top
    assert "税务局" in on_top, "the department by its name"
    other = house.person("he-jing")
    assert path not in other.get("/desk").text.partition('<nav class="tabs"')[0]
    assert path in clerk.get("/desk?mine=1").text
    assert path not in other.get("/desk?mine=1").text


def test_papers_are_asked_for_until_a_day(clerk: Visitor) -> None:
    _, path = _register(clerk, missing_materials="租赁合同")
    assert "租赁合同</textarea>" in clerk.get(path).text, "what was missing elsewhere is there already"
    wrong = clerk.send(path, f"{path}/materials", {"items": "租赁合同", "due_on": "2027-01-01"})
    assert wrong.status_code == 422
    assert "补正截止日期" in wrong.text
    right = clerk.send(path, f"{path}/materials", {"items": "租赁合同\n股东会决议", "due_on": "2026-04-30"})
    assert right.status_code == 303
    assert "最晚 4月30日 周四 交来" in clerk.get(path).text


def test_a_ticket_is_taken_without_papers_that_are_promised(house: DeskHouse, clerk: Visitor) -> None:
    receipt, path = _register(clerk, missing_materials="租赁合同")
    form = {"tolerated": f"租赁合同\n委托书{SCRIPT}", "promised_on": "2026-05-20"}
    refused = clerk.send(path, f"{path}/tolerate", form)
    assert refused.status_code == 422
    assert "须申请人签字承诺" in refused.text
    assert clerk.send(path, f"{path}/tolerate", form | {"signed": "yes"}).status_code == 303
    ticket = path.replace("/desk/", "/tickets/")
    for visitor, address in ((clerk, path), (house.person("luo-min"), ticket)):
        page = visitor.get(address).text
        assert "容缺受理，申请人承诺 5月20日 周三 前补齐" in page
        assert SCRIPT not in page
    number, code = re.findall(r"<strong[^>]*>([^<]+)</strong>", receipt)
    page = house.visitor().post("/status", {"number": number, "code": code}).text
    assert "您承诺后补的材料" in page
    assert "最晚 5月20日 周三 交来" in page
    assert house.person("luo-min").send(ticket, f"{path}/tolerate", form).status_code == 404
