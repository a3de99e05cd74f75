"""The intake service as a process of its own, on a real RabbitMQ and a real PostgreSQL: taken in and told."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from schemas.enums import Cause, Channel
from schemas.events.tickets import TicketRegistered
from tests.builders import a_center, published
from tests.integration.intake_desk import (
    CLERK,
    DIRECTOR,
    ELSEWHERE,
    FEED,
    ID_NUMBER,
    LEADER,
    LIAISON,
    NOW,
    Desk,
    a_ticket,
    an_applicant,
    opened_desk,
)
from tests.stack.eventually import eventually


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def test_a_ticket_is_registered_numbered_and_announced(desk: Desk) -> None:
    receipt = desk.registers(matter="fapiao", cause="system_fault", channel="phone")
    assert re.fullmatch(r"BC-20250124-\d{4}", receipt["number"])
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", receipt["query_code"])
    assert receipt["repeat_of"] is None
    (said,) = desk.tap.wait_for(TicketRegistered, receipt["id"])
    assert (said.number, said.matter, said.cause, said.channel) == (
        *(receipt["number"], "fapiao"),
        *(Cause.SYSTEM_FAULT, Channel.PHONE),
    )
    assert said.first_responsible == "fang"
    assert said.registered_at.isoformat() == "2025-01-24T02:00:00+00:00"


def test_replies_give_times_with_the_offset_of_the_center(desk: Desk) -> None:
    receipt = desk.answered()
    for_staff = desk.gets(f"/tickets/{receipt['id']}")
    for_the_citizen = desk.does(f"/tickets/{receipt['number']}/status", None, code=receipt["query_code"])
    (listed,) = desk.gets("/tickets", number=receipt["number"])["items"]
    for shown in (receipt, for_staff, for_the_citizen, listed):
        assert shown["registered_at"] == NOW.isoformat() == "2025-01-24T10:00:00+08:00"
    for shown in (for_staff, for_the_citizen, listed):
        assert shown["answered_at"] == "2025-01-24T10:05:00+08:00"


def test_who_registers_for_a_colleague_is_named_too(desk: Desk) -> None:
    receipt = desk.registers(first_responsible="gu")
    (said,) = desk.tap.wait_for(TicketRegistered, receipt["id"])
    assert (said.first_responsible, said.registered_by) == ("gu", "fang")


def test_numbers_follow_one_another_without_a_gap(desk: Desk) -> None:
    first = int(desk.registers()["number"][-4:])
    desk.refuses(422, "POST", "/tickets", CLERK, a_ticket(first_responsible="nobody"))
    assert int(desk.registers()["number"][-4:]) == first + 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"text": "长" * 100_000}, "text"),
        ({"channel": "pigeon"}, "channel"),
        ({"applicant": an_applicant(phone="12345")}, "applicant"),
        ({"applicant": an_applicant(id_number="110105194912310021")}, "applicant"),
        ({"applicant": an_applicant(organisation="福州某公司")}, "applicant.kind"),
        ({"first_responsible": "nobody"}, "first_responsible"),
        ({"registered_at": "2020-01-01T00:00:00Z"}, "registered_at"),
    ],
)
def test_a_bad_registration_is_refused_by_the_name_of_its_field(desk: Desk, fields: dict[str, Any], field: str) -> None:
    assert set(desk.refuses(422, "POST", "/tickets", CLERK, a_ticket(**fields))) == {field}


def test_who_may_not_register_does_not(desk: Desk) -> None:
    for who in (LIAISON, LEADER, DIRECTOR):
        desk.refuses(403, "POST", "/tickets", who, a_ticket())
    desk.refuses(401, "POST", "/tickets", None, a_ticket())
    desk.refuses(404, "POST", "/tickets", ELSEWHERE, a_ticket())
    assert desk.registers(who=FEED)["number"]


def test_the_same_key_registers_once(desk: Desk) -> None:
    key, body = {"Idempotency-Key": str(uuid4())}, a_ticket()
    replies = [desk.ask("POST", "/tickets", CLERK, body, headers=key) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json() == replies[1].json()
    assert desk.ask("POST", "/tickets", CLERK, a_ticket(title="别的"), headers=key).status_code == 409


def test_a_feed_is_judged_ticket_by_ticket(desk: Desk) -> None:
    items = [a_ticket(), {"title": "no more"}, None, a_ticket(first_responsible="nobody"), a_ticket(title="第二件")]
    results = desk.does("/tickets:batch", FEED, tickets=items)["results"]
    assert [each["status"] for each in results] == [201, 422, 422, 422, 201]
    assert [each["index"] for each in results] == [0, 1, 2, 3, 4]
    assert set(results[1]["errors"]) == {"text", "channel", "applicant"}
    assert set(results[3]["errors"]) == {"first_responsible"}
    numbers = [int(results[place]["number"][-4:]) for place in (0, 4)]
    assert numbers[1] == numbers[0] + 1
    for place in (0, 4):
        (said,) = desk.tap.wait_for(TicketRegistered, results[place]["id"])
        assert said.number == results[place]["number"]
        assert (said.first_responsible, said.registered_by) == ("hotline-feed", "hotline-feed")
        assert (
            desk.does(f"/tickets/{said.number}/status", None, code=results[place]["query_code"])["title"] == said.title
        )


def test_a_feed_of_bad_tickets_alone_stores_none(desk: Desk) -> None:
    (result,) = desk.does("/tickets:batch", FEED, tickets=[{}])["results"]
    assert result["status"] == 422
    desk.refuses(422, "POST", "/tickets:batch", FEED, {"tickets": [{}] * 501})


def test_the_same_applicant_who_says_the_same_again_is_linked(desk: Desk) -> None:
    text = "不动产证跑了三次办不成，窗口说资料不全，请帮忙协调。我的电话是13611112222。"
    person = an_applicant(phone="13611112222", id_number=ID_NUMBER)
    first = desk.registers(text=text, applicant=person)
    again = desk.registers(text=f"{text}！！", applicant=person | {"phone": "+86 136-1111-2222", "id_number": None})
    by_id = desk.registers(text=text, applicant=person | {"phone": "13611112223"})
    other = desk.registers(text="公积金提取被退回两回。", applicant=person)
    stranger = desk.registers(text=text)
    assert again["repeat_of"] == by_id["repeat_of"] == first["id"]
    assert other["repeat_of"] is stranger["repeat_of"] is None
    (said,) = desk.tap.wait_for(TicketRegistered, again["id"])
    assert str(said.repeat_of) == first["id"]
    assert desk.gets(f"/tickets/{again['id']}")["repeat_of"] == first["id"]


def test_repeats_within_one_feed_are_linked_too(desk: Desk) -> None:
    items = [a_ticket(applicant=an_applicant(phone="13655556666"), title=title) for title in ("一", "二", "三")]
    first, second, third = desk.does("/tickets:batch", FEED, tickets=items)["results"]
    assert first["repeat_of"] is None
    assert second["repeat_of"] == first["id"]
    assert third["repeat_of"] in (first["id"], second["id"])


def test_an_id_is_never_taken_for_a_number(desk: Desk) -> None:
    looks_like_a_number = "01940000-1234-7123-8123-012345678912"
    desk.refuses(401, "GET", f"/tickets/{looks_like_a_number}", None)
    desk.refuses(404, "GET", f"/tickets/{looks_like_a_number}", CLERK)


def test_the_clerks_list_and_find_tickets(desk: Desk) -> None:
    person = an_applicant(phone="0591-87654321")
    ids = [str(desk.ticket(applicant=person, channel="transfer", text=f"第{n}件不同的事情")) for n in range(3)]
    page = desk.gets("/tickets", channel="transfer", limit="2")
    rest = desk.gets("/tickets", channel="transfer", limit="2", after=page["next"])
    assert [each["id"] for each in page["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    found = desk.does("/tickets:by-phone", phone="(0591) 8765 4321", reason="来电查询进度")["items"]
    assert [each["id"] for each in found] == ids[::-1]
    assert set(desk.refuses(422, "GET", "/tickets?after=x", CLERK)) == {"after"}
    assert desk.gets("/tickets", who=CLERK, number=found[0]["number"])["items"] == found[:1]


def test_a_new_center_file_holds_from_its_arrival_on(desk: Desk) -> None:
    center = a_center()
    desk.refuses(422, "POST", "/tickets", CLERK, a_ticket(first_responsible="newcomer"))
    newer = a_center(staff=center.staff | {"newcomer": center.staff["fang"]})

    def known() -> bool:
        return desk.ask("POST", "/tickets", CLERK, a_ticket(first_responsible="newcomer")).status_code == 201

    desk.hears_until(known, published(newer, version=2))
    assert eventually(known)


def test_the_interface_describes_itself_with_every_address_once(desk: Desk) -> None:
    paths = desk.gets("/openapi.json", None)["paths"]
    shapes = [re.sub(r"\{\w+\}", "{}", path) for path in paths]
    assert len(set(shapes)) == len(shapes)
    names = {each["name"] for each in paths["/tickets/{center}-{day}-{sequence}/status"]["post"]["parameters"]}
    assert names == {"center", "day", "sequence"}, "the code stands in the body"
    operations = [each["operationId"] for path in paths.values() for each in path.values()]
    assert len(set(operations)) == len(operations)
