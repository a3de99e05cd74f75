"""What the desk decides by itself: passwords, locks, sessions, the time that is left, what a page shows anew."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from schemas.enums import Complexity, Light
from schemas.events.tickets import TicketRouted
from services.calendar.calendar import work_calendar
from services.desk.rules.accounts import (
    ATTEMPTS,
    IDLE_FOR,
    LOCKED_FOR,
    LONGEST_SESSION,
    Lock,
    PasswordFault,
    SessionState,
    has_ended,
    next_state,
    password_fault,
)
from services.desk.rules.changes import Change, changes_of
from services.desk.rules.notices import with_text
from services.desk.rules.time_left import time_left, working_day
from tests.builders import a_center, at

NOW = datetime(2026, 4, 28, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("a1b2c3d4e", PasswordFault.TOO_SHORT),
        ("a1" * 65, PasswordFault.TOO_LONG),
        ("1234567890", PasswordFault.TOO_SIMPLE),
        ("aaaaaaaaaa1", PasswordFault.TOO_SIMPLE),
        ("my-LIU-YANG-word", PasswordFault.SAYS_WHO),
        ("correct-horse", None),
        ("办不成的事到这里来反映就好了啊一二三四五", None),
        ("alongsentenceofplainletters", None),
    ],
)
def test_a_password_is_long_of_two_kinds_and_says_not_who(password: str, fault: PasswordFault | None) -> None:
    assert password_fault(password, "liu-yang") is fault


def test_five_wrong_attempts_in_a_row_lock_for_a_while() -> None:
    lock = Lock()
    for _ in range(ATTEMPTS - 1):
        lock = lock.after_failure(NOW)
        assert not lock.is_locked(NOW)
    lock = lock.after_failure(NOW)
    assert lock.is_locked(NOW)
    assert lock.is_locked(NOW + LOCKED_FOR - timedelta(seconds=1))
    assert not lock.is_locked(NOW + LOCKED_FOR)


@pytest.mark.parametrize(
    ("must_set", "has", "needs", "state"),
    [
        (True, False, True, SessionState.NEW_PASSWORD),
        (True, True, True, SessionState.NEW_PASSWORD),
        (False, True, False, SessionState.SECOND_FACTOR),
        (False, False, True, SessionState.NEW_SECOND_FACTOR),
        (False, False, False, SessionState.OPEN),
    ],
)
def test_a_session_is_open_when_nothing_more_is_asked(must_set: bool, has: bool, needs: bool, state: str) -> None:
    assert next_state(must_set_password=must_set, has_second_factor=has, needs_second_factor=needs) == state


def test_a_session_ends_when_idle_and_at_last_in_any_case() -> None:
    assert not has_ended(NOW, NOW, NOW + IDLE_FOR)
    assert has_ended(NOW, NOW, NOW + IDLE_FOR + timedelta(seconds=1))
    late = NOW + LONGEST_SESSION + timedelta(seconds=1)
    assert has_ended(NOW, late, late)


@pytest.mark.parametrize(
    ("now", "light"),
    [
        ("2026-04-28T16:00", Light.GREEN),
        ("2026-04-29T17:00", Light.YELLOW),
        ("2026-04-30T16:59", Light.YELLOW),
        ("2026-04-30T17:01", Light.RED),
        ("2026-05-05T12:00", Light.RED),
    ],
)
def test_a_promise_is_yellow_for_its_last_working_day(now: str, light: Light) -> None:
    center = a_center()
    calendar, day = work_calendar(center.calendar), working_day(center.calendar)
    left = time_left(at("2026-04-30T17:00"), at(now), calendar)
    assert left.light(day) is light
    assert left.is_late == (light is Light.RED)


def test_days_off_do_not_make_a_promise_later() -> None:
    calendar = work_calendar(a_center().calendar)
    due = at("2026-04-30T17:00")
    assert time_left(due, at("2026-05-05T12:00"), calendar).working_time == timedelta()


def test_what_is_done_exactly_at_the_due_time_is_in_time() -> None:
    calendar = work_calendar(a_center().calendar)
    assert not time_left(NOW, NOW, calendar).is_late


def test_an_event_changes_its_ticket_its_departments_and_the_center() -> None:
    event = TicketRouted(
        center="BC",
        ticket_id=uuid4(),
        round=1,
        complexity=Complexity.ORDINARY,
        lead="SWJ",
        assisting=("SJJ",),
        why="keyword:税务",
        routed_at=NOW,
    )
    assert set(changes_of([event])) == {
        Change(event.center, topic)
        for topic in (
            f"ticket:{event.ticket_id}",
            "tickets",
            "docket",
            "board",
            "department:SWJ",
            "department:SJJ",
        )
    }


def test_a_notices_text_is_put_into_the_center_file_and_left_out_again() -> None:
    bare = {"code": "BC"}
    own = with_text(bare, "other", "zh", "{number} 请看")
    assert own == bare | {"notices": {"texts": {"other": {"zh": "{number} 请看"}}}}
    both = with_text(own, "other", "en", "see {number}")
    assert with_text(both, "other", "zh", "")["notices"] == {"texts": {"other": {"en": "see {number}"}}}
    assert with_text(own, "other", "zh", "") == bare
    assert with_text({"notices": {"phone_from_level": 2}}, "other", "zh", "") == {"notices": {"phone_from_level": 2}}
