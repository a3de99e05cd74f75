"""What deadline_watch is asked: who sees which deadlines, page by page, and why a deadline is due when it is."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from schemas.enums import Role
from tests import deadline_builders as given
from tests.builders import a_center, published
from tests.stack.access import bearer
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.services import ServiceProcess
from tests.stack.watched_ticket import reached

TAX, HOME, OTHER = uuid4(), uuid4(), uuid4()
STAFF = {
    (Role.CLERK, None): "he-jing",
    (Role.DIRECTOR, None): "director",
    (Role.CHANNEL, None): "hotline-feed",
    (Role.LIAISON, None): "tax-clerk",
    (Role.LIAISON, "SWJ"): "tax-clerk",
    (Role.LIAISON, "ZJJ"): "home-clerk",
}


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    made = OneService("deadline_watch", amqp_uri, database_url, clock="2025-01-27T09:00:00+08:00@0")
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def watch(house: OneService) -> Iterator[ServiceProcess]:
    """Two tickets of departments of BC, one of which is extended and warned of, and one of another center."""
    centers = [a_center(), a_center(code="XX")]
    house.announce(
        *map(published, centers),
        given.registered("2025-01-24 10:00", TAX, number="BC-20250124-0001"),
        given.routed("2025-01-24 10:01", TAX),
        given.registered("2025-01-24 10:00", HOME, number="BC-20250124-0002"),
        given.routed("2025-01-24 10:01", HOME, lead="ZJJ"),
        given.extension_granted("2025-01-24 11:00", HOME),
        given.registered("2025-01-24 10:00", OTHER, center="XX"),
        *reached("2025-01-27 10:00"),
    )
    with house.process() as process:
        assert eventually(lambda: house.rows("SELECT id FROM deadlines WHERE light = 'yellow'"))
        assert eventually(house.has_handled_all)
        yield process
        print(process.log[-4000:])


def _get(watch: ServiceProcess, path: str, role: Role = Role.CLERK, *, of: str | None = None, **query: Any) -> Any:
    return watch.ask("GET", path, params=query, headers=bearer(STAFF[role, of], role, department=of))


def _tickets(reply: Any) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [item["ticket_id"] for item in reply.json()["items"]]


def test_a_clerk_sees_the_deadlines_of_the_own_center_soonest_first(watch: ServiceProcess) -> None:
    reply = _get(watch, "/deadlines")
    assert _tickets(reply) == [str(TAX), str(HOME)]
    first = reply.json()["items"][0]
    assert (first["number"], first["light"], first["due_at"]) == (
        "BC-20250124-0001",
        "yellow",
        "2025-01-27T17:00:00+08:00",
    )


def test_a_liaison_sees_the_department_only(watch: ServiceProcess) -> None:
    assert _tickets(_get(watch, "/deadlines", Role.LIAISON, of="ZJJ")) == [str(HOME)]
    assert _tickets(_get(watch, "/deadlines", Role.LIAISON, of="ZJJ", department="SWJ")) == []


def test_a_liaison_without_a_department_is_refused(watch: ServiceProcess) -> None:
    assert _get(watch, "/deadlines", Role.LIAISON).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"light": "yellow"}, [TAX]),
        ({"light": "red"}, []),
        ({"kind": "answer", "department": "ZJJ"}, [HOME]),
        ({"due_before": "2025-02-01T00:00:00+08:00"}, [TAX]),
        ({"due_after": "2025-02-01T00:00:00+08:00"}, [HOME]),
        ({"state": "running"}, [TAX, HOME]),
        ({"state": "met"}, []),
    ],
)
def test_deadlines_are_chosen_by_light_kind_department_state_and_due_time(
    watch: ServiceProcess, query: dict[str, str], found: list[Any]
) -> None:
    assert _tickets(watch.ask("GET", "/deadlines", params=query, headers=bearer("watchman", Role.OPS))) == list(
        map(str, found)
    )


def test_pages_follow_one_another_without_gap_or_repetition(watch: ServiceProcess) -> None:
    first = _get(watch, "/deadlines", limit=1)
    second = _get(watch, "/deadlines", limit=1, after=first.json()["next"])
    assert _tickets(first) + _tickets(second) == [str(TAX), str(HOME)]
    assert second.json()["next"] is None


@pytest.mark.parametrize("cursor", ["x", "AAAA", "MjAyNS0wMS0yNyB4"])
def test_a_cursor_that_is_none_is_refused(watch: ServiceProcess, cursor: str) -> None:
    reply = _get(watch, "/deadlines", after=cursor)
    assert (reply.status_code, list(reply.json()["errors"])) == (422, ["after"])


def test_a_ticket_is_explained_with_every_due_time_that_it_had(watch: ServiceProcess) -> None:
    (deadline,) = _get(watch, f"/deadlines/{HOME}").json()["deadlines"]
    assert [(each["revision"], each["due_at"][:10], each["why"]) for each in deadline["revisions"]] == [
        (1, "2025-01-27", "set"),
        (2, "2025-02-07", "extension"),
    ]
    days = {day["day"]: (day["count"], day["reasons"]) for day in deadline["days"]}
    assert days["2025-01-26"] == (1, ["make_up_working_day"])
    assert days["2025-01-29"][0] is None
    assert days["2025-02-07"][0] == 5
    assert deadline["revisions"][0]["calendar_version"].startswith("holidays-")


def test_a_foreign_ticket_is_not_there(watch: ServiceProcess) -> None:
    assert _get(watch, f"/deadlines/{OTHER}").status_code == 404
    assert _get(watch, f"/deadlines/{TAX}", Role.LIAISON, of="ZJJ").status_code == 404
    assert _get(watch, f"/deadlines/{TAX}", Role.LIAISON, of="SWJ").status_code == 200


def test_the_board_counts_lights_and_names_nobody(watch: ServiceProcess) -> None:
    board = _get(watch, "/board", Role.DIRECTOR).json()
    assert board["as_of"].startswith("2025-01-27T")
    assert board["rows"] == [
        {"light": "yellow", "department": "SWJ", "kind": "answer", "count": 1},
        {"light": "green", "department": "ZJJ", "kind": "answer", "count": 1},
    ]
    assert (board["broken_today"], board["oldest_due_at"]) == (0, None)


def test_nobody_without_a_fitting_role_sees_anything(watch: ServiceProcess) -> None:
    assert _get(watch, "/board", Role.CHANNEL).status_code == 403
    assert watch.ask("GET", "/deadlines").status_code == 401


def test_operators_see_what_is_open_by_complexity_light_and_department(
    house: OneService, watch: ServiceProcess
) -> None:
    with house.process() as another:  # which looks at once, not only after some seconds
        assert eventually(
            lambda: (
                another.metric("bancheng_tickets_open", complexity="ordinary", light="yellow", department="SWJ") == 1
            )
        )
        assert another.metric("bancheng_deadlines_due_unfired") == 0
