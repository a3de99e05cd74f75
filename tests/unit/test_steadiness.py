"""The watch is held when the clock by which everybody is judged jumps."""

from datetime import datetime, timedelta

from services.deadline_watch.steadiness import Steadiness

NOON = datetime.fromisoformat("2025-03-03T12:00:00+08:00")
NOTHING = timedelta()


def after(**passed: float) -> tuple[datetime, float]:
    """Both clocks, so much later."""
    span = timedelta(**passed)
    return NOON + span, 1000 + span.total_seconds()


def test_clocks_that_go_on_together_are_steady_for_years() -> None:
    steadiness = Steadiness()
    assert [steadiness.judge(*after(days=day)) for day in range(1000)] == [NOTHING] * 1000


def test_a_clock_that_is_corrected_by_seconds_is_steady_however_often() -> None:
    steadiness = Steadiness()
    for minute in range(1000):
        read, elapsed = after(minutes=minute)
        assert steadiness.judge(read + timedelta(seconds=minute), elapsed) == NOTHING


def test_a_jump_forward_or_back_is_told_until_the_clock_is_right_again() -> None:
    for jump in (timedelta(days=3), timedelta(hours=-1)):
        steadiness = Steadiness()
        steadiness.judge(*after())
        read, elapsed = after(minutes=1)
        assert steadiness.judge(read + jump, elapsed) == jump
        read, elapsed = after(minutes=2)
        assert steadiness.judge(read + jump, elapsed) == jump
        assert steadiness.judge(read, elapsed) == NOTHING
