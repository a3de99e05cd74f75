"""What requests may hold."""

from typing import Any

import marshmallow
import pytest

from schemas.record.record import Record
from schemas.requests.deadlines import DeadlineQuery
from schemas.requests.docket import Arbitrate
from schemas.requests.intake import RegisterBatch, RegisterTicket, RequestMaterials


def a_ticket(**fields: Any) -> dict[str, Any]:
    applicant = {"kind": "person", "name": "张三", "phone": "13812348000"}
    return {"title": "不动产证", "text": "跑了三次。", "channel": "window", "applicant": applicant} | fields


def bad_fields(record: type[Record], data: Any) -> set[str]:
    with pytest.raises(marshmallow.ValidationError) as refusal:
        record.load(data)
    return set(refusal.value.messages_dict)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " \u3000"}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"text": "长" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({"channel": "pigeon"}, "channel"),
        ({"matter": "../etc"}, "matter"),
        ({"registered_at": "2025-01-24T09:00:00+08:00"}, "registered_at"),
        ({"applicant": {"kind": "person", "name": "张三", "phone": "12345"}}, "applicant"),
    ],
)
def test_a_registration_is_refused_by_the_name_of_its_field(fields: dict[str, Any], field: str) -> None:
    assert bad_fields(RegisterTicket, a_ticket(**fields)) == {field}


def test_any_script_is_kept_exactly() -> None:
    text = "𠮷野家👨‍👩‍👧 مرحبا \u200b =cmd() <b>'; DROP TABLE"
    assert RegisterTicket.load(a_ticket(text=text)).text == text


def test_a_batch_takes_bad_tickets_along_so_that_each_is_judged() -> None:
    assert RegisterBatch.load({"tickets": [None, 1, a_ticket()]}).tickets == (None, 1, a_ticket())
    assert bad_fields(RegisterBatch, {"tickets": []}) == {"tickets"}
    assert bad_fields(RegisterBatch, {"tickets": [{}] * 501}) == {"tickets"}


@pytest.mark.parametrize("moment", ["2025-01-24T09:00:00", "9999-12-31T23:59:59+08:00", "1999-01-01T00:00:00Z", "now"])
def test_naive_and_impossible_times_are_refused(moment: str) -> None:
    assert bad_fields(DeadlineQuery, {"due_before": moment}) == {"due_before"}


def test_nothing_is_named_twice() -> None:
    decision = {"lead": "ZRZY", "assisting": ["SWJ", "SWJ"], "why": "牵头单位明确"}
    assert bad_fields(Arbitrate, decision) == {"assisting"}
    assert bad_fields(RequestMaterials, {"items": ["照片", "照片"]}) == {"items"}
