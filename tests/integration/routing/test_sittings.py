"""Sittings through the service: opened, closed, with minutes that are signed and stand."""

from itertools import count
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from schemas.enums import Role
from schemas.events.sittings import MinutesSigned, SittingClosed, SittingOpened
from services.plumbing.database.transaction import new_id
from services.privacy.fingerprints import MaskingKeys
from services.routing.actions.publishing import publish
from tests.integration.routing.desk import NO_RULE, THREE_DEPARTMENTS, WHY, Desk, a_registration
from tests.integration.routing.test_staff_texts import APPLICANT, SHOWN, TEXT
from tests.routing_builders import a_city_center, at
from tests.stack.access import bearer
from tests.stack.services import MASKING_KEY

OPENS = "2025-02-06T09:00:00+08:00"
"""Liang's sitting, a Thursday after the Spring Festival."""
_numbers = count(1)


class Morning:
    """The morning of Liang's sitting, at a center of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.code = desk, f"MIN{next(_numbers)}"
        self.liang, self.gu = (bearer(staff, Role.DUTY_LEADER, center=self.code) for staff in ("liang", "gu"))
        self.director = bearer("director", Role.DIRECTOR, center=self.code)
        self.clerk = bearer("he-jing", Role.CLERK, center=self.code)
        with desk.house.database.transaction() as tx:
            publish(tx, a_city_center(code=self.code))
        self.time("09:10")

    def time(self, text: str, day: str = "2025-02-06") -> None:
        self.desk.house.step(at(f"{day}T{text}"))

    def undecided(self, known_id: UUID | None = None, **more: Any) -> UUID:
        """A ticket to arbitrate."""
        ticket_id = known_id or new_id()
        self.desk.house.announce(
            a_registration(ticket_id, **{"title": NO_RULE} | more, center=self.code), source="intake"
        )
        self.desk.hears_until(lambda: self.desk.ask("GET", f"/tickets/{ticket_id}", self.clerk).status_code == 200)
        return ticket_id

    def arbitrates(self, ticket_id: UUID, who: Any) -> None:
        self.desk.does(who, f"/tickets/{ticket_id}/arbitrate", lead="SWJ", why=WHY)

    def opened(self) -> str:
        """The path of the sitting."""
        return f"/sittings/{self.desk.does(self.liang, '/sittings/open')['id']}"

    def show(self, path: str, query: str = "") -> dict[str, Any]:
        shown: dict[str, Any] = self.desk.good(200, "GET", f"{path}{query}", self.clerk)
        return shown


@pytest.fixture
def morning(desk: Desk) -> Morning:
    return Morning(desk)


def test_a_sitting_ends_in_minutes_that_stand(morning: Morning) -> None:
    desk = morning.desk
    decided, left = morning.undecided(), morning.undecided()
    path = morning.opened()
    morning.arbitrates(decided, morning.liang)
    draft = {"minutes": "裁决一件，税务牵头。", "handover": "路灯一件待裁。"}
    assert "close the sitting first" in desk.refuses(morning.liang, f"{path}/minutes", **draft)
    morning.time("12:05")
    closed = desk.does(morning.liang, f"{path}/close")
    assert closed["state"] == "closed"
    (decision,) = closed["decisions"]
    assert (decision["ticket_id"], decision["department"], decision["text"]) == (str(decided), "SWJ", WHY)
    assert [each["ticket_id"] for each in closed["left_undone"][0]["tickets"]] == [str(left)]
    assert (closed["is_draft"], "裁决承办单位 1 件" in closed["minutes"]) == (True, True)
    assert "Decided who handles it: 1" in morning.show(path, "?language=en")["minutes"]

    written = desk.does(morning.liang, f"{path}/minutes", **draft)
    assert (written["is_draft"], written["minutes"]) == (False, draft["minutes"])
    morning.time("12:06")
    morning.arbitrates(left, morning.director)
    assert len(morning.show(path)["decisions"]) == 1, "what is decided after the close belongs to no sitting"
    signed = desk.does(morning.liang, f"{path}/sign", **draft | {"minutes": "裁决一件。税务局牵头。"})
    assert (signed["state"], signed["signed_by"], signed["minutes"]) == ("signed", "liang", "裁决一件。税务局牵头。")
    for act in ("minutes", "sign"):
        assert "changed no more" in desk.refuses(morning.liang, f"{path}/{act}", **draft)
    events: tuple[Any, ...] = (SittingOpened, SittingClosed, MinutesSigned)
    for event in events:
        (said,) = desk.tap.wait_for(event, morning.code)
        assert (said.leader, f"/sittings/{said.sitting_id}") == ("liang", path)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), desk.house.database.transaction() as tx:
        tx.execute("UPDATE signed_minutes SET minutes = 'x'")


def test_a_decision_of_whoever_sits_opens_the_sitting(morning: Morning) -> None:
    morning.arbitrates(morning.undecided(), morning.gu)
    assert morning.show("/sittings/now")["present"]["state"] == "to_come", "another leader's decision opens none"
    morning.time("09:20")
    morning.arbitrates(morning.undecided(), morning.liang)
    present = morning.show("/sittings/now")["present"]
    assert (present["state"], present["opened_by"]) == ("open", "liang")
    assert len(morning.show(f"/sittings/{present['id']}")["decisions"]) == 1


def test_a_meeting_that_is_called_stands_in_the_minutes(morning: Morning) -> None:
    ticket_id = morning.undecided(title=THREE_DEPARTMENTS)
    meeting = {"meets_at": "2025-02-07T14:00:00+08:00", "place": "三楼会议室", "departments": ["ZJJ", "SWJ", "GAJ"]}
    morning.desk.good(200, "POST", f"/tickets/{ticket_id}/meetings", morning.liang, meeting)
    present = morning.show("/sittings/now")["present"]
    assert present["state"] == "open", "it was decided, so the sitting is open"
    shown = morning.show(f"/sittings/{present['id']}")
    assert [each["what"] for each in shown["decisions"]] == ["meeting.called"]
    assert "2月7日 周五 14:00；三楼会议室" in shown["minutes"]


def test_what_nobody_opened_is_listed_as_that(morning: Morning) -> None:
    listed = morning.show("/sittings", "?since=2025-02-05&until=2025-02-07")["items"]
    assert [(each["leader"], each["state"]) for each in listed] == [
        ("gu", "to_come"),
        ("liang", "to_come"),
        ("fang", "not_opened"),
    ]
    morning.opened()
    assert morning.show("/sittings")["items"][0]["state"] == "open"


def test_the_next_sitting_ends_one_that_nobody_closed(morning: Morning) -> None:
    path = morning.opened()
    left = morning.undecided()
    morning.time("09:00", "2025-02-07")
    morning.desk.does(morning.gu, "/sittings/open")
    shown = morning.show(path)
    assert (shown["state"], shown["closed_by"]) == ("closed", None)
    assert [each["ticket_id"] for each in shown["left_undone"][0]["tickets"]] == [str(left)]
    before = morning.show("/sittings/now")["before"]
    assert (before["leader"], "待裁决 1 件" in before["handover"]) == ("liang", True)


def test_only_whoever_sits_or_the_director_opens_closes_and_signs(morning: Morning) -> None:
    desk, draft = morning.desk, {"minutes": "裁决一件。", "handover": "无遗留。"}
    assert "only the leader" in desk.refuses(morning.gu, "/sittings/open", 403)
    desk.refuses(morning.clerk, "/sittings/open", 403)
    path = morning.opened()
    assert "open already" in desk.refuses(morning.director, "/sittings/open")
    for who in (morning.gu, morning.clerk):
        desk.refuses(who, f"{path}/close", 403)
    desk.does(morning.director, f"{path}/close")
    for who in (morning.gu, morning.director, morning.clerk):
        for act in ("minutes", "sign"):
            desk.refuses(who, f"{path}/{act}", 403, **draft)
    stranger = bearer("liang", Role.DUTY_LEADER, center="BC")
    assert "no such sitting" in desk.refuses(stranger, f"{path}/sign", 404, **draft)
    assert desk.ask("GET", path, stranger).status_code == 404
    liaison = bearer("tax-clerk", Role.LIAISON, department="SWJ", center=morning.code)
    assert desk.ask("GET", path, liaison).status_code == 403


def test_no_sitting_is_opened_outside_its_hours(morning: Morning) -> None:
    morning.time("12:00")
    assert "no sitting may be opened" in morning.desk.refuses(morning.liang, "/sittings/open")


def test_minutes_hold_nothing_personal_of_any_applicant(morning: Morning) -> None:
    prints = MaskingKeys(MASKING_KEY).fingerprints(ticket_id := new_id(), APPLICANT)
    decided = morning.undecided(ticket_id, applicant_fingerprints=prints)
    path = morning.opened()
    morning.arbitrates(decided, morning.liang)
    morning.time("12:05")
    morning.desk.does(morning.liang, f"{path}/close")
    said = TEXT
    signed = morning.desk.does(morning.liang, f"{path}/sign", minutes=said, handover=said)
    for text in (signed["minutes"], signed["handover"]):
        assert text == SHOWN
