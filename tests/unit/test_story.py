"""The story of the demonstration is data, and a mistake in it names its place."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.center.center import Center
from schemas.identity import plain_phone
from services.demo.acts import LEADER_ACTS
from services.demo.reading import STORY, read_story
from services.demo.story import BadStory, timetable
from services.intake.rules.similarity import THRESHOLD, pairs_of, similarity

DEMO = Path(__file__).parents[2] / "deploy" / "centers" / "demo.yml"
CENTER = Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
WRITTEN = yaml.safe_load(STORY.read_text(encoding="utf-8"))


@pytest.fixture
def written() -> Any:
    """The story as it is written, for a test to spoil."""
    return deepcopy(WRITTEN)


def refusal_of(story: Any, folder: Path) -> str:
    """What is said of a spoilt story."""
    file = folder / "story.yml"
    file.write_text(yaml.safe_dump(story, allow_unicode=True), encoding="utf-8")
    with pytest.raises(BadStory) as refused:
        read_story(file, CENTER)
    return str(refused.value)


def test_the_story_can_be_played_in_the_demo_center() -> None:
    story = read_story(STORY, CENTER)
    assert len(story.tickets) >= 25
    assert {ticket.channel for ticket in story.tickets} >= {"window", "hotline", "online", "phone"}


def test_every_sort_of_act_occurs_in_the_story() -> None:
    story = read_story(STORY, CENTER)
    assert {act for ticket in story.tickets for moment in ticket.moments for act in moment.acts} == {
        *("accept", "acknowledge_escalation", "answer", "arbitrate", "call_meeting", "close", "complete", "decline"),
        *("extend", "find_by_phone", "hand_over", "hold_meeting", "rate", "reclassify", "refuse_extension", "report"),
        *("report_progress", "request_extension", "request_materials", "reveal_applicant", "send_back", "send_file"),
        *("sign_report", "supply_materials", "withdraw"),
    }
    assert {act for moment in story.leaders for act in moment.acts} == {*LEADER_ACTS}


def test_the_second_complaint_is_alike_enough_to_be_linked() -> None:
    tickets = {ticket.key: ticket for ticket in read_story(STORY, CENTER).tickets}
    (again,) = [ticket for ticket in tickets.values() if ticket.repeats]
    first = tickets[str(again.repeats)]
    assert similarity(pairs_of(first.text), pairs_of(again.text)) >= THRESHOLD
    assert first.applicant.phone != again.applicant.phone, "written in two ways"
    assert plain_phone(first.applicant.phone) == plain_phone(again.applicant.phone)


def test_all_that_happens_at_one_instant_is_one_step() -> None:
    days = dict(timetable(read_story(STORY, CENTER), CENTER))
    hotline = [step for day, of_day in days.items() for step in of_day if day.isoformat() == "2026-05-02"]
    assert [len(step.acts) for step in hotline] == [5], "on a holiday nobody looks at the deadlines"
    for of_day in days.values():
        assert [step.at for step in of_day] == sorted({step.at for step in of_day})


def test_a_working_day_has_its_opening_and_closing_hours() -> None:
    days = {day.isoformat(): of_day for day, of_day in timetable(read_story(STORY, CENTER), CENTER)}
    hours = {f"{step.at:%H:%M}" for step in days["2026-05-09"]}
    assert {"09:00", "17:00"} <= hours, "the make-up Saturday"
    assert [f"{step.at:%H:%M}" for step in days["2026-05-10"]] == ["20:00"], "the end of the story"


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda s: nth(s, 0).update(colour="red"), "tickets[0].colour: Unknown field."),
        (lambda s: nth(s, 3).update(channel="pigeon"), "tickets[3].channel: Must be one of"),
        (lambda s: nth(s, 1)["applicant"].update(phone="12"), "tickets[1].applicant.phone: Must be a"),
        (lambda s: nth(s, 1).update(key="insurance-code"), "tickets[1].key: Another ticket"),
        (lambda s: nth(s, 2).update(clerk="nobody"), "tickets[2].clerk: No such member of staff."),
        (lambda s: nth(s, 2).update(repeats="later"), "tickets[2].repeats: No earlier ticket"),
        (
            lambda s: nth(s, 2).update(repeats="street-lamps"),
            "tickets[2].repeats: That ticket is another",
        ),
        (lambda s: nth(s, 0).update(received="soon"), "tickets[0].received: A time is written like"),
        (
            lambda s: nth(s, 0).update(received="Tue 27 Apr 09:08"),
            "tickets[0].received: 27 Apr 2026 is a",
        ),
        (lambda s: nth(s, 0).update(received="Thu 30 Feb 09:08"), "tickets[0].received: "),
        (lambda s: nth(s, 0).update(received="Mon 11 May 09:08"), "tickets[0].received: Is outside"),
        (lambda s: moment(s).update(at="Mon 27 Apr 09:00"), "tickets[0].moments[0].at: Is earlier"),
        (lambda s: moment(s).update(accept=["XYZ"]), "tickets[0].moments[0]: No such department: XYZ."),
        (lambda s: moment(s).update(accept=[]), "tickets[0].moments[0]: Nothing is done."),
        (
            lambda s: moment(s).update(accept=[], rate={"rating": "superb"}),
            "moments[0].rate.rating: ",
        ),
        (lambda s: moment(s).update(refused="no", close="resolved"), "tickets[0].moments[0].refused: Only a"),
        (
            lambda s: moment(s).update(request_materials={"items": ["x"], "approved_by": "me"}),
            ".approved_by: Unknown",
        ),
        (lambda s: nth(s, 0).update(garbled_phone="1"), "tickets[0].moments[0]: The ticket is refused"),
        (
            lambda s: moment(s).update(report_progress={"XYZ": "快了"}),
            "tickets[0].moments[0]: No such department: XYZ.",
        ),
        (lambda s: moment(s).update(acknowledge_escalation=["no"]), "moments[0]: No such member of staff: no."),
        (
            lambda s: moment(s).update(call_meeting=a_meeting("Tue 13 May 10:00")),
            "tickets[0].moments[0].call_meeting.meets_at: 13 May 2026 is a Wed.",
        ),
        (lambda s: s["leaders"][1].update(leader="he-jing"), "leaders[1].leader: Does not sit at the window."),
        (lambda s: s["leaders"][0].update(open_sitting=False), "leaders[0]: Nothing is done."),
        (lambda s: s["leaders"][0].update(at="Mon 11 May 09:00"), "leaders[0].at: Is outside the story"),
        (
            lambda s: named(s, "power-cuts").update(received="Sat 2 May 11:00"),
            "].received: The batch came in at",
        ),
    ],
)
def test_a_mistake_in_the_story_names_its_place(spoil: Any, place: str, written: Any, tmp_path: Path) -> None:
    spoil(written)
    assert place in refusal_of(written, tmp_path)


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "story.yml"
    file.write_text("tickets: [", encoding="utf-8")
    with pytest.raises(BadStory, match="cannot be read"):
        read_story(file, CENTER)


def a_meeting(meets_at: str) -> Any:
    """Of two departments."""
    return {"meets_at": meets_at, "place": "三楼", "departments": ["SWJ", "ZJJ"]}


def moment(story: Any) -> Any:
    """The first moment of the first ticket."""
    return nth(story, 0)["moments"][0]


def named(story: Any, key: str) -> Any:
    """The ticket of that key."""
    return next(ticket for ticket in story["tickets"] if ticket["key"] == key)


def nth(story: Any, at: int) -> Any:
    """A ticket by its place."""
    return story["tickets"][at]
