from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import Any

import pytest

from schemas.center.center import Limit
from services.calendar.calendar import WorkCalendar, work_calendar
from tests.builders import a_calendar
from tests.unit import worked_examples
from tests.unit.worked_examples import Example

TWO, FIVE = Limit(working_days=2), Limit(working_days=5)


def a_work_calendar(**changes: Any) -> WorkCalendar:
    return work_calendar(a_calendar(**changes))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize("example", worked_examples.OWN + worked_examples.shared(), ids=lambda e: str(e.received_at))
def test_limits_end_at_the_close_of_the_day_that_the_worked_examples_say(example: Example) -> None:
    plain, rolled = a_work_calendar(), a_work_calendar(roll_forward=True)
    ends = [calendar.due(example.received_at, limit).due_at for calendar in (plain, rolled) for limit in (TWO, FIVE)]
    days = (example.two, example.five, example.two_rolled, example.five_rolled)
    assert ends == [datetime.combine(day, time(17), plain.zone) for day in days]
    assert example.counted is None or plain.due(example.received_at, FIVE).counted == example.counted


def test_an_instant_in_another_zone_is_counted_by_the_centers_local_day() -> None:
    late_on_monday = datetime(2025, 3, 3, 17, 30, tzinfo=UTC)  # Tuesday 01:30 in Shanghai
    assert a_work_calendar().due(late_on_monday, TWO).due_at == at("2025-03-06T17:00")


@pytest.mark.parametrize(
    ("started_at", "due_at"),
    [
        ("2025-03-03T09:00", "2025-03-03T14:00"),
        ("2025-03-03T10:30:15", "2025-03-03T15:30:15"),
        ("2025-03-03T13:00", "2025-03-03T17:00"),
        ("2025-03-03T15:00", "2025-03-04T11:00"),
        ("2025-03-03T12:30", "2025-03-03T17:00"),
        ("2025-03-07T17:30", "2025-03-10T14:00"),
        ("2025-01-27T16:00", "2025-02-05T12:00"),
    ],
)
def test_working_hours_run_on_only_while_the_center_is_at_work(started_at: str, due_at: str) -> None:
    assert a_work_calendar().due(at(started_at), Limit(working_hours=4)).due_at == at(due_at)


def test_working_hours_name_the_days_they_were_taken_from() -> None:
    due = a_work_calendar().due(at("2025-03-07T16:00"), Limit(working_hours=4))
    assert due.counted == (date(2025, 3, 7), date(2025, 3, 10))


def test_a_limit_without_any_length_is_refused() -> None:
    with pytest.raises(ValueError, match="working days or working hours"):
        a_work_calendar().due(at("2025-03-03T10:00"), Limit())


def test_days_after_and_before_a_due_time() -> None:
    calendar, due_at = a_work_calendar(), at("2025-01-27T17:00")
    assert calendar.after(due_at, 1) == at("2025-02-05T17:00")
    assert calendar.after(due_at, 5) == at("2025-02-10T17:00")
    assert calendar.before(due_at, 0) == due_at
    assert calendar.before(due_at, 1) == at("2025-01-27T09:00")
    assert calendar.before(due_at, 2) == at("2025-01-26T09:00")
    assert calendar.before(at("2025-03-04T11:00"), 1) == at("2025-03-03T11:00")


def test_a_pause_keeps_the_working_time_that_was_left() -> None:
    calendar = a_work_calendar()
    due_at = calendar.due(at("2025-03-03T10:00"), TWO).due_at
    left = calendar.remaining(at("2025-03-04T11:00"), due_at)
    assert left == timedelta(hours=12)
    assert calendar.resume(at("2025-03-10T16:30"), left).due_at == at("2025-03-12T17:00")
    assert calendar.resume(at("2025-03-08T10:00"), left).due_at == at("2025-03-11T17:00")


def test_what_paused_at_the_very_end_goes_on_to_the_next_close_of_business() -> None:
    """Otherwise it would be broken while it waits, and by an instant that had passed before it went on."""
    calendar, nothing = a_work_calendar(), timedelta()
    assert calendar.resume(at("2025-03-04T17:00"), nothing).due_at == at("2025-03-04T17:00")
    assert calendar.resume(at("2025-03-04T17:02"), nothing).due_at == at("2025-03-05T17:00")
    assert calendar.resume(at("2025-03-08T10:00"), nothing).due_at == at("2025-03-10T17:00")


def test_what_is_late_cannot_be_resumed() -> None:
    calendar = a_work_calendar()
    left = calendar.remaining(at("2025-03-06T10:00"), at("2025-03-05T17:00"))
    assert left == timedelta(hours=-1)
    with pytest.raises(ValueError, match="late"):
        calendar.resume(at("2025-03-06T10:00"), left)


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2025-01-20T17:00", 0),
        ("2025-01-27T16:59", 0),
        ("2025-02-04T12:00", 0),
        ("2025-02-05T16:59", 0),
        ("2025-02-05T17:00", 1),
        ("2025-02-09T08:00", 4),
        ("2025-02-10T17:00", 5),
    ],
)
def test_lateness_is_told_in_whole_working_days(now: str, late: int) -> None:
    assert a_work_calendar().working_days_late(at("2025-01-27T17:00"), at(now)) == late


def test_a_limit_that_ends_beyond_the_announced_calendar_is_provisional() -> None:
    calendar = a_work_calendar()
    assert calendar.announced_through >= date(2026, 12, 24)
    last_settled = datetime.combine(calendar.announced_through, time(10), calendar.zone)
    assert calendar.due(last_settled, TWO).provisional
    assert not calendar.due(last_settled - timedelta(days=14), TWO).provisional
    assert a_work_calendar(announced_through=date(2025, 3, 4)).due(at("2025-03-03T10:00"), TWO).provisional
    assert not a_work_calendar(announced_through=date(2025, 3, 5)).due(at("2025-03-03T10:00"), TWO).provisional


def test_an_explanation_goes_through_every_day_from_receipt_to_the_end() -> None:
    days = a_work_calendar(roll_forward=True).explain(at("2025-01-25T11:20"), TWO)
    assert [day.day.day for day in days if day.counted] == [27, 5]
    assert len(days) == 12
    assert days[0].reasons == ("weekend", "day_of_receipt")
    assert days[1].reasons == ("make_up_working_day", "treated_as_day_of_receipt")


def test_an_explanation_says_which_days_are_not_announced_yet() -> None:
    days = a_work_calendar(announced_through=date(2025, 3, 4)).explain(at("2025-03-03T10:00"), TWO)
    assert [("not_announced_yet" in day.reasons) for day in days] == [False, False, True]


def test_naive_instants_are_refused_everywhere() -> None:
    calendar, naive, aware = a_work_calendar(), datetime(2025, 3, 3, 10), at("2025-03-03T10:00")  # noqa: DTZ001
    asked: list[Callable[[], object]] = [
        lambda: calendar.due(naive, TWO),
        lambda: calendar.after(naive, 1),
        lambda: calendar.before(naive, 0),
        lambda: calendar.remaining(naive, aware),
        lambda: calendar.remaining(aware, naive),
        lambda: calendar.resume(naive, timedelta(hours=1)),
        lambda: calendar.working_days_late(naive, aware),
        lambda: calendar.working_days_late(aware, naive),
        lambda: calendar.explain(naive, TWO),
        lambda: calendar.extend(calendar.due(aware, TWO)._replace(due_at=naive), 1),
    ]
    for ask in asked:
        with pytest.raises(ValueError, match="naive"):
            ask()


def test_equal_calendars_are_worked_out_once() -> None:
    assert work_calendar(a_calendar()) is work_calendar(a_calendar())


def test_a_hundred_thousand_limits_a_second_can_be_counted() -> None:
    calendar, first = a_work_calendar(), at("2025-01-24T10:00")
    starts = [first + timedelta(minutes=17 * n) for n in range(20_000)]
    best = min(_seconds_for(calendar, starts) for _ in range(5))  # the best of five: others use the machine too
    assert len(starts) / best > 100_000


def _seconds_for(calendar: WorkCalendar, starts: list[datetime]) -> float:
    begun = process_time()
    for started_at in starts:
        calendar.due(started_at, FIVE)
    return process_time() - begun
