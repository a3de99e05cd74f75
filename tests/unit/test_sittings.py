"""A sitting and its minutes: what may be done by whom, and what the program drafts."""

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from schemas.duty import RosterGap, SittingState
from schemas.enums import DocketSection
from schemas.errors import Conflict, Forbidden
from schemas.requests.sittings import LeftUndone, SittingDecision, UndoneTicket
from services.routing.rules.minutes import draft_of_handover, draft_of_minutes
from services.routing.rules.roster_changes import Shift
from services.routing.rules.sittings import (
    HeldSitting,
    ensure_may_close,
    ensure_may_open,
    ensure_may_write,
    opens_by_decision,
)
from services.wording import Language, Wording
from tests.builders import a_center, at

OPENS, CLOSES = at("2025-01-16T09:00"), at("2025-01-16T12:00")
SHIFT = Shift(OPENS, CLOSES, "gu", None)
ZONE = ZoneInfo("Asia/Shanghai")


def a_sitting(**changes: Any) -> HeldSitting:
    """Gu's, opened at five past nine."""
    sitting = HeldSitting(uuid4(), "BC", "gu", OPENS, CLOSES, at("2025-01-16T09:05"), "gu")
    return sitting._replace(**changes)


CLOSED = a_sitting(closed_at=at("2025-01-16T12:10"), closed_by="gu")
SIGNED = CLOSED._replace(signed_at=at("2025-01-16T14:00"), signed_by="gu")


def test_how_far_a_sitting_has_come() -> None:
    assert [each.state for each in (a_sitting(), CLOSED, SIGNED)] == [
        SittingState.OPEN,
        SittingState.CLOSED,
        SittingState.SIGNED,
    ]


@pytest.mark.parametrize(("now", "may"), [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False)])
def test_a_sitting_is_opened_in_its_hours_or_shortly_before(now: str, may: bool) -> None:
    at_that_time = at(f"2025-01-16T{now}")
    if may:
        ensure_may_open(SHIFT, None, at_that_time, by="gu", is_director=False)
        return
    with pytest.raises(Conflict):
        ensure_may_open(SHIFT, None, at_that_time, by="gu", is_director=False)


def test_whoever_sits_or_the_director_opens_and_closes_it() -> None:
    ensure_may_open(SHIFT, None, OPENS, by="director", is_director=True)
    ensure_may_close(a_sitting(), by="director", is_director=True)
    with pytest.raises(Forbidden):
        ensure_may_open(SHIFT, None, OPENS, by="peng", is_director=False)
    with pytest.raises(Forbidden):
        ensure_may_open(SHIFT._replace(gap=RosterGap.ON_LEAVE), None, OPENS, by="gu", is_director=False)
    with pytest.raises(Forbidden):
        ensure_may_close(a_sitting(), by="peng", is_director=False)
    with pytest.raises(Conflict):
        ensure_may_open(SHIFT, a_sitting(), OPENS, by="gu", is_director=False)
    with pytest.raises(Conflict):
        ensure_may_close(CLOSED, by="gu", is_director=False)


def test_a_decision_of_whoever_sits_opens_it_in_its_hours() -> None:
    assert opens_by_decision(SHIFT, None, "gu", OPENS)
    assert not opens_by_decision(SHIFT, None, "peng", OPENS)
    assert not opens_by_decision(SHIFT, a_sitting(), "gu", OPENS)
    assert not opens_by_decision(SHIFT, None, "gu", at("2025-01-16T08:30"))
    assert not opens_by_decision(None, None, "gu", OPENS)


def test_minutes_are_written_after_the_close_and_until_they_are_signed() -> None:
    ensure_may_write(CLOSED, by="gu")
    for sitting, by, refusal in (
        (a_sitting(), "gu", Conflict),
        (SIGNED, "gu", Conflict),
        (CLOSED, "director", Forbidden),
        (CLOSED, "peng", Forbidden),
    ):
        with pytest.raises(refusal):
            ensure_may_write(sitting, by=by)
    ensure_may_write(CLOSED._replace(opened_by="director"), by="director")


def a_decision(what: str, **more: Any) -> SittingDecision:
    fields: dict[str, Any] = {"at": at("2025-01-16T09:30"), "what": what, "by": "gu", "ticket_id": uuid4()}
    return SittingDecision(**fields | {"number": "BC-20250116-0001", "title": "夜市噪音"} | more)


def test_the_draft_says_what_was_decided_kind_by_kind() -> None:
    decisions = (
        a_decision("extension.granted", text="须等函复", working_days=3),
        a_decision("arbitration.decided", text="批设的一方管到底。", department="SWJ"),
    )
    draft = draft_of_minutes(CLOSED, decisions, a_center(), ZONE, Wording(Language.ZH))
    assert draft.splitlines() == [
        "坐班纪要",
        "Gu，1月16日 周四 09:05–12:10",
        "",
        "裁决承办单位 1 件：",
        "1. BC-20250116-0001 夜市噪音；由Tax牵头；批设的一方管到底；Gu 09:30",
        "",
        "批准延期 1 件：",
        "1. BC-20250116-0001 夜市噪音；延期 3 个工作日；须等函复；Gu 09:30",
    ]


def test_the_draft_says_when_and_where_departments_meet() -> None:
    decisions = (a_decision("meeting.called", text="2025-01-17T14:00:00+08:00, 三楼会议室"),)
    draft = draft_of_minutes(CLOSED, decisions, a_center(), ZONE, Wording(Language.ZH))
    assert draft.splitlines()[3:] == [
        "召集联合会商 1 件：",
        "1. BC-20250116-0001 夜市噪音；1月17日 周五 14:00；三楼会议室；Gu 09:30",
    ]


def test_where_nothing_was_decided_the_draft_says_so() -> None:
    draft = draft_of_minutes(
        CLOSED._replace(opened_by="director"),
        (),
        a_center(),
        ZONE,
        Wording(Language.EN),
    )
    assert "Opened by Director" in draft
    assert draft.endswith("Nothing was decided.")


def test_the_hand_over_names_what_was_left_undone() -> None:
    say = Wording(Language.ZH)
    ticket = UndoneTicket(ticket_id=uuid4(), number="BC-20250116-0002", title="路灯不亮")
    undone = (
        LeftUndone(section=DocketSection.ARBITRATION, count=1, tickets=(ticket,)),
        LeftUndone(section=DocketSection.EXTENSIONS, count=0),
        LeftUndone(section=DocketSection.BREACHED, count=200, has_more=True),
    )
    assert draft_of_handover(undone, say).splitlines() == [
        "待裁决 1 件：",
        "- BC-20250116-0002 路灯不亮",
        "已超期 200+ 件：",
    ]
    assert draft_of_handover((), say) == "无遗留事项。"
