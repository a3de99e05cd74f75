"""What citizens read and do with number and code, and no account, on the desk's page."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
import requests

from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse, Visitor, desk_house

_TAG = re.compile(r"<[^>]+>")
_STEP = re.compile(r'<li class="(done|)"')
_CURRENT = re.compile(r'aria-current="step">([^<]+)<')


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def _look(house: DeskHouse, ticket: Ticket, visitor: Visitor | None = None) -> str:
    """What the citizen's page shows."""
    reply = (visitor or house.visitor()).post("/status", {"number": ticket.number, "code": ticket.code})
    assert reply.status_code == 200, reply.text
    return reply.text


def _words(page: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", page)).split())


def _act(house: DeskHouse, ticket: Ticket, path: str, **form: str) -> requests.Response:
    visitor = house.visitor()
    hidden = dict(re.findall(r'<input type="hidden" name="(key|number|code)" value="([^"]+)"', _look(house, ticket)))
    return visitor.post(path, hidden | form)


def test_the_line_of_steps_goes_on_with_the_ticket(house: DeskHouse) -> None:
    actors = house.actors
    ticket = actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")

    def step() -> str:
        (current,) = _CURRENT.findall(_look(house, ticket))
        return str(current)

    assert step() == "交办"
    actors.accept(ticket, "SWJ")
    house.sandbox.settle()
    assert step() == "办理"
    actors.liaison("SWJ").post(f"/tickets/{ticket.id}/answer", {"answer": "开票权限已恢复，可到窗口领票。"})
    house.sandbox.settle()
    assert step() == "答复"
    assert "开票权限已恢复" in _look(house, ticket)
    reply = _act(house, ticket, "/status/rating", rating="very_satisfied")
    assert _CURRENT.findall(reply.text) == ["评价"]
    assert "您的评价：非常满意" in reply.text


def test_why_it_is_promised_for_that_day_is_told_day_by_day(house: DeskHouse) -> None:
    """Registered on Tuesday 28 April: two working days are Wednesday and Thursday, before the holiday."""
    ticket = house.actors.register("契税发票减免", "契税减免申请交上去一个月，没有答复。")
    words = _words(_look(house, ticket))
    assert "我们承诺在 4月30日 周四 17:00 前答复您" in words
    for line in ("4月28日 周二 不计", "受理当日不计入", "4月29日 周三 第 1 日", "4月30日 周四 第 2 日"):
        assert line in words
    assert "最晚 17:00 答复" in words
    assert "承办部门：税务局" in words


def test_what_is_to_be_brought_and_by_when_stands_there(house: DeskHouse) -> None:
    ticket = house.actors.register("营业执照变更发票", "营业执照变更法人，每次都说缺材料。")
    house.actors.clerk.post(
        f"/tickets/{ticket.id}/materials", {"items": ["股东会决议<script>"], "due_on": "2026-04-30"}
    )
    words = _words(_look(house, ticket))
    assert "最晚 4月30日 周四 交来" in words
    assert "股东会决议<script>" in words
    assert "<script>" not in _look(house, ticket).partition("<main")[2]
    assert "为什么是这一天" not in words, "no day is promised while it waits"


def test_a_bad_rating_says_what_happens_next(house: DeskHouse) -> None:
    actors = house.actors
    ticket = actors.register("发票第二轮", "跑了三次税务窗口，都让等通知。")
    actors.accept(ticket, "SWJ")
    actors.liaison("SWJ").post(f"/tickets/{ticket.id}/answer", {"answer": "请再等等，我们正在研究。"})
    house.sandbox.settle()
    reply = _act(house, ticket, "/status/rating", rating="very_dissatisfied", comment="还是开不出")
    assert reply.status_code == 200, reply.text
    house.sandbox.settle()
    words = _words(_look(house, ticket))
    assert "第 2 轮" in words
    assert "重新承诺" in words
    assert "上一轮的答复" in words
    again = _act(house, ticket, "/status/rating", rating="satisfied")
    assert again.status_code == 409


def test_a_broken_promise_is_owned_to(house: DeskHouse) -> None:
    actors = house.actors
    ticket = actors.register("发票超期", "跑了三次税务窗口，都让等通知。")
    actors.now("2026-05-06 09:00")
    assert "未能做到" in _words(_look(house, ticket))


def test_who_withdraws_reads_that_and_can_do_no_more(house: DeskHouse) -> None:
    ticket = house.actors.register("发票撤回", "跑了三次税务窗口，都让等通知。")
    reply = _act(house, ticket, "/status/withdraw")
    assert "您已撤回" in reply.text
    assert "撤回我的事项" not in reply.text


def test_a_wrong_code_shows_nothing_of_the_ticket(house: DeskHouse) -> None:
    ticket = house.actors.register("发票密码", "跑了三次税务窗口，都让等通知。")
    reply = house.visitor().post("/status", {"number": ticket.number, "code": "22222222"})
    assert reply.status_code == 404
    assert "发票密码" not in reply.text
