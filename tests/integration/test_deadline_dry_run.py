"""What a center file would do to due times is said beforehand, one by one, and nothing is written."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from schemas.center.center import Center, CenterPublished, Limit
from schemas.enums import DeadlineKind, Role
from services.access.center_text import center_text
from services.plumbing.database.transaction import new_id
from tests import deadline_builders as given
from tests.builders import a_calendar, a_center
from tests.stack.access import bearer
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.others import Others
from tests.stack.services import ServiceProcess
from tests.stack.watched_ticket import reached

PATH = "/center-file/dry-run"
OPERATOR = bearer("watchman", Role.OPS)
UNSURE = a_center(calendar=a_calendar(announced_through=date(2025, 1, 26)))
"""Nothing after Sunday 26 January 2025 is announced: a ticket of Friday is due on Monday, provisionally."""
CLOSED = a_center(calendar=a_calendar(closed_days=(date(2025, 1, 27),)))
SLOW = a_center(limits=a_center().limits | {DeadlineKind.ANSWER: Limit(working_days=3)})
ALL = [new_id() for _ in range(300)]


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    made = OneService("deadline_watch", amqp_uri, database_url, clock="2025-01-24T10:30:00+08:00@0")
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def watch(house: OneService) -> Iterator[ServiceProcess]:
    house.announce(
        CenterPublished(center="BC", version=1, body=UNSURE),
        *(given.registered("2025-01-24 10:00", each, number=f"BC-{nth:04}") for nth, each in enumerate(ALL)),
        *reached("2025-01-24 10:30"),
    )
    with house.process() as process:
        assert eventually(house.has_handled_all)
        assert eventually(lambda: house.value("SELECT count(*) FROM deadlines") == len(ALL))
        yield process
        print(process.log[-4000:])


def pages(watch: ServiceProcess, draft: Center, **more: Any) -> list[dict[str, Any]]:
    """All that a draft would do."""
    found: list[dict[str, Any]] = []
    body = {"yaml": center_text(draft)} | more
    while True:
        reply = watch.ask("POST", PATH, headers=OPERATOR, json=body)
        assert reply.status_code == 200, reply.text
        page = reply.json()
        assert len(page["items"]) <= more.get("limit", 50)
        found += page["items"]
        if not page["next"]:
            return found
        body["after"] = page["next"]


def test_what_is_provisional_moves_with_the_calendar(watch: ServiceProcess, house: OneService) -> None:
    before = house.rows("SELECT * FROM deadlines ORDER BY id"), house.rows("SELECT * FROM tickets ORDER BY ticket_id")
    found = pages(watch, CLOSED)
    assert {UUID(each["ticket_id"]) for each in found} == set(ALL)
    assert len(found) == len(ALL), "each once"
    assert {(each["due_at"], each["would_be_due_at"], each["would_break"]) for each in found} == {
        ("2025-01-27T17:00:00+08:00", "2025-02-05T17:00:00+08:00", False)
    }
    after = house.rows("SELECT * FROM deadlines ORDER BY id"), house.rows("SELECT * FROM tickets ORDER BY ticket_id")
    assert before == after
    assert house.value("SELECT count(*) FROM centers") == 1


def test_a_limit_changes_no_promise_that_was_made(watch: ServiceProcess) -> None:
    (one,) = pages(watch, dataclasses.replace(SLOW, calendar=UNSURE.calendar), limit=200)[:1]
    assert one["would_be_due_at"] == one["due_at"] == "2025-01-27T17:00:00+08:00"
    assert one["anew_due_at"] == "2025-02-05T17:00:00+08:00"


def test_a_draft_that_changes_no_day_and_no_limit_moves_nothing(watch: ServiceProcess) -> None:
    assert pages(watch, dataclasses.replace(UNSURE, name="Another name")) == []


def test_what_would_be_late_at_once_is_said(watch: ServiceProcess, house: OneService) -> None:
    """On Monday at six in the evening with shorter hours: what is due at five would have been due at noon."""
    house.step(given.at("2025-01-27 16:00"))
    try:
        hours = UNSURE.calendar.business_hours[:1]
        shorter = dataclasses.replace(UNSURE, calendar=dataclasses.replace(UNSURE.calendar, business_hours=hours))
        found = pages(watch, shorter, limit=10)
        assert {(each["would_be_due_at"], each["would_break"]) for each in found} == {
            ("2025-01-27T12:00:00+08:00", True)
        }
    finally:
        house.step(given.at("2025-01-24 10:30"))


@pytest.mark.parametrize("role", [Role.CLERK, Role.DIRECTOR, Role.LIAISON, Role.DUTY_LEADER])
def test_only_an_operator_asks(watch: ServiceProcess, role: Role) -> None:
    staff = {Role.CLERK: "he-jing", Role.DIRECTOR: "director", Role.LIAISON: "tax-clerk", Role.DUTY_LEADER: "gu"}
    reply = watch.ask(
        "POST", PATH, headers=bearer(staff[role], role, department="SWJ"), json={"yaml": center_text(SLOW)}
    )
    assert reply.status_code == 403


def test_a_draft_with_faults_is_refused_with_each(watch: ServiceProcess) -> None:
    bad = center_text(dataclasses.replace(SLOW, director="nobody", code="BC"))
    for text, errors in (
        (bad, {"director": ["No such member of staff."]}),
        (center_text(dataclasses.replace(SLOW, code="XX")), {"code": ["The code of a center never changes."]}),
        ("a: b: c", {"yaml": ["Is not YAML here."]}),
    ):
        reply = watch.ask("POST", PATH, headers=OPERATOR, json={"yaml": text})
        assert (reply.status_code, reply.json()["errors"]) == (422, errors)


@pytest.mark.alone
def test_a_dry_run_holds_up_nobody(watch: ServiceProcess) -> None:
    with Others(watch, "/nothing") as others:
        pages(watch, CLOSED, limit=200)
    assert others.failure is None
    assert others.longest < 0.25, f"others waited for {others.longest * 1000:.0f} ms"
