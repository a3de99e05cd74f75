"""Changes of the roster through the service: who may, who confirms, and whom the ladder then names."""

from itertools import count
from typing import Any

import pytest

from schemas.duty import RosterChangeState
from schemas.enums import Role
from schemas.events.notices import NoticeRequested
from schemas.events.roster import RosterChanged
from schemas.events.tickets import TicketEscalated
from services.plumbing.database.transaction import new_id
from services.routing.actions.publishing import publish
from tests.integration.routing.desk import NO_RULE, Desk, a_registration
from tests.routing_builders import a_city_center, a_mark
from tests.stack.access import bearer
from tests.stack.eventually import eventually

GUS, PENGS, FANGS = "2025-02-07T09:00:00+08:00", "2025-02-08T09:00:00+08:00", "2025-02-05T09:00:00+08:00"
"""Sittings after the Spring Festival, as the center file has them."""
_numbers = count(1)


class Leaders:
    """The leaders of a center of their own, on Friday 24 January 2025 at ten."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.code = desk, f"ROS{next(_numbers)}"
        self.gu, self.peng, self.liang, self.fang = (
            bearer(staff, Role.DUTY_LEADER, center=self.code) for staff in ("gu", "peng", "liang", "fang")
        )
        self.director = bearer("director", Role.DIRECTOR, center=self.code)
        self.clerk = bearer("he-jing", Role.CLERK, center=self.code)
        with desk.house.database.transaction() as tx:
            publish(tx, a_city_center(code=self.code))

    def roster(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.desk.good(200, "GET", "/roster", self.clerk)
        return shown

    def sits(self, opens_at: str) -> tuple[str, str | None]:
        (shift,) = [each for each in self.roster()["shifts"] if each["opens_at"] == opens_at]
        return shift["leader"], shift["gap"]

    def change(self) -> str:
        """The path of the change that was asked for last."""
        return f"/roster/changes/{max(each['id'] for each in self.roster()['changes'])}"

    def swaps(self, who: Any, own: str = GUS, other: str = PENGS) -> None:
        self.desk.does(who, "/roster/swaps", opens_at=own, other_opens_at=other)


@pytest.fixture
def leaders(desk: Desk) -> Leaders:
    return Leaders(desk)


def test_a_swap_counts_once_the_other_leader_has_confirmed_it(leaders: Leaders) -> None:
    leaders.swaps(leaders.gu)
    assert (leaders.sits(GUS), leaders.sits(PENGS)) == (("gu", None), ("peng", None))
    change = leaders.change()
    for somebody in (leaders.gu, leaders.liang):
        assert "only the leader" in leaders.desk.refuses(somebody, f"{change}/confirm", 403)
    leaders.desk.does(leaders.peng, f"{change}/confirm")
    assert (leaders.sits(GUS), leaders.sits(PENGS)) == (("peng", None), ("gu", None))
    assert "in_force already" in leaders.desk.refuses(leaders.peng, f"{change}/refuse")
    said = leaders.desk.tap.wait_for(RosterChanged, leaders.code, times=2)
    assert [(each.state, each.changed_by) for each in said] == [
        (RosterChangeState.PROPOSED, "gu"),
        (RosterChangeState.IN_FORCE, "peng"),
    ]
    assert "ask the director" in leaders.desk.refuses(leaders.gu, f"{change}/withdraw")
    leaders.desk.does(leaders.director, f"{change}/withdraw")
    assert leaders.sits(GUS) == ("gu", None)


def test_a_swap_that_is_refused_changes_nothing(leaders: Leaders) -> None:
    leaders.swaps(leaders.gu)
    assert "waits for a leader" in leaders.desk.refuses(
        leaders.peng, "/roster/swaps", opens_at=PENGS, other_opens_at=FANGS
    )
    change = leaders.change()
    leaders.desk.does(leaders.peng, f"{change}/refuse")
    assert leaders.sits(GUS) == ("gu", None)
    assert leaders.roster()["changes"] == []
    assert "refused already" in leaders.desk.refuses(leaders.peng, f"{change}/confirm")


def test_the_directors_word_counts_at_once(leaders: Leaders) -> None:
    leaders.swaps(leaders.director)
    assert leaders.sits(GUS) == ("peng", None)


def test_nobody_swaps_or_gives_leave_for_others(leaders: Leaders) -> None:
    swap = {"opens_at": GUS, "other_opens_at": PENGS}
    leave = {"leader": "gu", "first": "2025-02-07", "last": "2025-02-07"}
    assert "only the leader" in leaders.desk.refuses(leaders.liang, "/roster/swaps", 403, **swap)
    assert "only the leader" in leaders.desk.refuses(leaders.liang, "/roster/leaves", 403, **leave)
    leaders.desk.refuses(leaders.clerk, "/roster/swaps", 403, **swap)
    leaders.desk.refuses(leaders.clerk, "/roster/leaves", 403, **leave)
    stranger = bearer("gu", Role.DUTY_LEADER, center="BC")
    leaders.swaps(leaders.gu)
    assert "no such change" in leaders.desk.refuses(stranger, f"{leaders.change()}/withdraw", 404)


@pytest.mark.parametrize(
    ("swap", "fault"),
    [
        ({"opens_at": "2025-02-07T10:00:00+08:00", "other_opens_at": PENGS}, "opens_at"),
        ({"opens_at": GUS, "other_opens_at": "2099-12-31T09:00:00+08:00"}, "other_opens_at"),
        ({"opens_at": GUS, "other_opens_at": GUS}, "other_opens_at"),
    ],
)
def test_a_swap_is_of_two_sittings_that_there_are(leaders: Leaders, swap: dict[str, str], fault: str) -> None:
    assert fault in leaders.desk.refuses(leaders.gu, "/roster/swaps", 422, **swap)


def test_a_gap_is_warned_of_until_a_substitute_is_named(leaders: Leaders) -> None:
    leaders.desk.does(leaders.fang, "/roster/leaves", first="2025-01-24", last="2025-02-05")
    roster = leaders.roster()
    assert [(each["opens_at"], each["gap"]) for each in roster["gaps"]] == [(FANGS, "on_leave")]
    change = leaders.change()
    assert "substitute" in leaders.desk.refuses(leaders.fang, f"{change}/substitute", 422, substitute="he-jing")
    leaders.desk.does(leaders.fang, f"{change}/substitute", substitute="peng")
    assert (leaders.sits(FANGS), leaders.roster()["gaps"]) == (("peng", None), [])
    leaders.desk.does(leaders.fang, f"{change}/withdraw")
    assert leaders.sits(FANGS) == ("fang", None)


def test_whoever_really_sits_is_notified_and_named_on_the_docket(leaders: Leaders) -> None:
    desk = leaders.desk
    assert desk.ask("GET", "/docket", leaders.gu).json()["sitting"]["leader"] == "fang"
    leaders.desk.does(leaders.director, "/roster/leaves", leader="fang", first="2025-02-05", last="2025-02-05")
    docket = desk.ask("GET", "/docket", leaders.gu).json()
    assert (docket["sitting"]["gap"], docket["sitting"]["opens_at"]) == ("on_leave", FANGS)
    assert notified(leaders) == ["director"], "while nobody would sit"
    desk.does(leaders.director, f"{leaders.change()}/substitute", substitute="liang")
    assert desk.ask("GET", "/docket", leaders.gu).json()["sitting"]["leader"] == "liang"
    assert notified(leaders) == ["liang"]


def notified(leaders: Leaders) -> list[str]:
    """Who is told of a new ticket on the docket."""
    registered = a_registration(ticket_id := new_id(), title=NO_RULE, center=leaders.code)
    leaders.desk.house.announce(registered, source="intake")
    (notice,) = leaders.desk.tap.wait_for(NoticeRequested, str(ticket_id))
    return list(notice.recipients)


def test_the_ladder_names_the_substitute_of_a_breach(leaders: Leaders) -> None:
    desk, code = leaders.desk, leaders.code
    desk.does(leaders.director, "/roster/leaves", leader="fang", first="2025-02-05", last="2025-02-05", substitute="gu")
    desk.house.announce(a_registration(ticket_id := new_id(), center=code), source="intake")
    assert eventually(lambda: desk.ask("GET", f"/tickets/{ticket_id}", leaders.clerk).status_code == 200)
    desk.house.announce(a_mark(2, ticket_id=ticket_id, center=code), source="deadline_watch")
    (escalated,) = desk.tap.wait_for(TicketEscalated, str(ticket_id))
    assert escalated.to == ("tax-head", "gu")
