"""A ticket after it was taken in: what is done to it at the window, what is heard of it, what stays secret."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from schemas.enums import Complexity, DeadlineKind, Rating
from schemas.events.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    TicketDeclined,
    TicketRated,
    TicketReclassified,
    TicketReopened,
    TicketWithdrawn,
)
from services.intake.actions.rotation import rotate
from services.intake.ciphers import FieldCipher, associated_data, rotate_keys
from services.intake.store.ciphers import keys_in_use
from tests.integration.intake_desk import (
    CLERK,
    ID_NUMBER,
    KEYS,
    LEADER,
    NAME,
    NOW,
    PHONE,
    STRANGE_LEADER,
    Desk,
    Header,
    answered,
    closed,
    later,
    moved,
    opened_desk,
    promised,
    routed,
)
from tests.stack.eventually import eventually
from tests.stack.services import ServiceProcess

DUE = NOW + timedelta(days=3)


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def test_a_ticket_is_declined_with_what_can_be_done_instead(desk: Desk) -> None:
    receipt = desk.registers(applicant={"kind": "person", "name": NAME, "phone": PHONE})
    remedy = f"{NAME}您好，请向法院起诉，电话0591-87651234，已发短信到{PHONE}。"
    path = f"/tickets/{receipt['id']}/decline"
    assert desk.does(path, LEADER, reason="in_court", remedy=remedy)["state"] == "declined"
    (said,) = desk.tap.wait_for(TicketDeclined, receipt["id"])
    assert said.remedy == "欧阳**您好，请向法院起诉，电话0591-87651234，已发短信到139****5678。"
    assert (said.declined_by, said.declined_at) == ("gu", NOW)
    seen = desk.does(f"/tickets/{receipt['number']}/status", None, code=receipt["query_code"])
    assert (seen["decline_reason"], seen["remedy"]) == ("in_court", said.remedy)
    assert "declined" in desk.refuses(409, "POST", path, CLERK, {"reason": "petition", "remedy": "请走信访渠道"})
    assert set(desk.refuses(422, "POST", path, CLERK, {"reason": "mood", "remedy": "x"})) == {"reason", "remedy"}


def test_missing_papers_are_asked_for_and_brought(desk: Desk) -> None:
    receipt = desk.registers()
    path = f"/tickets/{receipt['id']}/materials"
    asked: dict[str, Any] = {"items": ["身份证复印件", "购房合同"]}
    assert desk.does(path, **asked)["state"] == "awaiting_materials"
    (said,) = desk.tap.wait_for(MaterialsRequested, receipt["id"])
    assert (said.items, said.requested_by) == (("身份证复印件", "购房合同"), "fang")
    seen = desk.does(f"/tickets/{receipt['number']}/status", None, code=receipt["query_code"])
    assert seen["materials"] == ["身份证复印件", "购房合同"]
    desk.refuses(409, "POST", path, CLERK, asked)
    desk.house.announce(routed(UUID(receipt["id"])), source="routing")
    assert eventually(lambda: desk.gets(f"/tickets/{receipt['id']}")["lead_department"] == "Tax")
    assert desk.does(f"{path}/supply", LEADER)["state"] == "assigned"
    (supplied,) = desk.tap.wait_for(MaterialsSupplied, receipt["id"])
    assert (supplied.supplied_by, supplied.supplied_at) == ("gu", NOW)
    assert desk.gets(f"/tickets/{receipt['id']}")["materials"] == []
    desk.refuses(409, "POST", f"{path}/supply")


def test_a_clerk_asks_for_papers_once_a_round_a_leader_more_often(desk: Desk) -> None:
    ticket_id = desk.ticket()
    path = f"/tickets/{ticket_id}/materials"

    def asks(who: Header, *, days: int = 0) -> int:
        reply = desk.ask("POST", path, who, {"items": ["户口簿"]})
        if reply.status_code == 200:
            desk.house.step(NOW + timedelta(days=days))
            desk.does(f"{path}/supply")
        return reply.status_code

    assert (asks(CLERK), asks(CLERK), asks(STRANGE_LEADER), asks(LEADER, days=12), asks(LEADER)) == (
        *(200, 403, 403, 200),
        200,
    )
    assert "pause.most_per_round" in desk.refuses(409, "POST", path, LEADER, {"items": ["户口簿"]})
    desk.house.step(NOW)
    assert [each.working_days_left for each in desk.tap.wait_for(MaterialsRequested, ticket_id, times=3)] == [10, 10, 7]
    rows = desk.house.rows(
        "SELECT requested_by, supplied_by FROM material_requests WHERE ticket_id = %(id)s", id=str(ticket_id)
    )
    assert [tuple(row) for row in rows] == [("fang", "fang"), ("gu", "fang"), ("gu", "fang")]


def test_papers_are_asked_for_completely_and_in_nobody_elses_name(desk: Desk) -> None:
    path = f"/tickets/{desk.ticket()}/materials"
    assert set(desk.refuses(422, "POST", path, CLERK, {"items": ["合同"], "approved_by": "gu"})) == {"approved_by"}
    assert set(desk.refuses(422, "POST", path, CLERK, {"items": []})) == {"items"}


def test_a_citizen_withdraws_with_the_code_and_a_clerk_without(desk: Desk) -> None:
    mine, told = desk.registers(), desk.registers()
    path = f"/tickets/{mine['number']}/withdraw"
    desk.refuses(404, "POST", path, None, {"code": "AAAAAAAA"})
    assert desk.does(path, None, code=mine["query_code"])["state"] == "withdrawn"
    assert desk.does(f"/tickets/{told['id']}/withdraw")["state"] == "withdrawn"
    desk.refuses(401, "POST", f"/tickets/{told['id']}/withdraw", None, {})
    desk.refuses(409, "POST", path, None, {"code": mine["query_code"]})
    for receipt, clerk in ((mine, None), (told, "fang")):
        (withdrawn,) = desk.tap.wait_for(TicketWithdrawn, receipt["id"])
        assert withdrawn.withdrawn_by == clerk
        (row,) = desk.house.rows("SELECT withdrawn_by FROM tickets WHERE id = %(id)s", id=receipt["id"])
        assert row.withdrawn_by == clerk


def test_the_citizen_sees_who_leads_when_it_is_due_and_the_answer(desk: Desk) -> None:
    receipt = desk.registers(applicant={"kind": "person", "name": NAME, "phone": PHONE})
    ticket_id = UUID(receipt["id"])
    answer = answered(ticket_id, answer=f"{NAME}您好，请到3号窗口，咨询0591-87651234。")
    desk.hears(ticket_id, "answered", routed(ticket_id), promised(ticket_id, DUE), answer)
    seen = desk.does(f"/tickets/{receipt['number']}/status", None, code=receipt["query_code"])
    assert (seen["lead_department"], seen["complexity"], seen["may_rate"]) == ("Tax", "ordinary", True)
    assert seen["answer"] == "欧阳**您好，请到3号窗口，咨询0591-87651234。"
    assert seen["due_at"] == "2025-01-27T10:00:00+08:00"


def test_late_news_turns_nothing_back(desk: Desk) -> None:
    ticket_id = desk.ticket()
    desk.hears(ticket_id, "closed", closed(ticket_id))
    late = [routed(ticket_id), answered(ticket_id), routed(ticket_id, lead="ZJJ", minutes=0)]
    desk.hears_until(lambda: desk.gets(f"/tickets/{ticket_id}")["answer"], *late)
    seen = desk.gets(f"/tickets/{ticket_id}")
    assert (seen["state"], seen["lead_department"]) == ("closed", "Tax")


def test_the_newest_promise_is_the_one_shown(desk: Desk) -> None:
    ticket_id = desk.ticket()
    report, extended = DUE + timedelta(days=2), DUE + timedelta(days=9)

    def due() -> str:
        return str(desk.gets(f"/tickets/{ticket_id}")["due_at"])

    duty = promised(ticket_id, later(30), kind=DeadlineKind.ACKNOWLEDGE, revision=9)
    desk.hears_until(
        lambda: due() == "2025-01-29T10:00:00+08:00", duty, promised(ticket_id, report, kind=DeadlineKind.REPORT)
    )
    stale = [promised(ticket_id, DUE), moved(ticket_id, DUE, revision=5)]
    last = moved(ticket_id, extended, kind=DeadlineKind.REPORT, revision=2)
    desk.hears_until(lambda: due() == "2025-02-05T10:00:00+08:00", *stale, last)


def test_a_ticket_that_turns_out_to_be_complex_stays_so(desk: Desk) -> None:
    ticket_id = desk.ticket()
    change = TicketReclassified(
        center="BC",
        ticket_id=ticket_id,
        round=1,
        complexity=Complexity.COMPLEX,
        why="跨部门",
        reclassified_by="gu",
        reclassified_at=later(2),
    )
    desk.hears(ticket_id, "assigned", routed(ticket_id), change)
    desk.hears_until(
        lambda: desk.gets(f"/tickets/{ticket_id}")["lead_department"] == "Housing", routed(ticket_id, 3, lead="ZJJ")
    )
    assert desk.gets(f"/tickets/{ticket_id}")["complexity"] == "complex"


def test_news_of_a_ticket_that_is_not_here_waits(desk: Desk) -> None:
    desk.house.announce(routed(uuid4()), source="routing")
    waits = "SELECT event_id FROM held WHERE error LIKE 'NotYet%%' AND next_try_at IS NOT NULL"
    assert eventually(lambda: desk.house.rows(waits))


def test_a_good_rating_ends_the_round(desk: Desk) -> None:
    receipt = desk.answered()
    path = f"/tickets/{receipt['number']}/rating"
    desk.refuses(404, "POST", path, None, {"code": "AAAAAAAA", "rating": "satisfied"})
    assert desk.does(path, None, code=receipt["query_code"], rating="satisfied")["state"] == "answered"
    (said,) = desk.tap.wait_for(TicketRated, receipt["id"])
    assert (said.rating, said.round, said.recorded_by) == (Rating.SATISFIED, 1, None)
    desk.refuses(409, "POST", path, None, {"code": receipt["query_code"], "rating": "dissatisfied"})
    assert desk.gets(f"/tickets/{receipt['id']}")["may_rate"] is False
    assert not desk.tap.of(TicketReopened, receipt["id"])


def test_a_bad_rating_opens_the_ticket_again(desk: Desk) -> None:
    receipt = desk.answered(applicant={"kind": "person", "name": NAME, "phone": PHONE})
    ticket_id = UUID(receipt["id"])
    rated = desk.does(f"/tickets/{ticket_id}/rating", rating="very_dissatisfied", comment=f"没有解决，{NAME}")
    assert (rated["state"], rated["round"]) == ("registered", 2)
    (said,) = desk.tap.wait_for(TicketRated, ticket_id)
    assert (said.round, said.comment, said.recorded_by) == (1, "没有解决，欧阳**", "fang")
    (opened,) = desk.tap.wait_for(TicketReopened, ticket_id)
    assert (opened.round, opened.reopened_at) == (2, NOW)
    assert desk.gets(f"/tickets/{ticket_id}")["due_at"] is None
    again = {"reason": "in_court", "remedy": "请向法院起诉"}
    desk.refuses(409, "POST", f"/tickets/{ticket_id}/decline", CLERK, again)
    desk.hears(ticket_id, "answered", routed(ticket_id, 20, round=2), answered(ticket_id, 25, round=2))
    assert desk.does(f"/tickets/{ticket_id}/rating", rating="satisfied")["round"] == 2


def test_a_ticket_without_an_answer_cannot_be_rated(desk: Desk) -> None:
    ticket_id = desk.ticket()
    assert "registered" in desk.refuses(409, "POST", f"/tickets/{ticket_id}/rating", CLERK, {"rating": "satisfied"})
    assert set(desk.refuses(422, "POST", f"/tickets/{ticket_id}/rating", CLERK, {"rating": "6"})) == {"rating"}


def test_nothing_personal_is_in_any_table_or_event(desk: Desk) -> None:
    text = f"本人{NAME}，身份证{ID_NUMBER.lower()}，手机139 1234 5678，家住某小区。"
    person = {"kind": "person", "name": f" {NAME} ", "phone": f"+86{PHONE}", "id_number": ID_NUMBER}
    receipt = desk.registers(title=f"{NAME}：发票", text=text, applicant=person, channel="hotline")
    key = {"Idempotency-Key": str(uuid4())}
    items = [{**_typed(person), "text": text}]
    replies = [desk.ask("POST", "/tickets:batch", CLERK, {"tickets": items}, headers=key) for _ in range(2)]
    (result,) = replies[0].json()["results"]
    assert replies[1].json() == replies[0].json()
    desk.does(f"/tickets/{receipt['id']}/applicant", reason=f"给{NAME}回电{PHONE}")
    wanted: dict[str, Any] = {"items": [f"{NAME}的身份证{ID_NUMBER}"]}
    desk.does(f"/tickets/{receipt['id']}/materials", **wanted)
    assert eventually(lambda: desk.house.rows("SELECT count(*) FROM outbox")[0].count == 0)
    places = {"tables": desk.remembers(), "events": str(desk.tap.read()), "log": desk.service.log}
    assert all(receipt["id"] in said for said in (places["tables"], places["events"]))
    for place, said in places.items():
        for secret in (NAME, PHONE, "139 1234 5678", ID_NUMBER, ID_NUMBER.lower()):
            assert secret not in said, f"{secret} in {place}"
    for code in (receipt["query_code"], result["query_code"]):
        assert code not in "".join(places.values())


def _typed(person: dict[str, str]) -> dict[str, object]:
    return {"title": f"{NAME}：发票", "channel": "hotline", "applicant": person}


def test_what_was_sealed_with_an_old_key_is_sealed_anew_in_bites(desk: Desk) -> None:
    ticket_ids = [desk.ticket() for _ in range(5)]
    newer = rotate_keys(KEYS).rotated
    cipher, done = FieldCipher(newer), 0
    while True:
        with desk.house.database.transaction() as tx:
            rotated = rotate(tx, cipher, limit=2)
        assert rotated <= 2
        done += rotated
        if not rotated:
            break
    with desk.house.database.transaction() as tx:
        assert keys_in_use(tx) == {"k2": done}
    assert done >= len(ticket_ids)
    k2, hash_ = (part for part in newer.split(",") if part.startswith(("k2:", "hash:")))
    (row,) = desk.house.rows("SELECT * FROM tickets WHERE id = %(id)s", id=str(ticket_ids[0]))
    assert FieldCipher(f"{k2},{hash_}").decrypt(row.encrypted_name, context=associated_data(row.id, "name")) == "周小满"


@pytest.mark.parametrize("keys", ["k1:AAAA,hash:BBBB", KEYS.split(",")[0]], ids=["too short", "no hash"])
def test_bad_keys_keep_the_service_from_starting(desk: Desk, keys: str) -> None:
    process: ServiceProcess = desk.house.process()
    process.environment["BANCHENG_DATA_KEY"] = keys
    try:
        process.launch()
        assert process.wait(20) != 0
        assert "BANCHENG_DATA_KEY cannot be used" in process.log.splitlines()[-1]
        assert keys.partition(":")[2] not in process.log
    finally:
        process.close()
