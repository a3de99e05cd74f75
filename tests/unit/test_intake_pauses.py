"""How often and how long a promise may wait for papers."""

from datetime import datetime

import pytest

from schemas.center.center import PauseRule
from schemas.errors import Conflict, Forbidden
from services.calendar.calendar import work_calendar
from services.intake.rules.pauses import Pause, days_left
from tests.builders import a_calendar
from tests.deadline_builders import at

RULE = PauseRule(cap_working_days=5, most_per_round=3)


def left(*earlier: Pause, by_leader: bool = True) -> int:
    return days_left(RULE, work_calendar(a_calendar()), earlier, by_leader=by_leader)


def a_pause(requested_at: str, supplied_at: str | None, working_days_left: int = 5) -> Pause:
    ended: datetime | None = at(supplied_at) if supplied_at else None
    return Pause(at(requested_at), ended, working_days_left)


def test_the_first_pause_of_a_round_may_last_as_long_as_the_center_allows() -> None:
    assert left(by_leader=False) == 5


def test_a_clerk_asks_once_a_round() -> None:
    with pytest.raises(Forbidden, match="leader"):
        left(a_pause("2025-01-20 10:00", "2025-01-21 10:00"), by_leader=False)


def test_a_leader_asks_again_for_what_is_left_of_the_days() -> None:
    assert left(a_pause("2025-01-20 10:00", "2025-01-22 09:00")) == 3
    assert left(a_pause("2025-01-20 10:00", "2025-01-20 16:00")) == 5, "the day itself is not counted"


def test_days_on_which_the_center_is_closed_do_not_count() -> None:
    assert left(a_pause("2025-01-27 10:00", "2025-02-06 10:00")) == 3, "the Spring Festival was eight days"


def test_what_went_on_by_itself_has_used_no_more_than_it_could() -> None:
    long = a_pause("2025-01-02 10:00", "2025-01-27 10:00", working_days_left=2)
    assert left(long) == 3


def test_the_days_of_a_round_are_counted_together() -> None:
    with pytest.raises(Conflict, match="cap_working_days"):
        left(a_pause("2025-01-06 10:00", "2025-01-09 10:00"), a_pause("2025-01-13 10:00", "2025-01-20 10:00"))


def test_nobody_asks_more_often_than_the_center_allows() -> None:
    with pytest.raises(Conflict, match="most_per_round"):
        left(*(a_pause("2025-01-06 10:00", "2025-01-06 11:00") for _ in range(3)))
