"""The watch is held when the clock by which everybody is judged jumps."""

from datetime import datetime, timedelta

from services.deadline_watch.rules.clock_drift import MachineTime, Reading, jump

NOON = datetime.fromisoformat("2025-03-03T12:00:00+08:00")
NOTHING = timedelta()


def after(*, boot: str = "first", off: timedelta = NOTHING, wall_off: timedelta = NOTHING, **passed: float) -> Reading:
    """All clocks, so much later; the database's is ``off``, the machine's wall clock ``wall_off``."""
    span = timedelta(**passed)
    since_boot = 1000 + span.total_seconds() if boot == "first" else 7.0
    return Reading(NOON + span + off, MachineTime(NOON + span + wall_off, boot, since_boot))


def test_clocks_that_go_on_together_are_steady_for_years() -> None:
    assert [jump(after(), after(days=day)) for day in range(1000)] == [NOTHING] * 1000


def test_a_clock_that_is_corrected_by_seconds_is_steady() -> None:
    assert jump(after(), after(minutes=1, off=timedelta(seconds=100))) == NOTHING


def test_a_jump_forward_or_back_is_told() -> None:
    for off in (timedelta(days=30), timedelta(hours=-1)):
        assert jump(after(), after(minutes=1, off=off)) == off


def test_the_first_reading_there_ever_was_is_trusted() -> None:
    assert jump(None, after()) == NOTHING


def test_a_wrong_clock_of_the_watchs_own_machine_is_no_jump() -> None:
    assert jump(after(), after(minutes=1, wall_off=timedelta(days=3))) == NOTHING


def test_after_a_boot_of_the_machine_its_wall_clock_is_compared() -> None:
    assert jump(after(), after(boot="second", hours=5)) == NOTHING
    assert jump(after(), after(boot="second", hours=5, off=timedelta(days=30))) == timedelta(days=30)
