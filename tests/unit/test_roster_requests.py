"""Whether a swap or a leave may be asked for, confirmed and taken back, and by whom."""

from datetime import date
from typing import Any

import pytest

from schemas.duty import RosterChangeState, RosterGap
from schemas.errors import Conflict, Forbidden, Invalid, Refused
from services.routing.rules.roster_changes import (
    Shift,
    ensure_may_confirm,
    ensure_may_swap,
    ensure_may_take_leave,
    ensure_may_withdraw,
)
from tests.routing_builders import GUS, PENGS, a_leave, a_swap, at

NOW = at("2025-01-10T10:00")


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
    for change, today in (
        (a_swap(), NOW.date()),
        (a_leave(), date(2025, 1, 23)),
        (a_swap(state="refused"), NOW.date()),
    ):
        with pytest.raises(Conflict):
            ensure_may_withdraw(change, today, is_director=False)


def test_nobody_else_changes_the_roster() -> None:
    with pytest.raises(Forbidden):
        ensure_may_swap(a_shift(), a_shift("peng", PENGS), NOW, by="liang", is_director=False, pending=())
