"""What intake decides of a registration: its number and query code, what must be told, who may follow it."""

import random
from datetime import date
from typing import Any

import pytest

from schemas.center.center import Calendar, Center, Department, Roster, Staff
from schemas.errors import Invalid
from schemas.requests.intake import RegisterTicket
from services.intake.rules.tickets import (
    QUERY_CODE_ALPHABET,
    check_staff,
    checked_registration,
    new_query_code,
    number_of,
)


def a_center() -> Center:
    return Center(
        code="BC",
        name="Center",
        departments={"ZRZY": Department(name="自然资源局", liaisons=("wang-fang",))},
        staff={"wang-fang": Staff(name="王芳", title="Clerk")},
        director="wang-fang",
        supervision_office="wang-fang",
        calendar=Calendar(business_hours=()),
        limits={},
        ladder={},
        roster=Roster(sittings=(), leaders=(), starts_on=date(2025, 1, 1)),
        rules=(),
    )


def a_registration(applicant: dict[str, Any] | None = None, **fields: Any) -> RegisterTicket:
    person = {"kind": "person", "name": " 张三 ", "phone": "+86 138-1234-8000", "id_number": "11010519491231002x"}
    ticket = {"title": "不动产证办不下来", "text": "跑了三次。", "channel": "window", "applicant": applicant or person}
    return RegisterTicket.load(ticket | fields)


def test_a_number_tells_the_center_the_day_and_which_of_the_day() -> None:
    assert number_of("BC", date(2025, 1, 24), 7) == "BC-20250124-0007"
    assert number_of("BC", date(2025, 1, 24), 70_000) == "BC-20250124-70000"


def test_a_query_code_has_no_letters_that_are_taken_for_digits() -> None:
    code = new_query_code(random.Random(1).choice)
    assert len(code) == 8
    assert set(code) <= set(QUERY_CODE_ALPHABET)
    assert not set("01OIL") & set(QUERY_CODE_ALPHABET)


def test_a_registration_is_kept_in_plain_form_with_who_follows_it() -> None:
    kept = checked_registration(a_registration(), a_center(), actor="wang-fang")
    assert kept.first_responsible == "wang-fang"
    assert (kept.applicant.name, kept.applicant.phone) == ("张三", "13812348000")
    assert kept.applicant.id_number == "11010519491231002X"


@pytest.mark.parametrize(
    ("registration", "field"),
    [
        (a_registration(first_responsible="nobody"), "first_responsible"),
        (a_registration({"kind": "organisation", "name": "李四", "phone": "0591-87654321"}), "applicant.organisation"),
        (
            a_registration(
                {"kind": "person", "name": "李四", "phone": "0591-87654321", "credit_code": "91350100M000100Y43"}
            ),
            "applicant.kind",
        ),
    ],
)
def test_a_registration_that_cannot_stand_names_the_field(registration: RegisterTicket, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_registration(registration, a_center(), actor="wang-fang")
    assert refusal.value.field == field


def test_who_is_responsible_must_be_of_the_center() -> None:
    check_staff("first_responsible", "wang-fang", a_center())
    with pytest.raises(Invalid) as refusal:
        check_staff("first_responsible", "stranger", a_center())
    assert refusal.value.field == "first_responsible"
