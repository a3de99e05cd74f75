"""Which tickets a center file would give to others is said beforehand."""

import dataclasses
from typing import Any

import pytest

from schemas.enums import Role
from services.access.center_text import center_text
from tests.integration.routing.desk import CLERK, LEADER, NO_RULE, TAX, THREE_DEPARTMENTS, Desk
from tests.routing_builders import a_city_center
from tests.stack.access import bearer

PATH = "/center-file/dry-run"
OPERATOR = bearer("watchman", Role.OPS)
CITY = a_city_center()


def pages(desk: Desk, limit: int = 50, **changes: Any) -> list[dict[str, Any]]:
    """All that a draft would do."""
    found: list[dict[str, Any]] = []
    body = {"yaml": center_text(dataclasses.replace(CITY, **changes)), "limit": limit}
    while True:
        page = desk.good(200, "POST", PATH, OPERATOR, body)
        found += page["items"]
        if not page["next"]:
            return found
        body["after"] = page["next"]


def test_a_file_that_says_the_same_gives_no_ticket_to_others(desk: Desk) -> None:
    desk.registered()
    desk.registered(NO_RULE)
    assert pages(desk, name="Another name") == []


def test_tickets_of_a_department_that_goes_are_named(desk: Desk) -> None:
    led, assisted = desk.registered("户口迁移开不了"), desk.registered(THREE_DEPARTMENTS)
    other = desk.registered("发票开不出来")
    rules = tuple(
        dataclasses.replace(rule, assisting=tuple(each for each in rule.assisting if each != "GAJ"))
        for rule in CITY.rules
        if rule.lead != "GAJ"
    )
    left = {code: each for code, each in CITY.departments.items() if code != "GAJ"}
    found = {each["ticket_id"]: each for each in pages(desk, 1, departments=left, rules=rules)}
    assert str(other) not in found
    assert (found[str(led)]["why"], found[str(led)]["would_lead"]) == ("department_gone", None)
    kept = found[str(assisted)]
    assert (kept["lead"], kept["would_lead"], kept["gone"], kept["would_assist"]) == ("ZJJ", "ZJJ", ["GAJ"], ["SWJ"])
    assert desk.parts(assisted)["GAJ"] == "made", "nothing has been done"


def test_tickets_that_nobody_decided_on_fit_another_rule(desk: Desk) -> None:
    undecided = desk.registered("井盖丢了没人管")
    rules = (*CITY.rules, dataclasses.replace(CITY.rules[2], id="covers", any_of=("井盖",), lead="ZJJ"))
    found = {each["ticket_id"]: each for each in pages(desk, rules=rules)}
    one = found[str(undecided)]
    assert (one["why"], one["lead"], one["would_lead"], one["rule"]) == ("rule_changed", None, "ZJJ", "covers")
    assert "title" not in one, "an operator has no business with what it says"


@pytest.mark.parametrize("who", [CLERK, LEADER, TAX])
def test_only_an_operator_asks_for_it(desk: Desk, who: dict[str, str]) -> None:
    desk.problem(403, "POST", PATH, who, {"yaml": center_text(CITY)})


def test_a_draft_with_faults_or_a_forged_place_is_refused(desk: Desk) -> None:
    bad = center_text(dataclasses.replace(CITY, director="nobody"))
    assert desk.problem(422, "POST", PATH, OPERATOR, {"yaml": bad}) == {"director": ["No such member of staff."]}
    assert "after" in desk.problem(422, "POST", PATH, OPERATOR, {"yaml": center_text(CITY), "after": "x"})
