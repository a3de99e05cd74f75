"""The audit of personal data is read by auditors, of their center, the latest first."""

from collections.abc import Iterator

import pytest

from schemas.enums import Role
from tests.integration.intake_desk import CLERK, DIRECTOR, FEED, LEADER, LIAISON, Desk, an_applicant, opened_desk
from tests.stack.access import bearer

AUDITOR = bearer("auditor", Role.AUDITOR)


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
