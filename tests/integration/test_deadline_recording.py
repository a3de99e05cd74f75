"""What deadline_watch records: counted once it is committed, of its own center alone, by the newest calendar.

No process is at work here: see `watch_by_hand`.
"""

from copy import copy
from datetime import date
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from schemas.events.event import Event
from services.calendar.calendar import work_calendar
from services.deadline_watch.actions import policies, recording
from services.deadline_watch.actions.recording import ForeignTicket
from services.deadline_watch.service import DeadlineWatchService
from services.plumbing.database.database import Database
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.messaging.failures import NotYet
from tests import deadline_builders as given
from tests.builders import a_calendar, a_center, published
from tests.integration.watch_by_hand import BEFORE, CONFIRMED, NOW, Watch
from tests.stack.undone import undone


def test_figures_count_what_is_committed_however_often_it_was_tried(watch: Watch) -> None:
    def figures() -> list[float]:
        labels, names = {"kind": "answer", "department": "SWJ"}, ("breached", "breaches_voided")
        return [REGISTRY.get_sample_value(f"bancheng_deadlines_{each}_total", labels) or 0.0 for each in names]

    watch.knows_of_a_ticket()
    watch.hears_how_far(intake=NOW, routing=NOW)
    before = figures()
    service, answer = DeadlineWatchService(), given.answered(BEFORE, watch.ticket)
    with undone(watch.house.database.transaction()) as tx:
        while service.fire_marks(tx):
            pass
    watch.looks()
    with watch.house.database.transaction() as tx:
        tx.event_ids = {id(answer): new_id()}
        with undone(tx.savepoint()):
            service.record_facts([answer], tx)
        service.record_facts([answer], tx)
        assert [after - earlier for after, earlier in zip(figures(), before, strict=True)] == [1, 0]
    assert [after - earlier for after, earlier in zip(figures(), before, strict=True)] == [1, 1]


def test_replicas_of_two_editions_recount_only_towards_the_newer(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one edition of the holidays replaces another, replicas would rewrite each other's deadlines for ever."""
    center = a_center(code="NEW", calendar=a_calendar(announced_through=date(2025, 1, 26)))
    with watch.house.database.transaction() as tx:
        DeadlineWatchService().keep_center(published(center), tx)
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
