from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from schemas.center.center import Roster, Sitting, Swap
from services.calendar.calendar import WorkCalendar, work_calendar
from services.routing.rules.roster import on_duty, shifts
from tests.builders import a_calendar, a_roster


def a_work_calendar(**changes: Any) -> WorkCalendar:
    return work_calendar(a_calendar(**changes))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def held(roster: Roster, first: str, last: str, **calendar: Any) -> list[tuple[str, str]]:
    """The days and leaders of the sittings held, as in ("01-23", "liang")."""
    found = shifts(roster, a_work_calendar(**calendar), date.fromisoformat(first), date.fromisoformat(last))
    return [(f"{turn.opens_at:%m-%d}", turn.leader) for turn in found]


def test_leaders_take_turns_from_the_first_sitting_on_or_after_the_start() -> None:
    assert held(a_roster(), "2025-01-01", "2025-01-16") == [
        ("01-02", "gu"),
        ("01-07", "peng"),
        ("01-09", "liang"),
        ("01-14", "fang"),
        ("01-16", "gu"),
    ]


def test_a_turn_has_the_hours_of_its_sitting_in_the_centers_zone() -> None:
    (turn,) = shifts(a_roster(), a_work_calendar(), date(2025, 1, 2), date(2025, 1, 2))
    assert (turn.opens_at, turn.closes_at, turn.moved_from) == (at("2025-01-02T09:00"), at("2025-01-02T12:00"), None)


def test_sittings_in_a_holiday_move_to_the_next_open_days_that_have_none() -> None:
    moved = shifts(a_roster(), a_work_calendar(), date(2025, 1, 24), date(2025, 2, 11))
    assert [(turn.opens_at.date(), turn.leader, turn.moved_from) for turn in moved] == [
        (date(2025, 2, 5), "fang", date(2025, 1, 28)),
        (date(2025, 2, 6), "liang", None),
        (date(2025, 2, 7), "gu", date(2025, 1, 30)),
        (date(2025, 2, 8), "peng", date(2025, 2, 4)),  # the make-up Saturday
        (date(2025, 2, 11), "fang", None),
    ]


def test_sittings_in_a_holiday_can_be_left_out() -> None:
    dropping = a_roster(on_closed_day="drop")
    assert held(dropping, "2025-01-24", "2025-02-11") == [("02-06", "liang"), ("02-11", "fang")]


def test_a_day_the_center_closes_moves_one_sitting_and_no_other() -> None:
    usual = held(a_roster(), "2025-03-01", "2025-03-31")
    changed = held(a_roster(), "2025-03-01", "2025-03-31", closed_days=(date(2025, 3, 11),))
    assert set(usual) - set(changed) == {("03-11", "fang")}
    assert set(changed) - set(usual) == {("03-12", "fang")}


def test_all_sittings_of_a_closed_day_move_together() -> None:
    twice = a_roster(
        sittings=(
            Sitting(weekday=2, opens=time(13), closes=time(17)),
            Sitting(weekday=2, opens=time(9), closes=time(12)),
        ),
        starts_on=date(2025, 3, 3),
    )
    assert held(twice, "2025-03-03", "2025-03-31", closed_days=(date(2025, 3, 11),)) == [
        ("03-04", "gu"),
        ("03-04", "peng"),
        ("03-12", "liang"),
        ("03-12", "fang"),
        ("03-18", "gu"),
        ("03-18", "peng"),
        ("03-25", "liang"),
        ("03-25", "fang"),
    ]


def test_a_swap_changes_the_leader_of_that_day_alone() -> None:
    usual = held(a_roster(), "2025-03-01", "2025-03-31")
    swapped = held(a_roster(swaps=(Swap(day=date(2025, 3, 11), leader="director"),)), "2025-03-01", "2025-03-31")
    assert [pair for pair in swapped if pair not in usual] == [("03-11", "director")]
    assert len(swapped) == len(usual)


@pytest.mark.parametrize(
    ("now", "leader", "opens_at"),
    [
        ("2025-01-07T09:00", "peng", "2025-01-07T09:00"),
        ("2025-01-07T11:59:59", "peng", "2025-01-07T09:00"),
        ("2025-01-07T12:00", "liang", "2025-01-09T09:00"),
        ("2025-01-07T08:59", "peng", "2025-01-07T09:00"),
        ("2025-01-29T10:00", "fang", "2025-02-05T09:00"),
        ("2024-06-01T10:00", "gu", "2025-01-02T09:00"),
        ("2025-12-31T23:00", "gu", "2026-01-04T09:00"),  # the 105th turn: from 1 January to the make-up Sunday
    ],
)
def test_who_sits_or_sits_next_is_on_duty(now: str, leader: str, opens_at: str) -> None:
    turn = on_duty(a_roster(), a_work_calendar(), at(now))
    assert (turn.leader, turn.opens_at) == (leader, at(opens_at))


def test_a_sitting_moved_into_the_new_year_does_not_hide_an_earlier_one() -> None:
    roster, calendar = a_roster(starts_on=date(2024, 12, 1)), a_work_calendar(closed_days=(date(2024, 12, 31),))
    assert on_duty(roster, calendar, at("2024-12-31T10:00")).opens_at == at("2025-01-02T09:00")
    assert on_duty(roster, calendar, at("2025-01-02T12:00")).moved_from == date(2024, 12, 31)


def test_the_next_to_come_is_found_on_every_hour_as_the_turns_list_it() -> None:
    roster, calendar = a_roster(), a_work_calendar()
    listed = shifts(roster, calendar, date(2026, 1, 1), date(2027, 2, 1))
    for hours in range(0, 24 * 365, 7):
        now = at("2026-01-01T00:30") + timedelta(hours=hours)
        assert on_duty(roster, calendar, now) == next(turn for turn in listed if turn.closes_at > now)


def test_a_sitting_keeps_its_day_and_leader_whichever_span_is_asked_for() -> None:
    roster, calendar = a_roster(), a_work_calendar()
    whole = shifts(roster, calendar, date(2025, 1, 1), date(2027, 12, 31))
    by_month = [
        turn
        for year in (2025, 2026, 2027)
        for month in range(1, 13)
        for turn in shifts(roster, calendar, date(year, month, 1), _end_of(year, month))
    ]
    assert by_month == whole


def test_a_roster_that_never_sits_again_says_so() -> None:
    only_sundays = a_roster(sittings=(Sitting(weekday=7, opens=time(9), closes=time(12)),), on_closed_day="drop")
    with pytest.raises(LookupError):
        on_duty(only_sundays, a_work_calendar(), at("2040-01-01T10:00"))


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        on_duty(a_roster(), a_work_calendar(), datetime(2025, 1, 7, 10))  # noqa: DTZ001


def _end_of(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
