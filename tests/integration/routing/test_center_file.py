"""The center file over HTTP: who may see and publish it, and what is refused."""

import dataclasses

import pytest
import yaml

from schemas.center.center import Staff
from schemas.enums import Role
from services.access.center_text import center_text
from services.routing.actions.publishing import publish
from tests.integration.routing.desk import CLERK, DIRECTOR, LEADER, TAX, Desk
from tests.routing_builders import a_city_center
from tests.stack.access import bearer

OFFICE = a_city_center(
    code="OFFICE",
    staff=a_city_center().staff
    | {"wei-tao": Staff(name="魏涛", title="运维", roles=(Role.OPS,)), "he-jing": Staff(name="何静", title="窗口")},
)
OPERATOR = bearer("wei-tao", Role.OPS, center="OFFICE")
TEXT = center_text(OFFICE)


@pytest.fixture(scope="module", autouse=True)
def office(whole_desk: Desk) -> None:
    with whole_desk.house.database.transaction() as tx:
        publish(tx, OFFICE)


def newest(desk: Desk) -> int:
    version: int = desk.good(200, "GET", "/center-file", OPERATOR)["version"]
    return version


@pytest.mark.parametrize("who", [CLERK, LEADER, DIRECTOR, TAX])
def test_only_an_operator_sees_the_center_file(desk: Desk, who: dict[str, str]) -> None:
    for path in ("/center-file", "/center-file/versions", "/center-file/versions/1"):
        desk.problem(403, "GET", path, who)
    for path in ("/center-file/check", "/center-file/publish"):
        desk.problem(403, "POST", path, who, {"yaml": TEXT})
    desk.problem(403, "POST", "/center-file/versions/1/restore", who, {"based_on": 1})


def test_a_file_is_published_with_its_comments_and_who_did_it(desk: Desk) -> None:
    before = newest(desk)
    text = "# the new clerk\n" + TEXT.replace("何静", "何静静")
    shown = desk.good(200, "POST", "/center-file/publish", OPERATOR, {"yaml": text, "based_on": before})
    assert (shown["version"], shown["published_by"], shown["yaml"]) == (before + 1, "wei-tao", text)
    assert shown["center"]["staff"]["he-jing"]["name"] == "何静静"
    listed = desk.good(200, "GET", "/center-file/versions", OPERATOR)["items"]
    assert [each["version"] for each in listed] == list(range(before + 1, 0, -1))
    assert (listed[0]["published_by"], listed[-1]["published_by"]) == ("wei-tao", None)


def test_versions_come_in_pages(desk: Desk) -> None:
    at = newest(desk)
    for nth in range(2):
        body = {"yaml": TEXT.replace("何静", f"何静{nth}"), "based_on": at + nth}
        desk.good(200, "POST", "/center-file/publish", OPERATOR, body)
    first = desk.good(200, "GET", "/center-file/versions?limit=1", OPERATOR)
    second = desk.good(200, "GET", f"/center-file/versions?limit=1&before={first['next']}", OPERATOR)
    assert [page["items"][0]["version"] for page in (first, second)] == [at + 2, at + 1]


def test_a_file_that_somebody_overtook_is_refused(desk: Desk) -> None:
    at = newest(desk)
    desk.good(200, "POST", "/center-file/publish", OPERATOR, {"yaml": TEXT.replace("何静", "何京"), "based_on": at})
    refused = desk.problem(409, "POST", "/center-file/publish", OPERATOR, {"yaml": TEXT, "based_on": at})
    assert refused == f"version {at + 1} was published meanwhile; this is based on version {at}"
    assert newest(desk) == at + 1


def test_every_fault_is_named_and_nothing_is_published(desk: Desk) -> None:
    at = newest(desk)
    bad = yaml.safe_load(TEXT)
    bad["departments"]["GAJ"]["head"], bad["rules"][0]["lead"] = "nobody", "GONE"
    text = yaml.safe_dump(bad, allow_unicode=True)
    faults = desk.good(200, "POST", "/center-file/check", OPERATOR, {"yaml": text})["faults"]
    assert {each["path"] for each in faults} == {"departments.GAJ.head", "rules[0].lead"}
    assert all(each["line"] for each in faults)
    errors = desk.problem(422, "POST", "/center-file/publish", OPERATOR, {"yaml": text, "based_on": at})
    assert errors == {"departments.GAJ.head": ["No such member of staff."], "rules[0].lead": ["No such department."]}
    assert newest(desk) == at


def test_nobody_shuts_themselves_out_or_becomes_another_center(desk: Desk) -> None:
    at = newest(desk)
    other = center_text(dataclasses.replace(OFFICE, code="BC"))
    out = center_text(dataclasses.replace(OFFICE, staff=a_city_center().staff))
    for text, path in ((other, "code"), (out, "staff.wei-tao.roles")):
        faults = desk.good(200, "POST", "/center-file/check", OPERATOR, {"yaml": text})["faults"]
        assert [each["path"] for each in faults] == [path]
        assert path in desk.problem(422, "POST", "/center-file/publish", OPERATOR, {"yaml": text, "based_on": at})


def test_what_would_change_is_said_beforehand_and_between_versions(desk: Desk) -> None:
    at = newest(desk)
    text = center_text(dataclasses.replace(OFFICE, name="另一个名字"))
    changes = desk.good(200, "POST", "/center-file/check", OPERATOR, {"yaml": text})["changes"]
    assert "name" in [each["path"] for each in changes]
    desk.good(200, "POST", "/center-file/publish", OPERATOR, {"yaml": text, "based_on": at})
    compared = desk.good(200, "GET", f"/center-file/comparison?before={at}&after={at + 1}", OPERATOR)
    assert compared["changes"] == changes
    desk.problem(404, "GET", f"/center-file/comparison?before={at}&after={at + 99}", OPERATOR)


def test_an_earlier_version_comes_back_as_a_new_one(desk: Desk) -> None:
    at = newest(desk)
    path = "/center-file/versions/1/restore"
    desk.problem(409, "POST", path, OPERATOR, {"based_on": at - 1})
    shown = desk.good(200, "POST", path, OPERATOR, {"based_on": at})
    assert (shown["version"], shown["restores"], shown["published_by"]) == (at + 1, 1, "wei-tao")
    assert shown["center"] == desk.good(200, "GET", "/center-file/versions/1", OPERATOR)["center"]
    desk.problem(404, "POST", "/center-file/versions/999/restore", OPERATOR, {"based_on": at + 1})


def test_a_file_that_is_sent_twice_is_published_once(desk: Desk) -> None:
    at = newest(desk)
    body = {"yaml": TEXT.replace("何静", "何敬"), "based_on": at}
    twice = [
        desk.good(
            200, "POST", "/center-file/publish", OPERATOR, body, headers={"Idempotency-Key": "a form of one page"}
        )
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert newest(desk) == at + 1
