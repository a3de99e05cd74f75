"""A mark waits for the news that may be under way, and no longer than the center lets a silent service hide it.

No process is at work here: see `watch_by_hand`.
"""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from services.deadline_watch import store
from services.plumbing.database.transaction import new_id
from tests import deadline_builders as given
from tests.deadline_builders import at
from tests.integration.watch_by_hand import BEFORE, CONFIRMED, DUE, NOW, Watch

UNCONFIRMED = [("approaching", False), ("breached", False)]


def unconfirmed_marks() -> float:
    return REGISTRY.get_sample_value("bancheng_marks_unconfirmed_total", {"kind": "answer"}) or 0.0


@pytest.mark.parametrize("behind", ["intake", "routing"])
def test_a_mark_waits_for_the_service_whose_news_lie_before_it(watch: Watch, behind: str) -> None:
    watch.knows_of_a_ticket()
    watch.hears_how_far(**{"intake": NOW, "routing": NOW} | {behind: BEFORE})
    watch.looks()
    assert watch.marks == [("approaching", True)], "what was due on the day before is known for certain"
    watch.hears_how_far(**{behind: DUE})
    watch.looks()
    assert watch.marks == CONFIRMED


@pytest.mark.parametrize("heard", [{}, {"intake": NOW}, {"routing": NOW}])
def test_a_service_that_was_never_heard_of_is_waited_for_too(watch: Watch, heard: dict[str, str]) -> None:
    watch.knows_of_a_ticket()
    if heard:
        watch.hears_how_far(**heard)
    watch.looks()
    assert watch.marks == []


def test_a_service_that_takes_its_word_back_is_waited_for_again(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    watch.hears_how_far(intake=NOW, routing=NOW)
    watch.hears_how_far(intake=BEFORE)
    watch.looks()
    assert ("breached", True) not in watch.marks


def test_a_mark_waits_for_an_event_of_its_ticket_that_is_to_be_tried_again(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    watch.hears_how_far(intake=NOW, routing=NOW)
    watch.holds_an_event(new_id())
    event_id = watch.holds_an_event(watch.ticket)
    watch.looks()
    assert watch.marks == []
    watch.drops(event_id)
    watch.looks()
    assert watch.marks == CONFIRMED, "other tickets' events do not count"


def test_a_silent_service_is_waited_for_as_long_as_the_center_says(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    watch.hears_how_far(intake=NOW, routing="2025-01-24 10:01")
    watch.has_watched_for(minutes=9.5)
    watch.looks()
    assert watch.marks == []
    before = unconfirmed_marks()
    watch.has_watched_for(minutes=10.5)
    watch.looks()
    assert watch.marks == UNCONFIRMED
    assert unconfirmed_marks() - before == 2


def test_a_mark_that_has_waited_less_is_not_announced_with_the_others(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    watch.has_watched_for(minutes=600)
    watch.house.step(at("2025-01-27 17:09"))
    watch.looks()
    assert watch.marks == [("approaching", False)]


def test_an_event_that_fails_for_longer_hides_no_breach(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    watch.hears_how_far(intake=NOW, routing=NOW)
    watch.holds_an_event(watch.ticket)
    watch.has_watched_for(minutes=10.5)
    watch.looks()
    assert watch.marks == UNCONFIRMED


def test_a_silent_service_hides_no_breach_after_a_pause_of_full_length(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    watch.hears(given.materials_requested("2025-01-24 11:00", watch.ticket, working_days_left=1))
    watch.hears_how_far(intake=NOW, routing="2025-01-24 11:00")
    watch.house.step(at("2025-02-10 17:30"))
    watch.has_watched_for(minutes=9.5)
    watch.looks()
    assert watch.house.value("SELECT state FROM deadlines") == "paused"
    watch.has_watched_for(minutes=10.5)
    watch.looks()
    assert watch.house.value("SELECT state FROM deadlines") == "running"
    watch.looks()
    assert watch.marks == [*UNCONFIRMED, ("overdue", False)]


def test_days_in_which_nobody_watched_do_not_count_as_waiting(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    with watch.house.database.transaction() as tx:
        now = store.clock_readings.read(tx)
        store.clock_readings.trust(tx, now._replace(database=now.database - timedelta(days=3)))
        store.clock_readings.trust(tx, now)
    watch.looks()
    assert watch.marks == []
    watch.has_watched_for(minutes=10.5)
    watch.looks()
    assert watch.marks == UNCONFIRMED


def test_what_was_done_in_time_and_heard_of_too_late_takes_the_mark_back(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    watch.has_watched_for(minutes=10.5)
    watch.looks()
    watch.hears(given.answered("2025-01-27 16:59", watch.ticket))
    *_, met, voided = watch.announced()
    assert (met.type, voided.type) == ("deadline.met.v1", "mark.voided.v1")
    assert (voided.data["mark"], voided.data["level"], voided.data["state"]) == ("breached", 2, "met")
    watch.hears_how_far(intake=NOW, routing=NOW)
    watch.looks()
    assert watch.marks == UNCONFIRMED, "and it is not announced again"
