"""A mark waits for the news that may be under way, and no longer than the center lets a silent service hide it.

No process is at work here: a test hears, fires and lets time be watched itself, on the service's own tables. It is
Monday 27 January 2025, 17:30, half an hour after the answer to what came in on Friday was due.
"""

from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from schemas.center.center import CenterPublished
from schemas.events.event import Event
from schemas.events.tickets import TicketRegistered
from schemas.events.watermarks import EVERYWHERE, SourceReached
from services.calendar.calendar import work_calendar
from services.deadline_watch import store
from services.deadline_watch.actions import policies, recording
from services.deadline_watch.actions.recording import ForeignTicket
from services.deadline_watch.service import DeadlineWatchService
from services.plumbing.database.database import Database
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.failures import FailureKind, NotYet
from tests import deadline_builders as given
from tests.builders import a_calendar, a_center
from tests.deadline_builders import at
from tests.stack.envelopes import the_event, wire
from tests.stack.one_service import OneService

NOW, DUE, BEFORE = "2025-01-27 17:30", "2025-01-27 17:00", "2025-01-27 16:59"
CENTERS = ("BC", "OTHER")


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    made = OneService("deadline_watch", amqp_uri, database_url, clock="2025-01-24T09:00:00+08:00@1")
    with made.database.transaction() as tx:
        for code in CENTERS:
            DeadlineWatchService().keep_center(CenterPublished(center=code, version=1, body=a_center(code=code)), tx)
    yield made
    made.database.close()


@pytest.fixture
def watch(house: OneService) -> "Watch":
    house.rows("TRUNCATE tickets, deadlines, outbox, held, watermarks, clock_readings CASCADE")
    house.step(at(NOW))
    return Watch(house)


class Watch:
    """The service without its loops: each call is a transaction of its own."""

    def __init__(self, house: OneService) -> None:
        self.house, self.ticket, self._service = house, new_id(), DeadlineWatchService()

    def hears(self, *events: Event) -> None:
        for event in events:
            with self.house.database.transaction() as tx:
                tx.event_ids = {id(event): new_id()}
                if isinstance(event, TicketRegistered):
                    self._service.set_promises([event], tx)
                else:
                    self._service.record_facts([event], tx)

    def knows_of_a_ticket(self) -> None:
        self.hears(given.registered("2025-01-24 10:00", self.ticket), given.routed("2025-01-24 10:01", self.ticket))

    def hears_how_far(self, **reached: str) -> None:
        events = [
            SourceReached(center=EVERYWHERE, source=source, reached_at=at(when)) for source, when in reached.items()
        ]
        with self.house.database.transaction() as tx:
            self._service.keep_watermarks(events, tx)

    def has_watched_for(self, *, minutes: float) -> None:
        with self.house.database.transaction() as tx:
            store.clock_readings.trust(tx, store.clock_readings.read(tx))
            tx.execute(
                "UPDATE clock_readings SET watching_since = real_now() - %(time)s", time=timedelta(minutes=minutes)
            )

    def looks(self) -> None:
        """A turn of the watch."""
        for turn in (self._service.fire_marks, self._service.fire_unconfirmed_marks, self._service.end_long_pauses):
            self._until_done(turn)

    def _until_done(self, turn: Any) -> None:
        done = 1
        while done:
            with self.house.database.transaction() as tx:
                done = turn(tx)

    def holds_an_event(self, ticket: UUID) -> UUID:
        """An event of a ticket fails, and is to be tried again."""
        said = wire(given.answered(BEFORE, ticket), new_id(), source="routing", time=at(BEFORE))
        envelope = the_event(said).envelope
        with self.house.database.transaction() as tx:
            retry_queue.hold(tx, [(envelope, said)], "a failure of the moment", FailureKind.ERROR)
        return envelope.id

    def drops(self, event_id: UUID) -> None:
        """Somebody discards an event that is held."""
        with self.house.database.transaction() as tx:
            retry_queue.release(tx, event_id)

    def announced(self, ticket: UUID | None = None) -> list[Any]:
        return self.house.rows(
            "SELECT type, data FROM outbox WHERE subject = %(ticket)s ORDER BY seq", ticket=str(ticket or self.ticket)
        )

    @property
    def marks(self) -> list[tuple[str, bool]]:
        """The marks that were announced, and whether as confirmed."""
        told = self.announced()
        return [(row.type.split(".")[1], row.data["confirmed"]) for row in told if "confirmed" in row.data]


CONFIRMED = [("approaching", True), ("breached", True)]
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


class Undone(Exception):
    """Ends a transaction, or a part of it, of which nothing is to stay."""


def test_figures_count_what_is_committed_however_often_it_was_tried(watch: Watch) -> None:
    def figures() -> list[float]:
        labels, names = {"kind": "answer", "department": "SWJ"}, ("breached", "breaches_voided")
        return [REGISTRY.get_sample_value(f"bancheng_deadlines_{each}_total", labels) or 0.0 for each in names]

    watch.knows_of_a_ticket()
    watch.hears_how_far(intake=NOW, routing=NOW)
    before = figures()
    service, answer = DeadlineWatchService(), given.answered(BEFORE, watch.ticket)
    with suppress(Undone), watch.house.database.transaction() as tx:
        while service.fire_marks(tx):
            pass
        raise Undone
    watch.looks()
    with watch.house.database.transaction() as tx:
        tx.event_ids = {id(answer): new_id()}
        with suppress(Undone), tx.savepoint():
            service.record_facts([answer], tx)
            raise Undone
        service.record_facts([answer], tx)
        assert [after - earlier for after, earlier in zip(figures(), before, strict=True)] == [1, 0]
    assert [after - earlier for after, earlier in zip(figures(), before, strict=True)] == [1, 1]


def test_replicas_of_two_editions_recount_only_towards_the_newer(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one edition of the holidays replaces another, replicas would rewrite each other's deadlines for ever."""
    center = a_center(code="NEW", calendar=a_calendar(announced_through=date(2025, 1, 26)))
    with watch.house.database.transaction() as tx:
        DeadlineWatchService().keep_center(CenterPublished(center="NEW", version=1, body=center), tx)
    older, newer = (Database(watch.house.database.url, "deadline_watch", size=1) for _ in range(2))
    for replica, edition in ((older, "holidays-0.99+own"), (newer, "holidays-0.100+own")):
        calendar = copy(work_calendar(center.calendar))
        calendar.version = edition
        monkeypatch.setattr(policies, "work_calendar", lambda _, calendar=calendar: calendar)
        with replica.transaction() as tx:
            assert policies.current(tx, "NEW").calendar.version == edition

    def recounts(replica: Database) -> tuple[int, str]:
        with replica.transaction() as tx:
            done = DeadlineWatchService().recount_provisional(tx)
        return done, watch.house.value("SELECT calendar_version FROM deadlines")

    def hears(replica: Database, event: Event) -> None:
        with replica.transaction() as tx:
            tx.event_ids = {id(event): new_id()}
            recording.record_events(tx, [event])

    hears(older, given.registered("2025-01-24 10:00", watch.ticket, center="NEW"))
    watch.hears_how_far(intake=BEFORE, routing=BEFORE)
    assert recounts(older) == (0, "holidays-0.99+own")
    assert recounts(newer) == (1, "holidays-0.100+own")
    assert recounts(older) == recounts(newer) == (0, "holidays-0.100+own")
    with pytest.raises(NotYet):
        hears(older, given.routed("2025-01-24 10:01", watch.ticket, center="NEW"))
    hears(newer, given.routed("2025-01-24 10:01", watch.ticket, center="NEW"))
    older.close()
    newer.close()


def test_what_another_center_says_of_a_ticket_is_refused(watch: Watch) -> None:
    watch.knows_of_a_ticket()
    foreign = given.answered("2025-01-27 16:59", watch.ticket, center="OTHER")
    with pytest.raises(ForeignTicket):
        watch.hears(foreign)
    watch.hears_how_far(intake=NOW, routing=NOW)
    watch.looks()
    assert watch.marks == CONFIRMED


def test_what_another_center_said_before_the_registration_is_forgotten(watch: Watch) -> None:
    watch.hears(
        given.assignment_made("2025-01-24 09:59", watch.ticket, center="OTHER", assignment_id=new_id()),
        given.answered("2025-01-27 16:59", watch.ticket, center="OTHER"),
    )
    with pytest.raises(NotYet):
        watch.hears(given.routed("2025-01-24 10:01", watch.ticket))
    watch.hears(given.registered("2025-01-24 10:00", watch.ticket))
    with watch.house.database.transaction() as tx:
        assert _centers_of_open_clocks(tx, watch.ticket) == ["BC"]
    watch.hears_how_far(intake=NOW, routing=NOW)
    watch.looks()
    assert watch.marks == CONFIRMED, "of the promise alone, and not of the other center's duty"


def _centers_of_open_clocks(tx: Transaction, ticket: UUID) -> list[str]:
    rows = tx.rows("SELECT center FROM deadlines WHERE ticket_id = %(id)s AND ended_at IS NULL", id=ticket)
    return [row.center for row in rows]
