"""What citizens read and do with number and code: each for themselves, and nothing of it in an address."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import requests

from schemas.enums import Rating
from schemas.events.tickets import MaterialsRequested, TicketWithdrawn
from tests.integration.intake_desk import (
    CLERK,
    NAME,
    NOW,
    PHONE,
    Desk,
    accepted,
    answered,
    later,
    opened_desk,
    promised,
    routed,
)


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def _rates(desk: Desk, receipt: dict[str, str], key: dict[str, str]) -> requests.Response:
    body = {"code": receipt["query_code"], "rating": "satisfied"}
    return desk.ask("POST", f"/tickets/{receipt['number']}/rating", None, body, headers=key)


def _status(desk: Desk, receipt: dict[str, str]) -> dict[str, Any]:
    path = f"/tickets/{receipt['number']}/status"
    shown: dict[str, Any] = desk.good(200, "POST", path, None, {"code": receipt["query_code"]})
    return shown


def test_the_same_key_of_two_citizens_is_two_keys(desk: Desk) -> None:
    key = {"Idempotency-Key": "1"}
    receipts = [desk.answered() for _ in range(2)]
    assert [_rates(desk, receipt, key).status_code for receipt in receipts] == [200, 200]
    assert _rates(desk, receipts[0], key).status_code == 200, "sent again, it is answered again"


def test_what_is_only_looked_up_is_kept_nowhere(desk: Desk) -> None:
    receipt, key = desk.registers(), {"Idempotency-Key": "look"}
    path, body = f"/tickets/{receipt['number']}/status", {"code": receipt["query_code"]}
    assert desk.ask("POST", path, None, body, headers=key).json()["state"] == "registered"
    desk.does(f"/tickets/{receipt['id']}/withdraw")
    assert desk.ask("POST", path, None, body, headers=key).json()["state"] == "withdrawn"
    assert (
        desk.ask(
            "POST", "/tickets:by-phone", CLERK, {"phone": "13900000000", "reason": "来电查询进度"}, headers=key
        ).status_code
        == 200
    )
    assert desk.house.rows("SELECT FROM idempotency WHERE key = 'look'") == []


def test_a_code_in_an_address_is_not_taken(desk: Desk) -> None:
    """Addresses stand in the logs of every proxy, and in the browser's history."""
    receipt = desk.registers()
    path = f"/tickets/{receipt['number']}"
    assert desk.ask("GET", f"{path}?code={receipt['query_code']}", None).status_code == 404
    assert set(desk.refuses(422, "POST", f"{path}/status?code={receipt['query_code']}", None, {})) == {"code"}


def test_the_citizen_reads_day_by_day_why_it_is_due_then(desk: Desk) -> None:
    """From Friday 24 January 2025: Sunday 26 is a make-up day, and the holiday begins on the 28th."""
    receipt = desk.registers()
    ticket_id, due_at = UUID(receipt["id"]), NOW.replace(day=27, hour=17, minute=0)
    desk.hears(receipt["id"], "assigned", routed(ticket_id))
    desk.hears_until(lambda: _status(desk, receipt)["due_at"], promised(ticket_id, due_at))
    shown = _status(desk, receipt)
    assert [(each["day"][-2:], each["count"], each["reasons"]) for each in shown["days"]] == [
        ("24", None, ["working_day", "day_of_receipt"]),
        ("25", None, ["weekend"]),
        ("26", 1, ["make_up_working_day"]),
        ("27", 2, ["working_day"]),
    ]
    assert (shown["limit_working_days"], shown["provisional"], shown["accepted_at"]) == (2, False, None)
    assert (shown["lead_department"], shown["due_at"]) == ("Tax", "2025-01-27T17:00:00+08:00")


def test_that_somebody_works_on_it_is_seen_by_the_lead_alone(desk: Desk) -> None:
    receipt = desk.registers()
    ticket_id = UUID(receipt["id"])
    desk.hears(receipt["id"], "assigned", accepted(ticket_id, 4), routed(ticket_id))
    desk.hears_until(lambda: _status(desk, receipt)["accepted_at"], accepted(ticket_id, 2))
    assert _status(desk, receipt)["accepted_at"] == "2025-01-24T10:04:00+08:00", "the latest, whichever came last"
    desk.hears_until(
        lambda: _status(desk, receipt)["accepted_at"] is None, routed(ticket_id, minutes=9, lead="ZJJ", decided_by="gu")
    )


def test_a_second_round_has_days_of_its_own(desk: Desk) -> None:
    receipt = desk.registers()
    ticket_id = UUID(receipt["id"])
    desk.hears(receipt["id"], "answered", routed(ticket_id), accepted(ticket_id, -3), answered(ticket_id))
    body = {"code": receipt["query_code"], "rating": "dissatisfied"}
    desk.good(200, "POST", f"/tickets/{receipt['number']}/rating", None, body)
    shown = _status(desk, receipt)
    assert [(each["round"], each["rating"]) for each in shown["ratings"]] == [(1, Rating.DISSATISFIED)]
    assert (shown["round"], shown["accepted_at"], shown["days"]) == (2, None, [])
    due_at = NOW.replace(day=27, hour=17, minute=0)
    desk.hears_until(lambda: _status(desk, receipt)["days"], promised(ticket_id, due_at, round=2, started_at=later(0)))


def test_what_is_to_be_brought_is_wanted_by_a_day(desk: Desk) -> None:
    receipt = desk.registers()
    path = f"/tickets/{receipt['id']}/materials"
    wrong = {"items": ["身份证复印件"], "due_on": "2025-01-23"}
    assert "due_on" in desk.refuses(422, "POST", path, CLERK, wrong)
    desk.does(path, items=["身份证复印件"], due_on="2025-01-26")
    shown = _status(desk, receipt)
    assert (shown["materials"], shown["materials_due_on"]) == (["身份证复印件"], "2025-01-26")
    assert shown["waits_until"] > (NOW + timedelta(days=1)).isoformat()
    assert shown["days"] == []
    (said,) = desk.tap.wait_for(MaterialsRequested, receipt["id"])
    assert f"{said.due_on}" == "2025-01-26"


def test_the_citizen_sees_who_leads_when_it_is_due_and_the_answer(desk: Desk) -> None:
    receipt = desk.registers(applicant={"kind": "person", "name": NAME, "phone": PHONE})
    ticket_id = UUID(receipt["id"])
    answer = answered(ticket_id, answer=f"{NAME}您好，请到3号窗口，咨询0591-87651234。")
    desk.hears(ticket_id, "answered", routed(ticket_id), promised(ticket_id, NOW + timedelta(days=3)), answer)
    seen = desk.does(f"/tickets/{receipt['number']}/status", None, code=receipt["query_code"])
    assert (seen["lead_department"], seen["complexity"], seen["may_rate"]) == ("Tax", "ordinary", True)
    assert seen["answer"] == "欧阳**您好，请到3号窗口，咨询0591-87651234。"
    assert seen["due_at"] == "2025-01-27T10:00:00+08:00"


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


def test_the_citizen_follows_the_ticket_with_number_and_code(desk: Desk) -> None:
    receipt = desk.registers()
    code = receipt["query_code"].lower()
    seen = desk.does(f"/tickets/{receipt['number']}/status", None, code=f"{code[:4]}-{code[4:]}")
    assert (seen["number"], seen["state"], seen["round"]) == (receipt["number"], "registered", 1)
    assert not {"id", "text", "applicant", "channel", "first_responsible"} & set(seen)


def test_a_wrong_code_and_an_unknown_number_look_alike(desk: Desk) -> None:
    receipt = desk.registers()
    code = {"code": receipt["query_code"]}
    wrong = desk.refuses(404, "POST", f"/tickets/{receipt['number']}/status", None, {"code": "AAAAAAAA"})
    assert desk.refuses(404, "POST", "/tickets/BC-20250124-9999/status", None, code) == wrong
    assert desk.refuses(404, "POST", f"/tickets/BC-20250124-{'9' * 400}/status", None, code) == wrong
    assert set(desk.refuses(422, "POST", f"/tickets/{receipt['number']}/status", None, {})) == {"code"}
