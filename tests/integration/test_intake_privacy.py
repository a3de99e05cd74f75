"""Personal data: masked, shown for a reason alone, in no table, event or log as they are, and who looked is audited."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from schemas.center.thresholds import RetentionRule
from schemas.enums import Role
from schemas.events.forgetting import TicketForgotten
from schemas.events.reconciliation import TicketUnknown
from schemas.events.tickets import TicketRegistered
from services.access import centers
from services.intake.actions import forgetting
from services.plumbing.ciphers import FieldCipher
from services.privacy.fingerprints import MaskingKeys
from tests.builders import a_center, published
from tests.integration.intake_desk import (
    CLERK,
    DIRECTOR,
    ELSEWHERE,
    FEED,
    ID_NUMBER,
    KEYS,
    LEADER,
    LIAISON,
    NAME,
    NOW,
    PHONE,
    Desk,
    an_applicant,
    opened_desk,
)
from tests.stack.access import bearer
from tests.stack.eventually import eventually
from tests.stack.services import MASKING_KEY

AUDITOR = bearer("auditor", Role.AUDITOR)
STRANGE = (
    "👨‍👩‍👧🏽 مرحبا بالعالم \u202eabc\u202c a\u200bb\u200dc \ufeff 𠮷𪚥龘 é e\u0301 '; DROP TABLE tickets; -- "
    '<script>alert(1)</script> =HYPERLINK("http://x") +1 @SUM(A1) %s %(id)s {0} \\x00 \\ ../../etc/passwd\r\n\ttab'
)


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def test_an_auditor_reads_who_was_shown_an_applicant_and_why(desk: Desk) -> None:
    receipts = [desk.registers(applicant=an_applicant(phone=f"1351111000{nth}")) for nth in range(3)]
    for receipt in receipts:
        desk.does(f"/tickets/{receipt['id']}/applicant", DIRECTOR, reason="须回电13511110000核实")
    first = desk.gets("/audit/reveals", AUDITOR, limit="2")
    assert [each["number"] for each in first["items"]] == [receipts[2]["number"], receipts[1]["number"]]
    rest = desk.gets("/audit/reveals", AUDITOR, limit="2", after=str(first["next"]))
    assert (rest["items"][0]["number"], rest["next"]) == (receipts[0]["number"], None)
    assert {(each["staff"], each["reason"]) for each in first["items"]} == {("director", "须回电135****0000核实")}


def test_where_a_message_goes_is_told_to_the_service_that_sends_it_alone(desk: Desk) -> None:
    receipt = desk.registers(applicant=an_applicant(phone="13511112222"))
    path = f"/tickets/{receipt['id']}/contact"
    sender = bearer("notify", Role.NOTIFIER)
    assert desk.gets(path, sender) == {"number": receipt["number"], "phone": "13511112222"}
    for nobody in (CLERK, LEADER, DIRECTOR, LIAISON, AUDITOR, bearer("fang", Role.CLERK, Role.NOTIFIER)):
        assert desk.ask("GET", path, nobody).status_code == 403
    assert desk.ask("GET", path, bearer("notify", Role.NOTIFIER, center="XX")).status_code == 404
    assert desk.ask("GET", f"/tickets/{receipt['id']}", sender).status_code == 403
    assert desk.ask("POST", f"/tickets/{receipt['id']}/applicant", sender, {"reason": "看一看"}).status_code == 403


def test_an_auditor_reads_who_searched_by_phone(desk: Desk) -> None:
    desk.does("/tickets:by-phone", CLERK, phone="13511119999", reason="来电查询进度")
    (latest,) = desk.gets("/audit/phone-searches", AUDITOR, limit="1")["items"]
    assert (latest["staff"], latest["reason"], latest["found"]) == ("fang", "来电查询进度", 0)
    assert "phone" not in str(latest.keys())


@pytest.mark.parametrize("who", [CLERK, LEADER, DIRECTOR, LIAISON, FEED], ids=range(5))
def test_nobody_else_reads_the_audit(desk: Desk, who: dict[str, str]) -> None:
    for path in ("/audit/reveals", "/audit/phone-searches"):
        desk.refuses(403, "GET", path, who)


def test_another_centers_audit_is_not_shown(desk: Desk) -> None:
    elsewhere = bearer("auditor", Role.AUDITOR, center="XX")
    assert desk.gets("/audit/reveals", elsewhere)["items"] == []
    assert desk.gets("/audit/phone-searches", elsewhere)["items"] == []


def test_the_staff_see_a_masked_ticket_of_their_own_center(desk: Desk) -> None:
    text = f"我是{NAME}，电话{PHONE}，身份证{ID_NUMBER}。"
    person = {"kind": "person", "name": NAME, "phone": PHONE, "id_number": ID_NUMBER}
    ticket_id = desk.ticket(title=f"{NAME}的发票", text=text, applicant=person)
    for who in (CLERK, LEADER, DIRECTOR):
        seen = desk.gets(f"/tickets/{ticket_id}", who)
        assert seen["title"] == "欧阳**的发票"
        assert seen["text"] == "我是欧阳**，电话139****5678，身份证110***********002X。"
        assert seen["applicant"] == {
            **{"masked": True, "kind": "person", "name": "欧阳**", "phone": "139****5678"},
            **{"id_number": "110***********002X", "organisation": None, "credit_code": None},
        }
    desk.refuses(403, "GET", f"/tickets/{ticket_id}", LIAISON)
    desk.refuses(404, "GET", f"/tickets/{ticket_id}", ELSEWHERE)


def test_what_a_citizen_writes_is_kept_exactly_and_shown_for_a_reason(desk: Desk) -> None:
    person = {"kind": "person", "name": "𠮷·阿卜杜", "phone": "13533334444", "id_number": ID_NUMBER}
    ticket_id = desk.ticket(title=STRANGE[:190], text=STRANGE, applicant=person)
    seen = desk.does(f"/tickets/{ticket_id}/applicant", LEADER, reason="核对材料,回访𠮷·阿卜杜")
    assert (seen["title"], seen["text"]) == (STRANGE[:190], STRANGE)
    assert seen["applicant"]["name"] == "𠮷·阿卜杜"
    assert (seen["applicant"]["phone"], seen["applicant"]["id_number"]) == ("13533334444", ID_NUMBER)
    rows = desk.house.rows("SELECT * FROM reveals WHERE ticket_id = %(id)s", id=str(ticket_id))
    assert [(row.staff, row.reason) for row in rows] == [("gu", "核对材料,回访𠮷****")]


def test_nothing_is_revealed_without_a_reason_or_elsewhere(desk: Desk) -> None:
    ticket_id = desk.ticket()
    path = f"/tickets/{ticket_id}/applicant"
    desk.refuses(405, "GET", path)
    for body in ({}, {"reason": ".......-----"}, {"reason": "aaaaaaaa"}, {"reason": "看看 。。。"}):
        assert set(desk.refuses(422, "POST", path, CLERK, body)) == {"reason"}
    desk.refuses(403, "POST", path, LIAISON, {"reason": "because of a call"})
    desk.refuses(404, "POST", path, ELSEWHERE, {"reason": "because of a call"})
    assert not desk.house.rows("SELECT ticket_id FROM reveals WHERE ticket_id = %(id)s", id=str(ticket_id))


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


def test_what_is_announced_lets_who_has_the_key_hide_the_applicant(desk: Desk) -> None:
    person = {"kind": "person", "name": NAME, "phone": PHONE, "id_number": ID_NUMBER}
    receipt = desk.registers(applicant=person)
    (said,) = desk.tap.wait_for(TicketRegistered, receipt["id"])
    text = f"{NAME}，{PHONE}，{ID_NUMBER}"
    shown = MaskingKeys(MASKING_KEY).mask_staff_text(text, said.ticket_id, said.applicant_fingerprints)
    assert shown == "欧阳**，139****5678，110***********002X"
    desk.house.announce(TicketUnknown(center="BC", ticket_id=said.ticket_id, missed_by="routing"), source="routing")
    assert desk.tap.wait_for(TicketRegistered, receipt["id"], times=2)[1] == said


def test_personal_data_go_by_themselves_only_when_the_center_says_so(desk: Desk) -> None:
    old, open_one = desk.registers(), desk.registers()
    desk.does(f"/tickets/{old['id']}/withdraw")
    desk.house.step(NOW + timedelta(days=200))
    assert forget_old(desk) == 0
    keeps = a_center(retention=RetentionRule(days_after_end=180))
    with desk.house.database.transaction() as tx:
        centers.keep(tx, published(keeps, version=2))
    assert forget_old(desk) >= 1
    assert forget_old(desk) == 0
    (gone,) = desk.tap.wait_for(TicketForgotten, old["id"])
    assert gone.forgotten_by is None
    assert desk.gets(f"/tickets/{old['id']}")["applicant"]["name"] == ""
    assert desk.gets(f"/tickets/{open_one['id']}")["applicant"]["name"] != ""
    (noted,) = [each for each in desk.gets("/audit/forgettings", AUDITOR)["items"] if each["number"] == old["number"]]
    assert (noted.get("staff"), noted["reason"]) == (None, "retention")


def forget_old(desk: Desk) -> int:
    """What the service does once a minute."""
    with desk.house.database.transaction() as tx:
        return forgetting.forget_old(tx, FieldCipher(KEYS))
