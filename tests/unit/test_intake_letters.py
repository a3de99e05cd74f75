"""What is hidden of a letter and of the reply to it, where it is known who wrote."""

from typing import Any

from schemas.requests.applicants import Applicant
from services.intake.rules.tickets import number_read
from services.privacy.masking import mask_letter, mask_reply


def an_applicant(**fields: Any) -> Applicant:
    return Applicant.load({"kind": "person", "name": "张三丰", "phone": "13812348000", **fields})


def test_the_applicants_landline_is_hidden_although_it_could_be_any_number() -> None:
    applicant = an_applicant(phone="0591-87654321")
    assert mask_letter("办件87654321号，业主张三丰。", applicant) == "办件****4321号，业主张**。"
    assert mask_reply("请回电 0591 8765 4321，张三丰。", applicant) == "请回电 0591-****4321，张**。"


def test_an_office_may_tell_its_own_landline() -> None:
    reply = "张三丰您好，请拨打0591-88881234或12345，经办人手机13900001111。"
    assert mask_reply(reply, an_applicant()) == "张**您好，请拨打0591-88881234或12345，经办人手机139****1111。"
    assert "88881234" not in mask_letter(reply, an_applicant())


def test_a_number_is_read_off_an_address_as_it_was_given() -> None:
    assert number_read("B-C", 20250124, 7) == "B-C-20250124-0007"
    assert number_read("BC", 1, 123456) == "BC-00000001-123456"
