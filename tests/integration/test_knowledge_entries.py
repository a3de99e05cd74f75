"""The question base at work: who vets what, and what stays up meanwhile."""

from collections.abc import Iterator

import pytest

from schemas.enums import Role
from schemas.events.entries import EntryPublished, EntrySubmitted, EntrySuspended, EntryVetted
from schemas.events.notices import NoticeRequested
from tests.integration.entry_desk import (
    CLERK,
    DIRECTOR,
    HOUSING,
    JUSTICE,
    OPERATOR,
    SUPERVISOR,
    TAX,
    TAX_HEAD,
    TUESDAY,
    EntryDesk,
    an_entry,
    entry_desk,
)
from tests.routing_builders import at
from tests.stack.access import bearer

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[EntryDesk]:
    with entry_desk(amqp_uri, database_url) as made:
        yield made


@pytest.fixture(autouse=True)
def on_tuesday(desk: EntryDesk) -> None:
    desk.house.step(at(TUESDAY))


def test_every_department_named_vets_then_justice_then_it_is_shown(desk: EntryDesk) -> None:
    entry = desk.write(question=f"税务迁移{SCRIPT}")
    assert desk.states(entry) == ("draft", ["draft"])
    entry = desk.act(entry, "submit", CLERK)
    assert entry["versions"][0]["vettings"][0]["due_at"] == "2025-03-06T17:00:00+08:00"
    assert "not asked" in desk.problem(
        403, "POST", f"/entries/{entry['id']}/vet", JUSTICE, {"version": 1, "verdict": "approve"}
    )
    entry = desk.sign(entry, TAX)
    assert desk.states(entry) == ("vetting", ["department_vetting"])
    assert "not asked" in desk.problem(
        403, "POST", f"/entries/{entry['id']}/vet", TAX, {"version": 1, "verdict": "approve"}
    )
    entry = desk.sign(entry, HOUSING)
    assert desk.states(entry) == ("vetting", ["justice_vetting"])
    assert "submit" not in entry["may"]
    entry = desk.sign(entry, JUSTICE)
    assert desk.states(entry) == ("published", ["published"])
    assert entry["question"] == f"税务迁移{SCRIPT}"
    assert [each["what"] for each in entry["timeline"]] == [
        *("entry.submitted", "entry.vetted", "entry.vetted", "entry.vetted", "entry.published"),
    ]
    for event in (EntrySubmitted, EntryVetted, EntryPublished):
        assert desk.tap.wait_for(event, entry["id"])
    notices = [each for each in desk.tap.of(NoticeRequested, entry["id"]) if each.template == "entry.submitted"]
    assert {each.recipients for each in notices} == {
        ("tax-clerk",),
        ("home-clerk",),
        ("police-clerk", "police-deputy"),
    }


def test_nobody_vets_what_he_or_she_wrote(desk: EntryDesk) -> None:
    entry = desk.write(TAX, departments=["SWJ"])
    entry = desk.good(
        200, "PUT", f"/entries/{entry['id']}", CLERK, an_entry(departments=["SWJ"], answer="改过的答复，更清楚。")
    )
    entry = desk.act(entry, "submit", CLERK)
    body = {"version": 1, "verdict": "approve"}
    assert "wrote" in desk.problem(403, "POST", f"/entries/{entry['id']}/vet", TAX, body)
    assert desk.states(desk.sign(entry, TAX_HEAD, JUSTICE)) == ("published", ["published"])


def test_the_old_version_stays_up_till_the_new_one_is_shown(desk: EntryDesk) -> None:
    entry = desk.published()
    changed = desk.good(
        200, "PUT", f"/entries/{entry['id']}", TAX, an_entry(departments=["SWJ"], answer="新口径：当日办结。")
    )
    assert desk.states(changed) == ("published", ["published", "draft"])
    assert changed["published_version"] == 1
    changed = desk.act(changed, "submit", TAX)
    assert "being vetted" in desk.problem(409, "PUT", f"/entries/{entry['id']}", TAX, an_entry())
    back = desk.act(changed, "vet", TAX_HEAD, verdict="change", reason="请写明网址。")
    assert desk.states(back) == ("published", ["published", "returned"])
    again = desk.good(
        200, "PUT", f"/entries/{entry['id']}", TAX, an_entry(departments=["SWJ"], answer="新口径：当日办结，见官网。")
    )
    again = desk.sign(desk.act(again, "submit", TAX), TAX_HEAD, JUSTICE)
    assert desk.states(again) == ("published", ["replaced", "returned", "published"])


def test_what_is_missing_or_personal_is_named(desk: EntryDesk) -> None:
    personal = desk.problem(422, "POST", "/entries", CLERK, an_entry(materials=["身份证", "联系13812345678"]))
    assert "materials.1" in str(personal)
    for changes, field in (
        ({"valid_until": None}, "valid_until"),
        ({"valid_until": "2026-06-30"}, "valid_until"),
        ({"basis": []}, "basis"),
        ({"basis": [{"title": "旧办法", "ends": "2025-01-01"}]}, "basis.0.ends"),
        ({"answer": ""}, "answer"),
    ):
        entry = desk.write(**changes)
        assert field in str(desk.problem(422, "POST", f"/entries/{entry['id']}/submit", CLERK, {"version": 1}))
    assert "departments.0" in str(
        desk.problem(422, "POST", "/entries", CLERK, an_entry(departments=["NONE"], owner="SWJ"))
    )
    entry = desk.act(desk.write(departments=["SWJ"]), "submit", CLERK)
    refused = desk.problem(422, "POST", f"/entries/{entry['id']}/vet", TAX, {"version": 1, "verdict": "refuse"})
    assert "reason" in str(refused)


def test_each_act_is_refused_to_the_wrong_people(desk: EntryDesk) -> None:
    entry = desk.published(audience="department")
    path = f"/entries/{entry['id']}"
    nobody, elsewhere = None, bearer("tax-clerk", Role.LIAISON, department="SWJ", center="ELSEWHERE")
    for who, status in ((nobody, 401), (elsewhere, 404), (HOUSING, 404)):
        assert desk.ask("GET", path, who).status_code == status
    assert desk.ask("POST", f"{path}/suspend", TAX, {"why": "我们说停就停"}).status_code == 403
    assert desk.ask("POST", f"{path}/expire", HOUSING, {"why": "与我们无关了吧"}).status_code == 403
    assert desk.ask("POST", "/entries", OPERATOR, an_entry()).status_code == 403
    assert desk.ask("POST", "/entries", SUPERVISOR, an_entry()).status_code == 403
    assert desk.ask("PUT", path, HOUSING, an_entry()).status_code == 403
    assert desk.ask("POST", "/entries/imports", CLERK, {}).status_code == 403
    listed = desk.good(200, "GET", "/entries?text=迁移&department=SWJ&state=published", HOUSING)["items"]
    assert entry["id"] not in {each["id"] for each in listed}


def test_a_flag_that_is_right_suspends_at_once_and_is_mended(desk: EntryDesk) -> None:
    entry = desk.published()
    entry = desk.act(entry, "flag", TAX, reason="窗口已不收这份材料。")
    (flag,) = entry["flags"]
    path, body = f"/flags/{flag['id']}/settle", {"verdict": "upheld", "why": "新办法已施行。"}
    assert desk.ask("POST", path, HOUSING, body).status_code == 403
    assert "flagged" in desk.problem(403, "POST", path, TAX, body)
    entry = desk.good(200, "POST", path, TAX_HEAD, body)
    assert entry["state"] == "suspended"
    assert entry["flags"][0]["due_at"] == "2025-03-07T17:00:00+08:00"
    assert desk.tap.wait_for(EntrySuspended, entry["id"])
    assert "judged" in desk.problem(409, "POST", path, TAX_HEAD, body)
    new = desk.good(200, "PUT", f"/entries/{entry['id']}", TAX, an_entry(departments=["SWJ"], answer="按新办法办理。"))
    new = desk.sign(desk.act(new, "submit", TAX), TAX_HEAD, JUSTICE)
    assert (new["state"], new["flags"][0]["ended_at"] is not None) == ("published", True)
    assert desk.act(new, "suspend", DIRECTOR, why="等上级批复再说")["state"] == "suspended"
    assert desk.act(new, "expire", TAX_HEAD, why="政策已经废止")["state"] == "expired"
