"""Earlier tickets like the one that is being typed are found, with how they were solved, by whom may see them."""

from typing import Any

from schemas.enums import Role
from tests.integration.routing.desk import CLERK, DIRECTOR, HOUSING, STRANGER, TAX, Desk, Header
from tests.integration.routing.test_search import registered
from tests.stack.access import bearer


def similar(desk: Desk, title: str, who: Header = CLERK, text: str = "") -> list[dict[str, Any]]:
    """What is shown while ``title`` is typed."""
    reply = desk.ask("POST", "/tickets:similar", who, {"title": title, "text": text})
    assert reply.status_code == 200, reply.text
    items: list[dict[str, Any]] = reply.json()["items"]
    return items


def test_how_a_similar_ticket_was_solved_is_shown(desk: Desk) -> None:
    solved = registered(desk, "发票领用簿遗失无法补办", text="找了三次税务窗口，都说系统里没有。")
    open_one = registered(desk, "发票领用簿遗失无法补办怎么处理", text="都说没有这个业务。")
    registered(desk, "发票污水管道堵塞", text="楼下的污水管道堵了。")
    desk.signs(solved, "SWJ", TAX)
    desk.does(TAX, f"/tickets/{solved}/answer", answer="凭身份证到三号窗口当场补办。" + "。" * 400)
    found = similar(desk, "发票领用簿遗失", text="补办不了")
    assert [each["id"] for each in found] == [str(solved), str(open_one)], "what was solved stands first"
    assert found[0]["answer"].startswith("凭身份证到三号窗口当场补办")
    assert len(found[0]["answer"]) == 300
    assert found[0]["state"] == "answered"
    assert 0.2 <= found[0]["likeness"] <= 1


def test_a_few_letters_or_words_of_nowhere_find_nothing(desk: Desk) -> None:
    for typed in ("", "发", "发票", "鼋鼍龘靐齉齾"):
        assert similar(desk, typed) == []


def test_only_what_one_may_see_is_found(desk: Desk) -> None:
    ticket_id = registered(desk, "发票和紫云英花海")
    assert [each["id"] for each in similar(desk, "紫云英花海", DIRECTOR)] == [str(ticket_id)]
    assert [each["id"] for each in similar(desk, "紫云英花海", TAX)] == [str(ticket_id)]
    assert similar(desk, "紫云英花海", HOUSING) == []
    assert similar(desk, "紫云英花海", STRANGER) == []
    for who in (None, bearer("watchman", Role.OPS)):
        assert desk.ask("POST", "/tickets:similar", who, {"title": "紫云英花海"}).status_code in (401, 403)


def test_the_longest_text_is_answered_quickly(desk: Desk) -> None:
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(20_000))
    reply = desk.ask("POST", "/tickets:similar", CLERK, {"title": "发票", "text": text})
    assert reply.status_code == 200
    assert reply.elapsed.total_seconds() < 1
