"""帮办代办: help that was given is recorded by who gave it, and counted by month."""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas.enums import Role
from schemas.events.helps import HelpGiven
from tests.integration.intake_desk import CLERK, DIRECTOR, LEADER, LIAISON, Desk, opened_desk
from tests.stack.access import bearer

OTHER = bearer("he-jing", Role.CLERK)
HELP: dict[str, Any] = {
    "kind": "accompany",
    "need": "elderly",
    "started_at": "2025-01-24T09:20:00+08:00",
    "ended_at": "2025-01-24T09:50:00+08:00",
}
DAYS = {"since": "2025-01-01", "until": "2025-01-31"}


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def test_help_is_recorded_in_ones_own_name_and_counted_by_month(desk: Desk) -> None:
    ticket = desk.ticket()
    given = desk.good(201, "POST", "/helps", CLERK, HELP | {"ticket_id": str(ticket), "satisfaction": 5})
    assert (given["helper"], given["number"]) == ("fang", desk.gets(f"/tickets/{ticket}")["number"])
    desk.good(201, "POST", "/helps", CLERK, HELP | {"need": "disabled", "satisfaction": 2})
    desk.good(201, "POST", "/helps", LEADER, HELP | {"need": "other"})
    (said,) = desk.tap.wait_for(HelpGiven, ticket)
    assert (said.helper, said.satisfaction, said.kind) == ("fang", 5, "accompany")
    first = desk.gets("/helps", CLERK, limit="1")
    (rest,) = desk.gets("/helps", CLERK, after=first["next"])["items"]
    assert (rest["id"], rest["ticket_id"]) == (given["id"], str(ticket))
    assert desk.gets("/helps", OTHER)["items"] == []
    (month,) = desk.gets("/helps/report", DIRECTOR, **DAYS)["months"]
    assert month == {
        **{"month": "2025-01", "helps": 3, "minutes": 90, "elderly": 1, "disabled": 1},
        **{"rated": 2, "satisfied": 1},
    }


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", "carry"),
        ("need", "rich"),
        ("ended_at", "2025-01-24T10:01:00+08:00"),
        ("ended_at", "2025-01-24T09:20:00+08:00"),
        ("started_at", "2024-12-01T09:20:00+08:00"),
        ("satisfaction", 6),
        ("ticket_id", "x"),
        ("helper", "gu"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(desk: Desk, field: str, wrong: Any) -> None:
    body = HELP | {field: wrong}
    if field == "started_at":
        body |= {"ended_at": "2024-12-01T10:20:00+08:00"}
    assert field in desk.refuses(422, "POST", "/helps", CLERK, body)


def test_only_the_window_records_help_and_only_the_center_reads_of_it(desk: Desk) -> None:
    for who, status in ((LIAISON, 403), (DIRECTOR, 403), (None, 401)):
        desk.refuses(status, "POST", "/helps", who, HELP)
    desk.refuses(403, "GET", "/helps/report?since=2025-01-01&until=2025-01-31", LIAISON)
    desk.refuses(404, "POST", "/helps", CLERK, HELP | {"ticket_id": "0194973f-7c00-7000-8000-000000000001"})
    desk.refuses(422, "GET", "/helps/report?since=2025-01-02&until=2025-01-01", DIRECTOR)
