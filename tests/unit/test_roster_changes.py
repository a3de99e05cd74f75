"""Changes on top of the roster: swaps, leave, substitutes, and sittings that nobody would hold."""

from datetime import date
from typing import Any

from schemas.duty import RosterGap
from services.calendar.calendar import work_calendar
from services.routing.rules.roster import duty_leader, on_duty, shifts
from services.routing.rules.roster_changes import RosterChange, RosterChanges
from tests.builders import a_calendar, a_center, a_roster, at
from tests.routing_builders import GUS, a_leave, a_swap

FIRST, LAST = date(2025, 1, 14), date(2025, 1, 23)
NOW = at("2025-01-10T10:00")


def held(*changes: RosterChange, staff: Any = None) -> dict[str, tuple[str, str | None]]:
    """Who sits on which day, and why nobody does."""
    found = shifts(a_roster(), work_calendar(a_calendar()), FIRST, LAST, RosterChanges(changes, staff))
    return {f"{shift.opens_at:%m-%d}": (shift.leader, shift.gap) for shift in found}


def test_by_the_center_file_alone() -> None:
    expected = {"01-14": "fang", "01-16": "gu", "01-21": "peng", "01-23": "liang"}
    assert held() == {day: (leader, None) for day, leader in expected.items()}


def test_two_leaders_sit_for_each_other() -> None:
    swapped = held(a_swap())
    assert (swapped["01-16"], swapped["01-21"], swapped["01-23"]) == (("peng", None), ("gu", None), ("liang", None))
    (shift,) = shifts(a_roster(), work_calendar(a_calendar()), GUS.date(), GUS.date(), RosterChanges((a_swap(),)))
    assert (shift.leader, shift.regular_leader) == ("peng", "gu")


def test_a_swap_of_a_sitting_that_another_leader_has_now_does_nothing() -> None:
    assert held(a_swap(leader="liang")) == held(a_swap(leader="liang", opens_at=NOW))
    assert held(a_swap(leader="liang"))["01-16"] == ("gu", None)


def test_a_swap_that_is_swapped_again_ends_with_the_last() -> None:
    liangs = at("2025-01-23T09:00")
    again = a_swap(leader="peng", other="liang", other_opens_at=liangs)
    assert held(a_swap(), again) == {
        "01-14": ("fang", None),
        "01-16": ("liang", None),
        "01-21": ("gu", None),
        "01-23": ("peng", None),
    }


def test_a_substitute_sits_for_who_is_on_leave() -> None:
    assert held(a_leave(other="fang"))["01-16"] == ("fang", None)
    assert held(a_leave(other="fang"))["01-21"] == ("peng", None)


def test_leave_without_a_substitute_leaves_a_gap() -> None:
    assert held(a_leave())["01-16"] == ("gu", RosterGap.ON_LEAVE)


def test_a_substitute_on_leave_has_one_of_their_own_or_leaves_a_gap() -> None:
    fangs = a_leave(leader="fang", other="liang")
    assert held(a_leave(other="fang"), fangs)["01-16"] == ("liang", None)
    assert held(a_leave(other="fang"), fangs._replace(other="gu"))["01-16"][1] is RosterGap.ON_LEAVE


def test_leave_counts_for_whoever_took_the_sitting_over() -> None:
    assert held(a_swap(), a_leave(leader="peng", other="liang"))["01-16"] == ("liang", None)
    assert held(a_swap(), a_leave())["01-16"] == ("peng", None), "who swapped it away does not sit anyway"


def test_who_left_the_center_file_leaves_a_gap() -> None:
    assert held(a_leave(other="retired"), staff={"gu", "peng"})["01-16"] == ("retired", RosterGap.HAS_LEFT)


def test_the_ladder_names_whoever_really_sits() -> None:
    center, now = a_center(), at("2025-01-15T10:00")
    assert duty_leader(center, now) == "gu"
    assert duty_leader(center, now, RosterChanges((a_swap(),))) == "peng"
    assert duty_leader(center, now, RosterChanges((a_leave(other="fang"),))) == "fang"
    assert duty_leader(center, now, RosterChanges((a_leave(),))) is None, "so that the director is asked"
    shift = on_duty(center.roster, work_calendar(center.calendar), now, RosterChanges((a_leave(),)))
    assert (shift.opens_at, shift.gap) == (GUS, RosterGap.ON_LEAVE)
