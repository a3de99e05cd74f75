"""Tickets are found by words and numbers, each by whom may see it."""

from contextlib import closing
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg2

from tests.integration.routing.desk import CLERK, HOUSING, STRANGER, TAX, Desk, Header
from tests.stack.eventually import eventually


def registered(desk: Desk, title: str, **changes: Any) -> UUID:
    """A new ticket that can be found."""
    ticket_id = desk.registered(title, **changes)
    assert eventually(lambda: not desk.house.rows("SELECT ticket_id FROM search_backlog"), seconds=30)
    return ticket_id


def found(desk: Desk, search: str, who: Header = CLERK, **query: Any) -> list[UUID]:
    """All tickets that are found, read page by page."""
    ids, after = list[UUID](), dict[str, str]()
    while True:
        page = desk.ask("GET", f"/tickets?{urlencode({'search': search, **query, **after})}", who).json()
        ids += [UUID(each["id"]) for each in page["items"]]
        if page["next"] is None:
            return ids
        after = {"after": page["next"]}


def test_a_ticket_is_found_by_words_and_by_its_number(desk: Desk) -> None:
    ticket_id = registered(desk, "发票和滴水湖", text="找了三次，滴水湖窗口说没有。")
    other = registered(desk, "发票和滴水", text="水湖在别处")
    assert found(desk, "滴水湖") == [ticket_id]
    assert found(desk, "水湖") == [other, ticket_id], "the newest first"
    assert found(desk, desk.ticket(ticket_id)["number"].lower()) == [ticket_id]
    assert found(desk, "滴水湖", state="closed") == []


def test_candidates_that_do_not_fit_do_not_end_the_search(desk: Desk) -> None:
    wanted = registered(desk, "发票和望江楼阁")
    others = [desk.registered("发票和望江，江楼，楼阁") for _ in range(8)]
    registered(desk, "发票和望江，江楼，楼阁")
    assert found(desk, "望江楼阁", limit=2) == [wanted]
    assert len(found(desk, "望江", limit=3)) == len(others) + 2


def test_a_department_finds_what_it_has_a_part_in_and_nobody_else_does(desk: Desk) -> None:
    ticket_id = registered(desk, "发票和青云路")
    assert found(desk, "青云路", TAX) == [ticket_id]
    assert found(desk, "青云路", HOUSING) == []
    assert found(desk, "青云路", STRANGER) == []
    mine = desk.ask("GET", "/tickets?limit=200", HOUSING).json()["items"]
    assert [each for each in mine if "ZJJ" in {each["lead"], *each["assisting"]}] == mine


def test_a_search_for_one_character_is_refused_by_name(desk: Desk) -> None:
    for search in ("税", "，，", "x" * 101):
        reply = desk.ask("GET", f"/tickets?{urlencode({'search': search})}", CLERK)
        assert (reply.status_code, set(reply.json()["errors"])) == (422, {"search"})


def test_of_a_word_that_stands_in_thousands_the_newest_tickets_come_first(desk: Desk) -> None:
    with closing(psycopg2.connect(desk.house.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SET search_path = routing, bancheng")
        cursor.execute(
            "INSERT INTO tickets (id, center, number, title, text, channel, first_responsible, registered_at, state)"
            " SELECT uuidv7(), 'BC', 'BC-many-' || n, '常用词语', '', 'window', 'he-jing', now(), 'answered'"
            " FROM generate_series(1, 2100) AS n"
        )
        cursor.execute(
            "INSERT INTO search_terms SELECT id, center, ARRAY['常用', '用词', '词语'] FROM tickets"
            " WHERE number LIKE 'BC-many-%'"
        )
    newest = registered(desk, "发票和常用词语")
    found = desk.ask("GET", f"/tickets?{urlencode({'search': '常用词语', 'limit': 50})}", CLERK).json()
    ids = [each["id"] for each in found["items"]]
    assert (ids[0], len(ids), ids) == (str(newest), 50, sorted(ids, reverse=True))
    mine = desk.ask("GET", f"/tickets?{urlencode({'search': '常用词语'})}", TAX).json()["items"]
    assert [each["id"] for each in mine] == [str(newest)]
