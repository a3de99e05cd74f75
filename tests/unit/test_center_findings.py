import dataclasses
from datetime import UTC, date, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.center.center import Center, Department, Limit, Sitting, Swap, Window
from schemas.center.findings import findings
from schemas.center.thresholds import NoticeRule
from schemas.enums import DeadlineKind
from services.calendar.calendar import work_calendar
from tests.builders import a_calendar, a_center, a_roster, a_rule, a_step

DEMO = Path(__file__).resolve().parents[2] / "deploy" / "centers" / "demo.yml"


def paths(center: Center) -> list[str]:
    return [finding.path for finding in findings(center)]


def with_department(**changes: Any) -> Center:
    office = Department(name="Tax", liaisons=("tax-clerk",), head="tax-head")
    return a_center(departments={**a_center().departments, "SWJ": dataclasses.replace(office, **changes)})


def with_rule(**changes: Any) -> Center:
    return a_center(rules=(a_rule(), a_rule(id="second", **changes)))


def with_limit(kind: DeadlineKind, limit: Limit) -> Center:
    return a_center(limits={**a_center().limits, kind: limit})


def with_ladder(*steps: dict[str, Any]) -> Center:
    rungs = tuple(a_step(**step) for step in steps)
    return a_center(ladder={**a_center().ladder, DeadlineKind.REPORT: rungs})


def a_sitting(opens: int, closes: int, weekday: int = 2) -> Sitting:
    return Sitting(weekday=weekday, opens=time(opens), closes=time(closes))


def windows(*edges: tuple[time, time]) -> Center:
    return a_center(
        calendar=a_calendar(business_hours=tuple(Window(opens=opens, closes=closes) for opens, closes in edges))
    )


def test_a_sound_center_has_no_findings() -> None:
    assert findings(a_center()) == []


@pytest.mark.parametrize(
    ("center", "path"),
    [
        (with_department(liaisons=()), "departments.SWJ.liaisons"),
        (with_department(liaisons=("tax-clerk", "nobody")), "departments.SWJ.liaisons[1]"),
        (with_department(head="nobody"), "departments.SWJ.head"),
        (a_center(director="nobody"), "director"),
        (a_center(supervision_office="nobody"), "supervision_office"),
    ],
)
def test_everybody_named_must_be_on_the_staff(center: Center, path: str) -> None:
    assert paths(center) == [path]


@pytest.mark.parametrize(
    ("center", "path"),
    [
        (with_rule(lead="XXX"), "rules[1].lead"),
        (with_rule(assisting=("ZJJ", "XXX")), "rules[1].assisting[1]"),
        (with_rule(assisting=("SWJ",)), "rules[1].assisting[0]"),
        (with_rule(assisting=("ZJJ", "ZJJ")), "rules[1].assisting[1]"),
        (a_center(rules=(a_rule(), a_rule())), "rules[1].id"),
        (a_center(rules=(a_rule(any_of=()), a_rule(id="second"))), "rules[0]"),
    ],
)
def test_rules_must_lead_somewhere_and_each_must_have_its_chance(center: Center, path: str) -> None:
    assert paths(center) == [path]


def test_the_last_rule_may_fit_everything() -> None:
    assert findings(with_rule(any_of=())) == []


@pytest.mark.parametrize(
    ("center", "path"),
    [
        (with_limit(DeadlineKind.ANSWER, Limit(working_days=2, working_hours=2)), "limits.answer"),
        (with_limit(DeadlineKind.ARBITRATE, Limit()), "limits.arbitrate"),
        (a_center(escalation_acknowledgement=Limit()), "escalation_acknowledgement"),
        (a_center(limits={DeadlineKind.ANSWER: Limit(working_days=2)}), "limits.acknowledge"),
    ],
)
def test_every_kind_of_deadline_has_one_limit(center: Center, path: str) -> None:
    assert path in paths(center)


@pytest.mark.parametrize(
    ("center", "path"),
    [
        (with_ladder(), "ladder.report"),
        (with_ladder({}, {}), "ladder.report"),
        (with_ladder({"mark": "overdue", "working_days": 1}, {}), "ladder.report[1]"),
        (
            with_ladder({}, {"mark": "overdue", "working_days": 5}, {"mark": "overdue", "working_days": 1}),
            "ladder.report[2]",
        ),
        (
            with_ladder({}, {"mark": "overdue", "working_days": 1}, {"mark": "overdue", "working_days": 1}),
            "ladder.report[2]",
        ),
        (with_ladder({"mark": "approaching", "working_days": 1}, {"light": "yellow"}), "ladder.report[1].light"),
        (with_ladder({"tell": []}), "ladder.report[0].tell"),
        (with_ladder({"tell": ["liaison", "liaison"]}), "ladder.report[0].tell"),
        (with_ladder({"working_days": 1}), "ladder.report[0].working_days"),
        (with_ladder({}, {"mark": "overdue"}), "ladder.report[1].working_days"),
        (with_ladder({"mark": "approaching", "working_days": 6}, {}), "ladder.report[0].working_days"),
    ],
)
def test_the_ladder_leads_upward_and_its_lights_never_go_back(center: Center, path: str) -> None:
    assert path in paths(center)


def test_no_warning_can_come_whole_days_before_a_limit_of_hours() -> None:
    steps = (a_step(mark="approaching", working_days=1), a_step())
    center = a_center(ladder={**a_center().ladder, DeadlineKind.ARBITRATE: steps})
    assert paths(center) == ["ladder.arbitrate[0].working_days"]


@pytest.mark.parametrize(
    ("center", "path"),
    [
        (a_center(calendar=a_calendar(time_zone="Asia/Nowhere")), "calendar.time_zone"),
        (a_center(calendar=a_calendar(time_zone="../zone")), "calendar.time_zone"),
        (windows(), "calendar.business_hours"),
        (windows((time(12), time(9))), "calendar.business_hours[0].closes"),
        (windows((time(9), time(9))), "calendar.business_hours[0].closes"),
        (windows((time(13), time(17)), (time(9), time(13, 30))), "calendar.business_hours[0].opens"),
        (windows((time(9, tzinfo=UTC), time(12))), "calendar.business_hours[0]"),
        (a_center(calendar=a_calendar(closed_days=(date(2205, 1, 1),))), "calendar.closed_days[0]"),
        (a_center(calendar=a_calendar(announced_through=date(2205, 1, 1))), "calendar.announced_through"),
        (
            a_center(calendar=a_calendar(closed_days=(date(2025, 3, 3),), open_days=(date(2025, 3, 3),))),
            "calendar.open_days[0]",
        ),
    ],
)
def test_a_calendar_must_be_one_to_count_by(center: Center, path: str) -> None:
    assert paths(center) == [path]


@pytest.mark.parametrize(
    ("roster", "path"),
    [
        (a_roster(leaders=()), "roster.leaders"),
        (a_roster(leaders=("gu", "nobody")), "roster.leaders[1]"),
        (a_roster(sittings=()), "roster.sittings"),
        (a_roster(sittings=(a_sitting(9, 12), a_sitting(11, 13))), "roster.sittings[1].opens"),
        (a_roster(sittings=(a_sitting(12, 9),)), "roster.sittings[0].closes"),
        (a_roster(sittings=(a_sitting(9, 12, weekday=7),), on_closed_day="drop"), "roster.on_closed_day"),
        (a_roster(starts_on=date(1025, 1, 1)), "roster.starts_on"),
        (a_roster(swaps=(Swap(day=date(2025, 3, 4), leader="nobody"),)), "roster.swaps[0].leader"),
        (a_roster(swaps=(Swap(day=date(2025, 3, 4), leader="gu"),) * 2), "roster.swaps[1].day"),
    ],
)
def test_a_roster_must_name_one_leader_for_every_sitting(roster: Any, path: str) -> None:
    assert paths(a_center(roster=roster)) == [path]


def test_sittings_on_different_days_do_not_overlap() -> None:
    assert findings(a_center(roster=a_roster(sittings=(a_sitting(9, 12), a_sitting(9, 12, weekday=4))))) == []


def test_the_demo_center_is_sound_and_survives_the_wire() -> None:
    center = Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
    assert findings(center) == []
    assert Center.load(center.dump()) == center
    assert work_calendar(center.calendar).is_open(date(2025, 1, 26))


def test_a_text_of_a_notice_may_speak_of_what_notices_have() -> None:
    own = {"deadline.breached": {"zh": "{number} {light} {kind} {level} {due} {name}"}}
    (found,) = findings(a_center(notices=NoticeRule.load({"texts": own})))
    assert found == ("notices.texts.deadline.breached.zh", "Speaks of {name}, which no notice has.")
