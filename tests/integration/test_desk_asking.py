"""The question base on the desk's pages: asked by citizens and the staff; a solved ticket made known in two clicks."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.e2e.actors import Ticket
from tests.stack.desk_house import SCRIPT, DeskHouse, Visitor, desk_house, found
from tests.stack.question_base import publish

TOLD = re.compile(r'action="(/(?:ask|answers)/[0-9a-f-]+/helped)"')
INTERNAL = "公积金提取的内部口径"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        publish(standing, answer=f"到二楼窗口提取。{SCRIPT}")
        publish(standing, question=INTERNAL, other_wordings=["公积金怎么提取：窗口口径"], audience="window")
        yield standing


def solved(house: DeskHouse, answer: str) -> Ticket:
    actors = house.actors
    ticket = actors.register(f"公积金提取被退回{SCRIPT}", "三次被退回，说系统里查不到缴存。")
    actors.accept(ticket, "GJJ")
    actors.liaison("GJJ").post(f"/tickets/{ticket.id}/answer", {"answer": answer})
    house.sandbox.settle()
    actors.window.post(f"/tickets/{ticket.id}/close", {"outcome": "resolved"})
    house.sandbox.settle()
    return ticket


def ask(visitor: Visitor, path: str, words: str) -> str:
    return visitor.send(path, path, {"words": words}).text if path == "/answers" else _asked(visitor, words)


def _asked(visitor: Visitor, words: str) -> str:
    reply = visitor.post("/ask", {"words": words})
    assert reply.status_code == 200, reply.text
    return reply.text


def test_a_citizen_asks_without_an_account(house: DeskHouse) -> None:
    visitor = house.visitor()
    assert "您想问什么" in visitor.get("/ask").text
    page = ask(visitor, "/ask", "公积金怎么提取")
    for words in ("到二楼窗口提取", "《住房公积金管理条例》", "自2002年3月24日起施行", "2026年4月28日复核", "身份证"):
        assert words in page
    assert INTERNAL not in page
    assert SCRIPT not in page
    assert SCRIPT in unescape(page)
    thanks = visitor.post(found(TOLD, page), {"result": "yes"})
    assert "很高兴帮到您" in thanks.text
    assert "暂时没有这个问题的答案" in ask(visitor, "/ask", "鼋鼍龘靐")
    assert "microphone=()" in visitor.get("/ask").headers["Permissions-Policy"], "the center takes none"
    assert visitor.get("/status").text.count('href="/ask"') == 1


def test_the_staff_is_shown_more_and_says_what_is_missing(house: DeskHouse) -> None:
    clerk = house.person("he-jing")
    page = ask(clerk, "/answers", "公积金怎么提取")
    assert INTERNAL in page
    assert "复制答复" in page
    thanks = clerk.post(found(TOLD, page), {"csrf_token": clerk.csrf_token, "result": "not_there"})
    assert "问得多的问题" in thanks.text
    assert "可提出补充" in ask(clerk, "/answers", "养狗登记")
    assert house.visitor().get("/answers").status_code == 303
    typed = clerk.post("/desk/similar", {"csrf_token": clerk.csrf_token, "title": "公积金怎么提取", "text": ""}).text
    assert "问答库里有答复" in typed


def test_a_solved_ticket_is_made_known_in_two_clicks(house: DeskHouse) -> None:
    ticket = solved(house, "缴存记录已补录。")
    path, leader = f"/tickets/{ticket.id}", house.person("gu-yan")
    assert "推广这件事的办法" in leader.get(path).text
    assert "推广这件事的办法" not in house.person("tan-lihua").get(path).text
    words = {"title": "公积金提取一次办成", "text": "", "answer": "缴存记录已补录。"}
    refused = leader.send(path, f"{path}/promote", words | {"to": "typical_case", "text": "电话13812348000"})
    assert refused.status_code == 422
    assert "还有电话号码，请删去" in refused.text
    assert leader.send(path, f"{path}/promote", words | {"to": "entry"}).status_code == 303
    assert leader.send(path, f"{path}/promote", words | {"to": "typical_case"}).status_code == 303
    page = leader.get(path).text
    assert "已转为问答库草稿：Q-" in page
    assert "等待以下部门同意：住房公积金管理中心" in page

    assert words["title"] not in house.person("he-jing").get("/cases").text
    liaison = house.person("zhong-ling")
    assert words["title"] in liaison.get("/cases?state=awaiting").text
    act = {"department": "GJJ", "consents": "yes"}
    assert liaison.send("/cases?state=awaiting", f"/cases/{ticket.id}/consent", act).status_code == 303
    assert words["title"] in house.person("he-jing").get("/cases").text
    assert liaison.send("/cases", "/answers", {"words": "公积金"}).status_code == 200
