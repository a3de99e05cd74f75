from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.center.center import Limit
from services.calendar.calendar import work_calendar
from tests.builders import a_calendar

CALENDARS = st.sampled_from([work_calendar(a_calendar(roll_forward=rolled)) for rolled in (False, True)])
# DTZ001: hypothesis wants its bounds naive and adds the zone itself
INSTANTS = st.datetimes(datetime(2004, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.integers(min_value=1, max_value=250)
LIMITS = st.one_of(DAYS.map(lambda n: Limit(working_days=n)), st.integers(1, 80).map(lambda n: Limit(working_hours=n)))


@given(CALENDARS, INSTANTS, LIMITS)
def test_a_limit_never_ends_on_a_closed_day_nor_before_it_began(calendar, started_at, limit):  # type: ignore[no-untyped-def]
    due = calendar.due(started_at, limit)
    assert calendar.is_open(due.due_at.date())
    assert due.due_at > started_at
    assert due.counted[-1] == due.due_at.date()
    assert all(map(calendar.is_open, due.counted))


@given(CALENDARS, INSTANTS, DAYS)
def test_the_days_counted_are_those_of_the_limit_and_of_the_explanation(calendar, started_at, n):  # type: ignore[no-untyped-def]
    due = calendar.due(started_at, Limit(working_days=n))
    assert len(due.counted) == n
    explained = calendar.explain(started_at, Limit(working_days=n))
    assert tuple(day.day for day in explained if day.counted) == due.counted
    assert explained[-1].day == due.due_at.date()


@given(CALENDARS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=60)), LIMITS)
def test_what_began_later_never_ends_earlier(calendar, started_at, later, limit):  # type: ignore[no-untyped-def]
    assert calendar.due(started_at, limit).due_at <= calendar.due(started_at + later, limit).due_at


@given(CALENDARS, INSTANTS, st.integers(1, 240))
def test_a_longer_limit_ends_later(calendar, started_at, n):  # type: ignore[no-untyped-def]
    assert calendar.due_days(started_at, n).due_at < calendar.due_days(started_at, n + 1).due_at


@given(CALENDARS, INSTANTS, DAYS, st.floats(0, 1))
def test_a_pause_in_which_nobody_worked_changes_nothing(calendar, started_at, n, part):  # type: ignore[no-untyped-def]
    due_at = calendar.due_days(started_at, n).due_at
    paused_at = started_at + part * (due_at - started_at)
    left = calendar.remaining(paused_at, due_at)
    assert calendar.resume(paused_at, left).due_at == due_at
    assert calendar.resume(paused_at, timedelta(seconds=left // timedelta(seconds=1))).due_at == due_at


@given(CALENDARS, INSTANTS, DAYS, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_a_pause_never_makes_a_limit_end_earlier(calendar, started_at, n, pause):  # type: ignore[no-untyped-def]
    due_at = calendar.due_days(started_at, n).due_at
    left = calendar.remaining(started_at, due_at)
    assert calendar.resume(started_at + pause, left).due_at >= due_at


@given(CALENDARS, INSTANTS, st.integers(2, 60), st.integers(1, 60))
def test_before_and_after_are_openings_and_closes_around_the_due_time(calendar, started_at, n, away):  # type: ignore[no-untyped-def]
    due_at = calendar.due_days(started_at, n).due_at
    warned_at, late_at = calendar.before(due_at, away), calendar.after(due_at, away)
    assert warned_at == calendar.opening_of(warned_at.date())
    assert late_at == calendar.close_of(late_at.date())
    assert warned_at < due_at < late_at
    assert calendar.after(warned_at, away - 1) == due_at if away > 1 else warned_at.date() == due_at.date()
    assert calendar.working_days_late(due_at, late_at) == away
    assert calendar.working_days_late(due_at, late_at - timedelta(seconds=1)) == away - 1
