"""When applicants are reminded of papers that they have promised."""

from datetime import date
from uuid import UUID

import pytest

from schemas.events.materials import ToleranceGranted
from services.notify.rules.applicants import reminders_of
from tests.builders import a_center, at


@pytest.mark.parametrize(
    ("due_on", "mornings"),
    [
        ("2025-02-13", ["2025-02-03T09:00", "2025-02-12T09:00", "2025-02-13T09:00"]),
        ("2025-01-26", ["2025-01-25T09:00", "2025-01-26T09:00"]),
        ("2025-01-25", ["2025-01-25T09:00"]),
        ("2025-01-24", []),
    ],
    ids=["half way, the day before and on the day", "half way is the day before", "tomorrow", "today, and it is open"],
)
def test_nobody_is_reminded_twice_on_a_morning(due_on: str, mornings: list[str]) -> None:
    promised = ToleranceGranted(
        center="BC",
        ticket_id=UUID(int=1),
        round=1,
        items=("租赁合同",),
        due_on=date.fromisoformat(due_on),
        granted_by="fang",
        granted_at=at("2025-01-24T10:00"),
    )
    assert reminders_of(a_center(), promised) == [at(each) for each in mornings]
