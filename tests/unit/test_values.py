"""Values that look right at first sight, and are not."""

from typing import Any

import pytest
from marshmallow import ValidationError

from schemas.requests.applicants import FindByPhone
from schemas.requests.assignments import AssignmentQuery
from schemas.requests.roster import RosterQuery
from schemas.requests.timeline import TimelineQuery


def _refused(record: Any, **values: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        record.load(values)
    return sorted(refused.value.normalized_messages())


@pytest.mark.parametrize("code", ["GJJ\n", "\nGJJ", "GJJ\r\n", " GJJ", "G JJ", "", "-GJJ", "G" * 41, "ＧＪＪ"])
def test_a_code_is_a_code_from_beginning_to_end(code: str) -> None:
    """Python's ``$`` lets a line feed at the end through."""
    assert _refused(AssignmentQuery, department=code) == ["department"]


def test_a_very_long_phone_is_refused_without_being_read() -> None:
    """One sign of these becomes eighteen in plain form: a megabyte took seconds, while nobody else was served."""
    with pytest.raises(ValidationError) as refused:
        FindByPhone.load({"phone": "\ufdfa" * 300_000, "reason": "\ufdfa" * 300_000})
    assert refused.value.normalized_messages() == {
        "phone": ["Longer than maximum length 40."],
        "reason": ["Length must be between 5 and 200."],
    }


@pytest.mark.parametrize("day", ["0001-01-01", "2000-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_has_a_calendar(day: str) -> None:
    assert _refused(RosterQuery, since=day, until=day) == ["since", "until"]


def test_a_place_in_the_timeline_is_a_number_that_the_database_can_hold() -> None:
    assert TimelineQuery.load({"after": 2**63 - 1}).after == 2**63 - 1
    assert _refused(TimelineQuery, after=2**63) == ["after"]
    assert _refused(TimelineQuery, after=-1) == ["after"]
