"""In whatever order, how late and how often the news of a ticket come: its deadlines are the same, and so is what
people were told and not taken back."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from schemas.enums import Complexity, Mark
from schemas.events.deadlines import DeadlineApproaching, DeadlineBreached, DeadlineOverdue, MarkReached, MarkVoided
from schemas.events.event import Event
from services.deadline_watch.rules.facts import fact_of
from tests import deadline_builders as given
from tests.deadline_builders import at, named
from tests.deadline_story import Story

OTHER = named("other share")
END = "2025-04-01 09:00"

HISTORIES: dict[str, list[Event]] = {
    "answered in time": [
        given.registered("2025-01-24 10:00"),
        given.routed("2025-01-24 10:01"),
        given.assignment_made("2025-01-24 10:01"),
        given.assignment_accepted("2025-01-24 15:00"),
        given.answered("2025-01-27 16:59"),
    ],
    "answered late, and again in a second round": [
        given.registered("2025-01-24 10:00"),
        given.routed("2025-01-24 10:01"),
        given.assignment_made("2025-01-24 10:01"),
        given.answered("2025-02-06 10:00"),
        given.reopened("2025-02-07 10:00"),
        given.routed("2025-02-07 10:01", round=2),
        given.assignment_made("2025-02-07 10:01", round=2, assignment_id=OTHER),
        given.answered("2025-02-10 10:00", round=2),
        given.assignment_accepted("2025-02-11 10:00", assignment_id=OTHER),
    ],
    "paused twice, extended, complex, in time": [
        given.registered("2025-01-24 10:00"),
        given.materials_requested("2025-01-26 10:00"),
        given.materials_supplied("2025-02-05 10:00"),
        given.routed("2025-02-05 11:00"),
        given.extension_granted("2025-02-05 12:00"),
        given.materials_requested("2025-02-06 10:00"),
        given.reclassified("2025-02-06 11:00"),
        given.materials_supplied("2025-02-08 10:00"),
        given.report_filed("2025-02-10 10:00"),
        given.answered("2025-02-10 10:00"),
    ],
    "paused until the cap, then broken and withdrawn": [
        given.registered("2025-01-24 10:00"),
        given.arbitration_requested("2025-01-24 10:01"),
        given.materials_requested("2025-01-26 10:00"),
        given.arbitration_decided("2025-02-05 10:00"),
        given.routed("2025-02-05 10:00", complexity=Complexity.COMPLEX),
        given.assignment_made("2025-02-05 10:00"),
        given.withdrawn("2025-03-20 10:00"),
        given.assignment_replaced("2025-03-20 10:00"),
    ],
    "sent back, replaced, declined": [
        given.registered("2025-01-24 10:00"),
        given.routed("2025-01-24 10:01"),
        given.assignment_made("2025-01-24 10:01"),
        given.assignment_returned("2025-01-26 16:00"),
        given.routed("2025-01-26 16:00", lead="ZJJ"),
        given.assignment_made("2025-01-26 16:00", assignment_id=OTHER, department="ZJJ"),
        given.declined("2025-01-27 11:00"),
    ],
}
_EVENT_OF = {Mark.APPROACHING: DeadlineApproaching, Mark.BREACHED: DeadlineBreached, Mark.OVERDUE: DeadlineOverdue}


def standing(story: Story) -> dict[Any, Any]:
    """The deadlines as they stand, without the numbers of their revisions: those count what was announced."""
    return {
        deadline.id: (
            deadline.kind,
            deadline.round,
            deadline.department,
            deadline.due_at,
            deadline.state,
            deadline.light,
            deadline.ended_at,
        )
        for deadline in story.rows.values()
        if not (deadline.announced_changes and deadline.announced_changes[-1].why == "never set")
    }


def told(story: Story) -> Counter[Any]:
    """The marks that were announced and not taken back."""
    found: Counter[Any] = Counter()
    for event in story.announced:
        if isinstance(event, MarkReached):
            found[event.deadline_id, type(event), event.level, event.mark_at] += 1
        elif isinstance(event, MarkVoided):
            found[event.deadline_id, _EVENT_OF[event.mark], event.level, event.mark_at] -= 1
    return +found


def heard_in_time(history: list[Event]) -> Story:
    return Story(*history).now(END)


@pytest.mark.parametrize("name", HISTORIES)
@settings(max_examples=60, deadline=None)
@drawn(data=st.data())
def test_any_order_of_events_leads_to_the_same_deadlines_and_announcements(name: str, data: Any) -> None:
    """A mark may be announced before the news that make it void: the worst that a silent service can do."""
    history = HISTORIES[name]
    numbered = list(enumerate(history))
    order = data.draw(st.permutations(numbered + data.draw(st.lists(st.sampled_from(numbered), max_size=4))))
    story = Story(fires_late=True)
    for nth, event in order:
        fact = fact_of(event, given.named(f"{name} {nth}"), story.policy.version)
        story.add(fact)
        if data.draw(st.booleans()):
            later = timedelta(days=data.draw(st.integers(0, 60)), hours=data.draw(st.integers(0, 23)))
            moment: datetime = at("2025-01-24 10:00") + later
            story.now(f"{moment:%Y-%m-%d %H:%M}")
    story.now(END)
    expected = heard_in_time(history)
    assert standing(story) == standing(expected)
    assert told(story) == told(expected)


@pytest.mark.parametrize("name", HISTORIES)
def test_what_is_heard_in_time_is_never_taken_back(name: str) -> None:
    assert not [event for event in heard_in_time(HISTORIES[name]).announced if isinstance(event, MarkVoided)]


def test_a_mark_is_voided_for_the_department_that_it_was_announced_for() -> None:
    """Figures by department subtract what was void from what was announced: both must name the same department."""
    story = Story(given.registered("2025-01-24 10:00"), fires_late=True).now("2025-01-27 09:01")
    story.record(given.routed("2025-01-24 10:01")).now("2025-01-27 17:01")
    story.record(given.routed("2025-01-27 16:00", lead="ZJJ")).now("2025-02-05 17:01")
    story.record(given.answered("2025-01-24 11:00"))
    announced = {event.level: event.department for event in story.announced if isinstance(event, MarkReached)}
    voided = {event.level: event.department for event in story.announced if isinstance(event, MarkVoided)}
    assert voided == announced == {1: None, 2: "SWJ", 3: "ZJJ"}
