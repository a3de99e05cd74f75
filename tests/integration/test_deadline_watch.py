"""deadline_watch as a real process: what it announces, whatever it hears, in whatever order and how often.

The dates are those of `tests.deadline_story`; the clock stands still until a test steps it.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from schemas.enums import Complexity
from services.plumbing.database.transaction import new_id
from tests import deadline_builders as given
from tests.builders import a_calendar, a_center, published
from tests.deadline_builders import at
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.tap import Tap
from tests.stack.watched_ticket import WatchedTicket, brief, reached, watch_at_work


@pytest.fixture(scope="module")
def at_work(amqp_uri: str, database_url: str) -> Iterator[tuple[OneService, Tap]]:
    with watch_at_work(amqp_uri, database_url) as opened:
        yield opened


@pytest.fixture
def story(at_work: tuple[OneService, Tap]) -> Iterator[WatchedTicket]:
    house, tap = at_work
    house.step(at("2025-01-24 09:00"))
    house.announce(*reached("2025-01-24 09:00"))
    yield WatchedTicket(house, tap)
    assert house.parked() == []


def test_a_promise_nobody_keeps_is_announced_at_each_mark_once(story: WatchedTicket) -> None:
    story.hears(given.registered("2025-01-24 10:00", story.ticket), given.routed("2025-01-24 10:01", story.ticket))
    story.at("2025-01-27 09:00").at("2025-01-27 17:00").at("2025-02-05 17:00").at("2025-03-01 09:00")
    assert story.said == ["set", "approaching 1", "breached 2", "overdue 3", "overdue 4"]
    (breach,) = story.data("breached")
    assert (breach["kind"], breach["department"], breach["revision"]) == ("answer", "SWJ", 1)
    assert (
        datetime.fromisoformat(breach["mark_at"]) == datetime.fromisoformat(breach["due_at"]) == at("2025-01-27 17:00")
    )
    assert (story.row().state, story.row().light, story.row().next_mark_at) == ("breached", "red", None)


def test_a_kept_promise_is_met_and_nothing_fires_afterwards(story: WatchedTicket) -> None:
    story.hears(
        given.registered("2025-01-24 10:00", story.ticket),
        given.routed("2025-01-24 10:01", story.ticket),
        given.assignment_made("2025-01-24 10:01", story.ticket, assignment_id=story.ticket),
        given.assignment_accepted("2025-01-24 11:00", story.ticket, assignment_id=story.ticket),
        given.answered("2025-01-26 11:00", story.ticket),
    ).at("2025-03-01 09:00")
    assert story.said == ["set", "set", "met", "met"]


def test_a_pause_over_the_spring_festival_is_resumed_with_what_was_left(story: WatchedTicket) -> None:
    story.hears(
        given.registered("2025-01-24 10:00", story.ticket),
        given.materials_requested("2025-01-26 17:00", story.ticket),
    ).at("2025-02-05 10:00")
    story.hears(given.materials_supplied("2025-02-05 10:00", story.ticket)).at("2025-02-06 17:00")
    assert story.said == ["set", "paused", "resumed", "approaching 1", "breached 2"]
    assert story.data("paused")[0]["remaining_seconds"] == 7 * 3600
    assert story.data("breached")[0]["revision"] == 2


def test_a_pause_that_nobody_ends_is_ended_by_the_watch(story: WatchedTicket) -> None:
    story.hears(
        given.registered("2025-01-24 10:00", story.ticket),
        given.materials_requested("2025-01-26 10:00", story.ticket),
    ).at("2025-02-14 16:59")
    assert story.said == ["set", "paused"]
    story.at("2025-02-14 17:00").at("2025-03-01 09:00")
    assert story.said == ["set", "paused", "resumed", "approaching 1", "breached 2", "overdue 3", "overdue 4"]
    assert story.data("resumed")[0]["why"] == "cap"


def test_becoming_complex_on_the_second_day_keeps_the_time_spent(story: WatchedTicket) -> None:
    story.hears(given.registered("2025-01-24 10:00", story.ticket), given.routed("2025-01-24 10:01", story.ticket))
    story.at("2025-01-27 10:00").hears(given.reclassified("2025-01-27 10:00", story.ticket)).at("2025-02-07 17:01")
    assert story.said == ["set", "approaching 1", "cancelled", "set", "approaching 1", "breached 2"]
    assert story.data("cancelled")[0]["why"] == "complex"
    assert story.data("set")[1]["due_at"] == "2025-02-07T17:00:00+08:00"


def test_an_extension_moves_all_marks_and_keeps_the_old_due_time_on_record(story: WatchedTicket) -> None:
    story.hears(
        given.registered("2025-01-24 10:00", story.ticket),
        given.extension_granted("2025-01-26 10:00", story.ticket),
    ).at("2025-02-07 17:00")
    assert story.said == ["set", "moved", "approaching 1", "breached 2"]
    assert [(each["revision"], each["why"]) for each in story.row().announced_changes] == [(1, "set"), (2, "extension")]


def test_an_answer_in_time_that_arrives_after_the_breach_counts_as_in_time(story: WatchedTicket) -> None:
    story.hears(given.registered("2025-01-24 10:00", story.ticket)).at("2025-01-27 17:01")
    story.hears(given.answered("2025-01-27 16:59", story.ticket)).at("2025-03-01 09:00")
    assert story.said == ["set", "approaching 1", "breached 2", "met", "voided 2"]


def test_a_late_answer_breaches_even_if_it_comes_before_the_watch_looked(story: WatchedTicket) -> None:
    story.hears(
        given.registered("2025-01-24 10:00", story.ticket), given.answered("2025-02-05 18:00", story.ticket)
    ).at("2025-03-01 09:00")
    assert story.said == ["set", "approaching 1", "breached 2", "overdue 3"]


def test_a_withdrawn_ticket_owes_nothing(story: WatchedTicket) -> None:
    story.hears(
        given.registered("2025-01-24 10:00", story.ticket),
        given.arbitration_requested("2025-01-24 10:01", story.ticket, arbitration_id=story.ticket),
        given.withdrawn("2025-01-24 11:00", story.ticket),
    ).at("2025-03-01 09:00")
    assert (story.said[0], story.said[-1]) == ("set", "cancelled")
    assert sorted(story.said) == ["cancelled", "cancelled", "set", "set"], "only of one deadline is the order sure"


def test_a_bad_rating_starts_a_clock_of_its_own(story: WatchedTicket) -> None:
    story.hears(
        given.registered("2025-01-24 10:00", story.ticket),
        given.answered("2025-01-26 10:00", story.ticket),
        given.reopened("2025-02-05 10:00", story.ticket),
    ).at("2025-02-07 17:00")
    assert story.said == ["set", "met", "set", "approaching 1", "breached 2"]
    assert [each["round"] for each in story.data("set")] == [1, 2]


@pytest.mark.parametrize("seed", range(3))
def test_twice_and_in_any_order_comes_to_the_same(story: WatchedTicket, seed: int) -> None:
    """Events of one service keep their order unless a replica is faster; so any order has to do."""
    share = uuid4()
    events = [
        given.registered("2025-01-24 10:00", story.ticket),
        given.routed("2025-01-24 10:01", story.ticket, complexity=Complexity.COMPLEX),
        given.assignment_made("2025-01-24 10:01", story.ticket, assignment_id=share),
        given.assignment_accepted("2025-01-24 10:30", story.ticket, assignment_id=share),
        given.materials_requested("2025-01-24 11:00", story.ticket),
        given.materials_supplied("2025-01-24 12:00", story.ticket),
        given.extension_granted("2025-01-24 13:00", story.ticket),
        given.report_filed("2025-01-26 10:00", story.ticket),
        given.answered("2025-01-26 10:00", story.ticket),
        given.reopened("2025-01-26 11:00", story.ticket),
    ]
    ids: list[UUID] = [new_id() for _ in events]
    twice = list(zip(ids, events, strict=True)) * 2
    random.Random(seed).shuffle(twice)
    for id_, event in twice:
        story.house.announce(event, ids=[id_])
    said = story.said
    assert len({each["deadline_id"] for each in story.data("met") if each["kind"] == "report"}) == 1
    assert story.row("acknowledge").state == "met"
    assert story.row("report").state == "met"
    assert (story.row("report", round=2).state, story.row("report", round=2).revision) == ("running", 1)
    assert said.count("set") - said.count("cancelled") == 3, "the answer's, which is void"


def test_a_provisional_deadline_moves_when_the_calendar_becomes_known(story: WatchedTicket) -> None:
    center = a_center(code="NEW", calendar=a_calendar(announced_through=date(2025, 1, 26)))
    known = a_center(code="NEW", calendar=a_calendar(closed_days=(date(2025, 1, 27),)))
    story.hears(published(center), given.registered("2025-01-24 10:00", story.ticket, center="NEW")).settles()
    assert story.row().provisional
    story.hears(published(known, version=2))
    assert story.tap.hears(2, story.ticket)
    assert story.said == ["set", "moved"]
    (moved,) = story.data("moved")
    assert (moved["due_at"], moved["why"]) == ("2025-02-05T17:00:00+08:00", "calendar")
    assert (story.row().provisional, story.row().center_version) == (False, 2)


def test_a_ticket_of_a_center_whose_file_is_on_its_way_waits_for_it(story: WatchedTicket) -> None:
    story.hears(given.registered("2025-01-24 10:00", story.ticket, center="LATE"))
    assert eventually(lambda: bool(story.house.rows("SELECT type FROM held")))
    story.hears(published(a_center(code="LATE")))
    assert story.said == ["set"]


def test_two_watches_announce_ten_thousand_breaches_once_each(story: WatchedTicket) -> None:
    tickets = [uuid4() for _ in range(10_000)]
    for start in range(0, len(tickets), 2000):
        story.hears(*[given.registered("2025-01-24 10:00", ticket) for ticket in tickets[start : start + 2000]])
    story.settles()
    with story.house.process():
        story.at("2025-01-27 17:00")
        subjects = {str(ticket) for ticket in tickets}
        assert eventually(lambda: sum(each["subject"] in subjects for each in story.tap.read()) >= 30_000, seconds=60)
        said = [(each["subject"], brief(each)) for each in story.tap.read(seconds=1) if each["subject"] in subjects]
    assert len(said) == len(set(said)) == 30_000
    assert {brief for _, brief in said} == {"set", "approaching 1", "breached 2"}
