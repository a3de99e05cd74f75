"""Parked events over HTTP and on their page: seen without what people wrote, replayed, discarded with a reason."""

import json
import re
from collections.abc import Iterator

import pytest

from schemas.enums import Role
from services.plumbing.database.transaction import new_id
from services.sandbox.client import Client
from tests.e2e.actors import refusal
from tests.stack.desk_house import DeskHouse, desk_house
from tests.stack.parked import SECRET, database, park, park_unreadable

SERVICES = ("intake", "routing", "deadline_watch", "desk")
SERVICES = ("intake", "routing", "deadline_watch", "desk")


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def operator(house: DeskHouse, service: str) -> Client:
    return house.sandbox.client(service, house.sandbox.token("wei-tao", Role.OPS))


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_shows_replays_and_discards_what_it_parked(house: DeskHouse, service: str) -> None:
    first, second = park(house, service), park(house, service)
    asked = operator(house, service)
    assert {str(first), str(second)} <= {each["event_id"] for each in asked.get("/parked-events")["items"]}
    details = asked.get(f"/parked-events/{first}")
    assert (details["type"], details["why"], details["source"]) == (
        "ticket.answered.v1",
        "it cannot be",
        "/bancheng/routing",
    )
    asked.post(f"/parked-events/{first}/discard", {"reason": "已另行补录，不再需要"})
    assert refusal(asked.post, f"/parked-events/{second}/discard", {"reason": "1111"}).status == 422
    asked.post(f"/parked-events/{second}/replay")
    assert refusal(asked.get, f"/parked-events/{first}").status == 404
    with database(house, service).transaction() as tx:
        acts = tx.rows("SELECT event_id, act, acted_by, reason FROM parked_acts ORDER BY acted_at")
    assert (first, "discard", "wei-tao", "已另行补录，不再需要") in acts
    assert (second, "replay", "wei-tao", None) in acts


@pytest.mark.parametrize("service", SERVICES)
def test_only_an_operator_sees_what_is_parked(house: DeskHouse, service: str) -> None:
    id_ = park(house, service)
    for staff, role in (("he-jing", Role.CLERK), ("gu-yan", Role.DUTY_LEADER), ("shen-guoqiang", Role.DIRECTOR)):
        client = house.sandbox.client(service, house.sandbox.token(staff, role))
        for path in ("/parked-events", "/parked-events/summary", f"/parked-events/{id_}"):
            assert refusal(client.get, path).status == 403
        assert refusal(client.post, f"/parked-events/{id_}/replay").status == 403
        assert refusal(client.post, "/parked-events/replay", {}).status == 403
        assert refusal(client.post, f"/parked-events/{id_}/discard", {"reason": "because of that"}).status == 403


def test_nothing_that_people_wrote_is_shown(house: DeskHouse) -> None:
    id_ = park(house, "intake", error=f"IntegrityError: Key (text)=({SECRET}) is there")
    other = park(house, "intake", error=f"EventRejected: {SECRET}")
    park_unreadable(house, "intake")
    asked, page = operator(house, "intake"), house.person("wei-tao")
    shown = json.dumps([asked.get(f"/parked-events/{each}") for each in (id_, other)], ensure_ascii=False)
    shown += json.dumps(asked.get("/parked-events"), ensure_ascii=False)
    shown += page.get("/parked").text + page.get(f"/parked/intake/{id_}").text
    for secret in ("13912345678", "幸福路七号，电话1391"):
        assert secret not in shown
    details = asked.get(f"/parked-events/{id_}")
    assert details["why"] == "IntegrityError"
    fields = {each["name"]: each for each in details["fields"]}
    assert (fields["answer"]["value"], fields["answer"]["length"]) == (None, len(SECRET))
    assert (fields["round"]["value"], fields["department"]["value"]) == ("1", "SWJ")


def test_what_is_parked_of_another_center_is_not_there(house: DeskHouse) -> None:
    id_ = park(house, "routing", center="ELSEWHERE")
    asked = operator(house, "routing")
    assert str(id_) not in json.dumps(asked.get("/parked-events"))
    assert refusal(asked.post, f"/parked-events/{id_}/replay").status == 404
    assert refusal(asked.post, f"/parked-events/{id_}/discard", {"reason": "because of that"}).status == 404


def test_all_of_a_kind_are_replayed_and_pages_are_walked(house: DeskHouse) -> None:
    ids = {str(park(house, "deadline_watch")) for _ in range(3)}
    asked = operator(house, "deadline_watch")
    found: set[str] = set()
    after = None
    while True:
        page = asked.get("/parked-events", limit=1, **({"after": after} if after else {}))
        found |= {each["event_id"] for each in page["items"]}
        after = page["next"]
        if not after:
            break
    assert ids <= found
    (kind,) = [each for each in asked.get("/parked-events/summary")["kinds"] if each["type"] == "ticket.answered.v1"]
    assert asked.post("/parked-events/replay", {"type": "ticket.answered.v1"}) == {"events": kind["parked"]}


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_replays_and_discards(house: DeskHouse, service: str) -> None:
    first, second = park(house, service), park(house, service)
    person = house.person("wei-tao")
    listed = person.get("/parked").text
    assert f"/parked/{service}/{first}" in listed
    assert re.search(r'class="tag alarm">\d+<', person.get("/parked/count").text)
    event = f"/parked/{service}/{first}"
    refused = person.send(event, f"{event}/discard", {"reason": "no"})
    assert refused.status_code == 422
    assert 'value="no"' in refused.text
    assert "reason-fault" in refused.text
    assert person.send(event, f"{event}/discard", {"reason": "测试数据，可以丢弃"}).status_code == 303
    assert person.get(event).status_code == 404
    assert person.send("/parked", f"/parked/{service}/{second}/replay", {}).status_code == 303
    assert f"/parked/{service}/{second}" not in person.get("/parked").text.replace("replay", "")


def test_nobody_else_finds_the_page(house: DeskHouse) -> None:
    for staff in ("he-jing", "gu-yan", "luo-min"):
        person = house.person(staff)
        assert person.get("/parked").status_code == person.get("/parked/count").status_code == 404
    assert house.person("wei-tao").get(f"/parked/nothing/{new_id()}").status_code == 404
