"""A center file that names a department no more: what lay with it goes to the docket, and comes to its end."""

import dataclasses
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from click.testing import CliRunner

from schemas.center.center import Center
from schemas.enums import Role
from schemas.events.assignments import AssignmentReplaced
from schemas.events.decisions import ArbitrationRequested
from schemas.reasons import ArbitrationReason
from services.commands.center import center as command
from services.plumbing.database.logins import setting_of
from services.routing.actions.publishing import publish
from tests.integration.routing.desk import WHY, Desk, Header
from tests.routing_builders import a_city_center
from tests.stack.access import bearer
from tests.stack.eventually import eventually

_numbers = count(1)


class City:
    """A center of its own for each test, since a replica goes by the file that it knows for a second."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.code = desk, f"CITY{next(_numbers)}"
        self.clerk = bearer("he-jing", Role.CLERK, center=self.code)
        self.leader = bearer("gu", Role.DUTY_LEADER, center=self.code)
        self.publishes(a_city_center(code=self.code))

    def publishes(self, center: Center) -> None:
        with self.desk.house.database.transaction() as tx:
            publish(tx, center)

    def without_tax(self) -> Center:
        """The file after the tax office was closed."""
        whole = a_city_center(code=self.code)
        departments = {code: each for code, each in whole.departments.items() if code != "SWJ"}
        rules = tuple(each for each in whole.rules if each.lead != "SWJ" and "SWJ" not in each.assisting)
        return dataclasses.replace(whole, departments=departments, rules=rules)

    def registered(self, title: str, **changes: Any) -> UUID:
        return self.desk.registered(title, center=self.code, **changes)

    def seen(self, ticket_id: UUID) -> dict[str, Any]:
        return self.desk.ticket(ticket_id, self.clerk)

    def signs(self, ticket_id: UUID, department: str, staff: str) -> Header:
        """A liaison, who has signed for the department's part."""
        who = bearer(staff, Role.LIAISON, department=department, center=self.code)
        part = next(each for each in self.seen(ticket_id)["assignments"] if each["department"] == department)
        self.desk.does(who, f"/assignments/{part['id']}/accept")
        return who


@pytest.fixture
def city(desk: Desk) -> City:
    return City(desk)


def test_open_tickets_of_a_gone_department_go_to_the_docket_and_end(city: City) -> None:
    led, assisted, untouched = map(city.registered, ("发票开不出来", "老房产的继承手续", "户口"))
    city.publishes(city.without_tax())
    assert eventually(lambda: [city.seen(each)["state"] for each in (led, assisted)] == ["in_arbitration"] * 2)
    assert city.seen(untouched)["state"] == "assigned"
    for ticket_id in (led, assisted):
        (requested,) = city.desk.tap.wait_for(ArbitrationRequested, ticket_id)
        assert requested.reason == ArbitrationReason.DEPARTMENT_GONE
        assert [each.department for each in city.desk.tap.wait_for(AssignmentReplaced, ticket_id)] == ["SWJ"]
    city.desk.does(city.leader, f"/tickets/{led}/arbitrate", lead="GAJ", why=WHY)
    police = city.signs(led, "GAJ", "police-clerk")
    city.desk.does(police, f"/tickets/{led}/answer", answer="已转由我局办结。")
    assert city.desk.does(city.clerk, f"/tickets/{led}/close", outcome="resolved")["state"] == "closed"


def test_a_lead_that_is_gone_after_its_report_is_missed_too(city: City) -> None:
    ticket_id = city.registered("停水", matter="company-relocation")
    tax = city.signs(ticket_id, "SWJ", "tax-clerk")
    city.desk.does(
        tax, f"/tickets/{ticket_id}/report", report="两个部门会商后形成的专题报告，共同确认了办理路径和时限。"
    )
    city.publishes(city.without_tax())
    assert eventually(lambda: city.seen(ticket_id)["state"] == "in_arbitration")


def test_check_and_publish_say_which_tickets_would_move(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = city.seen(city.registered("发票开不出来"))["number"]
    file = tmp_path / "city.yml"
    file.write_text(yaml.safe_dump(city.without_tax().dump(), allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv(setting_of("routing"), city.desk.house.database.url)

    def said(*arguments: str) -> str:
        return CliRunner().invoke(command, [*arguments, str(file)], catch_exceptions=False).output

    assert number not in said("check")
    assert number in said("check", "--tickets")
    assert number in said("publish")
