"""Search by phone: for a reason, written down, counted, so that the mask cannot be undone by trying numbers."""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.builders import a_center
from tests.integration.intake_desk import CLERK, DIRECTOR, FEED, KEYS, LEADER, Desk, a_ticket, an_applicant, opened_desk
from tests.stack.at_once import at_once

REASON = "来电查询进度"


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def test_every_search_leaves_an_audit_row_hit_or_miss(desk: Desk) -> None:
    ticket_id = desk.ticket(applicant=an_applicant(phone="13511110000"))
    (found,) = desk.does("/tickets:by-phone", DIRECTOR, phone="135 1111 0000", reason="回电13511110000")["items"]
    assert (found["id"], found["applicant"]["phone"]) == (str(ticket_id), "135****0000")
    assert desk.does("/tickets:by-phone", DIRECTOR, phone="13511110001", reason=REASON)["items"] == []
    rows = desk.house.rows("SELECT * FROM phone_searches WHERE staff = 'director' ORDER BY id")
    assert [(row.center, row.reason, row.found) for row in rows] == [
        ("BC", "回电135****0000", 1),
        ("BC", REASON, 0),
    ]
    assert b"1351111" not in b"".join(bytes(row.phone_fingerprint) for row in rows)


def test_the_stored_reason_of_a_search_hides_the_name_of_who_is_found(desk: Desk) -> None:
    desk.ticket(applicant=an_applicant(name="欧阳静怡", phone="13511112222"))
    desk.does("/tickets:by-phone", CLERK, phone="13511112222", reason="欧阳静怡来电查询进度")
    (row,) = desk.house.rows("SELECT reason FROM phone_searches WHERE reason LIKE '%来电查询进度' AND found = 1")
    assert row.reason == "欧阳**来电查询进度"


def test_a_clerk_cannot_try_phones_by_registering_tickets(desk: Desk) -> None:
    person = an_applicant()
    first = desk.registers(applicant=person)
    assert desk.registers(applicant=person)["repeat_of"] == first["id"]
    others = [a_ticket(applicant=an_applicant()) for _ in range(a_center().phone_searches_per_hour)]
    results = desk.does("/tickets:batch", CLERK, tickets=[*others, a_ticket(applicant=person)])["results"]
    assert (results[-1]["status"], results[-1]["repeat_of"]) == (201, None)
    again = desk.registers(applicant=person)
    assert again["repeat_of"] is desk.gets(f"/tickets/{again['id']}")["repeat_of"] is None
    assert desk.registers(who=FEED, applicant=person)["repeat_of"] is not None


@pytest.mark.parametrize("reason", [None, "", "     ", "....。。。。", "哈哈哈哈哈哈", "电话"])
def test_a_search_needs_a_reason_in_words(desk: Desk, reason: str | None) -> None:
    body = {"phone": "13511110000"} | ({} if reason is None else {"reason": reason})
    assert set(desk.refuses(422, "POST", "/tickets:by-phone", CLERK, body)) == {"reason"}


def test_a_part_of_a_phone_finds_nothing(desk: Desk) -> None:
    for phone in ("1351111", "135****0000", "%"):
        assert set(desk.refuses(422, "POST", "/tickets:by-phone", CLERK, {"phone": phone, "reason": REASON})) == {
            "phone"
        }


def test_one_person_cannot_try_number_after_number_even_at_two_replicas(desk: Desk) -> None:
    most = a_center().phone_searches_per_hour
    process = desk.house.process()
    process.environment["BANCHENG_DATA_KEY"] = KEYS
    with process as replica:
        desks = (desk.service, replica)
        body = {"reason": REASON}

        def search(number: int) -> int:
            asked = body | {"phone": str(13500000000 + number)}
            reply = desks[number % 2].ask("POST", "/tickets:by-phone", headers=LEADER, json=asked)
            if reply.status_code == 429:
                assert 3500 <= int(reply.headers["Retry-After"]) <= 3600
            return reply.status_code

        statuses = at_once(*(partial(search, number) for number in range(most + 10)))
    assert (statuses.count(200), statuses.count(429)) == (most, 10)
    assert len(desk.house.rows("SELECT 1 FROM phone_searches WHERE staff = 'gu'")) == most
    assert desk.does("/tickets:by-phone", CLERK, phone="13511110000", reason=REASON)["items"]


def test_an_idempotency_key_stores_no_revealed_applicant(desk: Desk) -> None:
    ticket_id = desk.ticket()
    for _ in range(2):
        reply = desk.ask(
            "POST", f"/tickets/{ticket_id}/applicant", CLERK, {"reason": REASON}, headers={"Idempotency-Key": "again"}
        )
        assert reply.status_code == 200
    assert not desk.house.rows("SELECT 1 FROM idempotency WHERE key = 'again'")
    assert len(desk.house.rows("SELECT 1 FROM reveals WHERE ticket_id = %(id)s", id=str(ticket_id))) == 2
