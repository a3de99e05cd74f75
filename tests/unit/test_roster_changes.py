"""Changes on top of the roster: swaps, leave, substitutes, and sittings that nobody would hold."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from schemas.duty import RosterChangeKind, RosterChangeState, RosterGap
from schemas.errors import Conflict, Forbidden, Invalid, Refused
from services.calendar.calendar import work_calendar
from services.routing.rules.roster import duty_leader, on_duty, shifts
from services.routing.rules.roster_changes import (
    RosterChange,
    RosterChanges,
    Shift,
    ensure_may_confirm,
    ensure_may_swap,
    ensure_may_take_leave,
    ensure_may_withdraw,
)
from tests.builders import a_calendar, a_center, a_roster, at

GUS, PENGS = at("2025-01-16T09:00"), at("2025-01-21T09:00")
FIRST, LAST = date(2025, 1, 14), date(2025, 1, 23)
NOW = at("2025-01-10T10:00")


def a_swap(**changes: Any) -> RosterChange:
    """Gu's sitting of Thursday 16 January for Peng's of Tuesday 21."""
    swap = RosterChange(
        id=uuid4(),
        kind=RosterChangeKind.SWAP,
        state=RosterChangeState.IN_FORCE,
        leader="gu",
        other="peng",
        opens_at=GUS,
        other_opens_at=PENGS,
        first=GUS.date(),
        last=PENGS.date(),
        asked_by="gu",
    )
    return swap._replace(**changes)


def a_leave(**changes: Any) -> RosterChange:
    """Gu's, on Thursday 16 January."""
    leave = {"kind": RosterChangeKind.LEAVE, "other": None, "opens_at": None, "other_opens_at": None}
    return a_swap(**leave | {"first": GUS.date(), "last": GUS.date()} | changes)


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


def a_shift(leader: str = "gu", opens_at: Any = GUS, **changes: Any) -> Shift:
    return Shift(opens_at, opens_at.replace(hour=12), leader, None)._replace(**changes)


def refused(**changes: Any) -> str:
    """Why Gu may not swap with Peng; nothing if he may."""
    given: dict[str, Any] = {"own": a_shift(), "other": a_shift("peng", PENGS), "now": NOW}
    asked = {"by": "gu", "is_director": False, "pending": ()}
    try:
        ensure_may_swap(**given | asked | changes)
    except Refused as error:
        return error.detail
    return ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"own": None}, "No sitting opens then."),
        ({"other": None}, "No sitting opens then."),
        ({"now": GUS}, "begun already"),
        ({"other": a_shift("gu", PENGS)}, "same leader"),
        ({"other": a_shift("peng", PENGS, gap=RosterGap.ON_LEAVE)}, "name a substitute"),
        ({"by": "peng"}, "only the leader concerned"),
        ({"by": "director", "is_director": True}, ""),
        ({"pending": (a_swap(opens_at=PENGS),)}, "waits for a leader"),
    ],
)
def test_a_swap_is_asked_for_by_who_sits_or_the_director(changes: dict[str, Any], why: str) -> None:
    said = refused(**changes)
    assert why in said
    assert bool(why) == bool(said)


def leave(leader: str = "gu", substitute: str | None = None, **days: str) -> None:
    days = {"first": "2025-01-16", "last": "2025-01-16"} | days
    ensure_may_take_leave(
        date.fromisoformat(days["first"]),
        date.fromisoformat(days["last"]),
        NOW.date(),
        leader=leader,
        substitute=substitute,
        leaders={"gu", "peng", "director"},
        in_force=[a_leave(first=date(2025, 1, 20), last=date(2025, 1, 22))],
    )


def test_a_leave_is_to_come_ends_and_is_taken_once() -> None:
    leave()
    leave(substitute="director")
    leave(first="2025-01-23", last="2025-01-24")
    for bad in (
        {"leader": "he-jing"},
        {"substitute": "gu"},
        {"substitute": "he-jing"},
        {"first": "2025-01-09"},
        {"last": "2025-01-15"},
        {"last": "2026-01-17"},
    ):
        with pytest.raises(Invalid):
            leave(**bad)
    for overlapping in ("2025-01-20", "2025-01-22", "2025-02-01"):
        with pytest.raises(Conflict):
            leave(last=overlapping)


def test_a_swap_is_confirmed_while_the_roster_is_as_it_was() -> None:
    swap = a_swap(state=RosterChangeState.PROPOSED)
    ensure_may_confirm(swap, a_shift(), a_shift("peng", PENGS), NOW)
    for own, now in ((a_shift("fang"), NOW), (None, NOW), (a_shift(), GUS)):
        with pytest.raises(Conflict):
            ensure_may_confirm(swap, own, a_shift("peng", PENGS), now)


def test_what_two_agreed_on_only_the_director_takes_back() -> None:
    ensure_may_withdraw(a_swap(state=RosterChangeState.PROPOSED), NOW.date(), is_director=False)
    ensure_may_withdraw(a_leave(), NOW.date(), is_director=False)
    ensure_may_withdraw(a_swap(), NOW.date(), is_director=True)
    for change, today in ((a_swap(), NOW.date()), (a_leave(), LAST), (a_swap(state="refused"), NOW.date())):
        with pytest.raises(Conflict):
            ensure_may_withdraw(change, today, is_director=False)


def test_nobody_else_changes_the_roster() -> None:
    with pytest.raises(Forbidden):
        ensure_may_swap(a_shift(), a_shift("peng", PENGS), NOW, by="liang", is_director=False, pending=())
