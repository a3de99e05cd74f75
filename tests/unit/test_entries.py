"""The rules of the question base: what can be handed in, who vets, whom the ladder tells, and when lists are made."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schemas.center.findings import findings
from schemas.center.question_base import LateStep, QuestionBaseRule
from schemas.entries import Audience, Basis, VersionState, VettingStage
from schemas.enums import Light, Post, Role
from schemas.errors import Conflict, Forbidden, Invalid
from schemas.requests.entries import WriteEntry
from services.access.tokens import Actor
from services.desk.rules.entry_form import differences
from services.knowledge.rules import late
from services.knowledge.rules.entry import EntryVersion, ensure_whole
from services.knowledge.rules.vetting import AskedDepartment, ensure_may_vet
from services.plumbing.database.transaction import new_id
from services.privacy.refusing import ensure_nothing_personal
from tests.routing_builders import a_city_center, at

TODAY = date(2025, 3, 4)
BASIS = (Basis(title="税务登记管理办法"),)


def a_version(**changes: Any) -> EntryVersion:
    version = EntryVersion(
        entry_id=new_id(),
        version=1,
        state=VersionState.DRAFT,
        question="怎么迁移？",
        other_wordings=(),
        answer="到三号窗口。",
        steps="",
        materials=(),
        basis=BASIS,
        departments=("SWJ",),
        matters=(),
        audience=Audience.PUBLIC,
        valid_from=None,
        valid_until=date(2026, 3, 4),
        why="",
        drafted_by="he-jing",
        drafters=("he-jing",),
        drafted_at=at("2025-03-04T10:00"),
    )
    return version._replace(**changes)


def test_what_is_handed_in_holds_for_a_year_at_most() -> None:
    ensure_whole(a_version(), TODAY)
    begins_later = {"valid_from": date(2025, 6, 1), "valid_until": date(2026, 6, 1)}
    ensure_whole(a_version(**begins_later), TODAY)
    for valid_until in (None, TODAY, date(2026, 4, 1)):
        with pytest.raises(Invalid) as refused:
            ensure_whole(a_version(valid_until=valid_until), TODAY)
        assert refused.value.field == "valid_until"


def test_justice_vets_last_and_nobody_the_own_words() -> None:
    version = a_version(state=VersionState.DEPARTMENT_VETTING)
    asked = {AskedDepartment(VettingStage.DEPARTMENT, "SWJ"), AskedDepartment(VettingStage.DEPARTMENT, "ZJJ")}

    def who(staff: str, department: str, *roles: Role) -> Actor:
        return Actor(staff=staff, roles=roles or (Role.LIAISON,), center="BC", department=department)

    assert ensure_may_vet(who("tax-clerk", "SWJ"), version, 1, asked).department == "SWJ"
    for actor in (who("police-clerk", "GAJ"), who("fang", "SWJ", Role.CLERK), who("he-jing", "SWJ")):
        with pytest.raises(Forbidden):
            ensure_may_vet(actor, version, 1, asked)
    for seen, state in ((2, VersionState.DEPARTMENT_VETTING), (1, VersionState.DRAFT), (1, VersionState.REPLACED)):
        with pytest.raises(Conflict):
            ensure_may_vet(who("tax-clerk", "SWJ"), version._replace(state=state), seen, asked)


def test_the_ladder_tells_who_holds_the_posts_or_the_director() -> None:
    center = a_city_center(question_base=QuestionBaseRule(justice="GAJ"))
    due = late.due(center, at("2025-03-04T10:00"), 2)
    assert due == at("2025-03-06T17:00")
    assert [late.level_at(center, due, level) for level in range(1, 5)] == [
        *(at("2025-03-06T17:00"), at("2025-03-07T17:00"), at("2025-03-13T17:00"), None),
    ]
    assert late.recipients(center, "SWJ", 1) == ("tax-clerk", "tax-head")
    assert late.recipients(center, "ZJJ", 1) == ("home-clerk",)
    assert late.recipients(center, "GONE", 1) == ("director",)
    assert late.recipients(center, "SWJ", 9) == ("watchman",)


def test_the_lists_of_a_week_are_made_on_monday_and_due_on_an_open_day() -> None:
    center = a_city_center()
    assert not late.is_list_due(center, at("2025-04-28T07:59"))
    assert late.is_list_due(center, at("2025-04-28T08:00"))
    assert late.is_list_due(center, at("2025-05-04T23:00"))
    assert late.list_due_at(center, late.week_of(center, at("2025-03-12T09:00"))) == at("2025-03-14T17:00")
    assert late.list_due_at(center, date(2025, 4, 28)) == at("2025-05-06T17:00"), "Friday is a holiday"


def test_a_center_file_with_a_wrong_question_base_is_refused() -> None:
    told = (LateStep(light=Light.RED, tell=(Post.FIRST_RESPONSIBLE,)), LateStep(light=Light.RED, tell=()))
    wrong = QuestionBaseRule(justice="NONE", review_weekday=5, review_due_weekday=5, ladder=told)
    found = [each.path for each in findings(a_city_center(question_base=wrong))]
    assert found == [
        *("question_base.justice", "question_base.review_due_weekday"),
        *("question_base.ladder[0].tell", "question_base.ladder[1].tell", "question_base.ladder[1]"),
    ]


def test_a_personal_datum_is_refused_by_the_field_and_an_office_is_not() -> None:
    body = WriteEntry(question="怎么办？", answer="拨打0591-87654321或12345。", departments=("SWJ",), basis=BASIS)
    ensure_nothing_personal(body)
    wrong = replace(body, basis=(*BASIS, Basis(title="联系13812345678")))
    with pytest.raises(Invalid) as refused:
        ensure_nothing_personal(wrong)
    assert refused.value.field == "basis.1.title"


def test_two_versions_are_compared_by_characters() -> None:
    before: dict[str, Any] = dict.fromkeys(("question", "answer", "steps", "audience", "valid_from", "valid_until"), "")
    before |= {name: [] for name in ("other_wordings", "materials", "basis", "departments", "matters")}
    after = before | {"answer": "两天", "departments": ["SWJ"]}
    found = differences(before | {"answer": "三天"}, after, {"SWJ": "税务局"})
    assert [(each.field, [tuple(piece) for piece in each.pieces]) for each in found] == [
        ("answer", [("gone", "三"), ("new", "两"), ("same", "天")]),
        ("departments", [("new", "税务局")]),
    ]
