"""What is held: how often it is tried, and that a release that is rolled out parks nothing."""

from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from schemas.events.event import Envelope
from services.cli import main
from services.plumbing.database.logins import setting_of
from services.plumbing.messaging import failures, retry_queue
from services.plumbing.messaging.broker import EXCHANGE
from services.plumbing.messaging.failures import FailureKind
from tests.stack.eventually import eventually
from tests.stack.sample_house import COPIED, NAME, QUEUE, RATED, SampleHouse, an_event, wire, written
from tests.stack.waiting import amqp_connection

TORN = "note.torn.v1"


def _row(house: SampleHouse, event: dict[str, Any]) -> Any:
    (row,) = house.rows("SELECT * FROM held WHERE event_id = %(id)s", id=event["id"])
    return row


def _postpone(house: SampleHouse, event: dict[str, Any], kind: FailureKind) -> bool:
    with house.database.transaction() as tx:
        return retry_queue.postpone(tx, _row(house, event), "as it is", kind)


def test_waiting_for_a_cause_uses_up_no_try_for_an_error(house: SampleHouse) -> None:
    event = an_event(RATED)
    with house.database.transaction() as tx:
        retry_queue.hold(tx, [(Envelope.load(event), wire(event))], "its cause has not come", FailureKind.NOT_YET)
    assert not any(_postpone(house, event, FailureKind.NOT_YET) for _ in range(10))
    assert [_postpone(house, event, FailureKind.ERROR) for _ in range(len(failures.PAUSES))] == [False] * len(
        failures.PAUSES
    )
    assert not _postpone(house, event, FailureKind.NOT_YET)
    assert _postpone(house, event, FailureKind.ERROR)
    assert (_row(house, event).attempts, _row(house, event).early_attempts) == (len(failures.PAUSES) + 1, 12)


def test_a_cause_that_does_not_come_within_a_day_parks_the_event(house: SampleHouse) -> None:
    event = an_event(RATED)
    with house.database.transaction() as tx:
        retry_queue.hold(tx, [(Envelope.load(event), wire(event))], "its cause has not come", FailureKind.NOT_YET)
    house.rows("UPDATE held SET early_attempts = %(most)s", most=len(failures.NOT_YET_PAUSES))
    assert _postpone(house, event, FailureKind.NOT_YET)
    assert _row(house, event).next_try_at is None


def test_an_event_of_the_next_version_waits_for_a_program_that_knows_it(house: SampleHouse) -> None:
    """While a release is rolled out, the queue of all replicas is bound to what only the new ones handle."""
    known, unknown = an_event(COPIED), an_event(TORN)
    with amqp_connection(house.amqp_uri) as connection:
        connection.channel().queue_bind(QUEUE, EXCHANGE.name, TORN)
    with house.process("tests.stack.run_sample", "before") as before:
        house.send(wire(known), type_=COPIED)
        house.send(wire(unknown), type_=TORN)
        assert house.hears(written(before))
        assert eventually(lambda: house.count("held", "event_id = %(id)s", id=unknown["id"]) == 1)
        assert _row(house, known).next_try_at is not None
        assert _row(house, unknown).attempts == 0
        house.rows("UPDATE held SET next_try_at = clock_timestamp()")
        assert eventually(lambda: _row(house, known).early_attempts == 2)
        assert _row(house, known).next_try_at is not None
    with house.process():
        house.rows("UPDATE held SET next_try_at = clock_timestamp() WHERE next_try_at IS NOT NULL")
        assert house.hears(known["subject"])
        assert eventually(lambda: _row(house, unknown).early_attempts > 2)
        house.rows(
            "UPDATE held SET next_try_at = clock_timestamp(), early_attempts = %(most)s WHERE event_id = %(id)s",
            most=len(failures.UNKNOWN_TYPE_PAUSES),
            id=unknown["id"],
        )
        assert eventually(lambda: _row(house, unknown).next_try_at is None)
    with house.database.transaction() as tx:
        assert UUID(unknown["id"]) in {row.event_id for row in retry_queue.parked(tx)}


def test_the_command_lists_what_waits_or_what_is_parked(house: SampleHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    late, bad = an_event(RATED), an_event(RATED)
    with house.database.transaction() as tx:
        retry_queue.hold(tx, [(Envelope.load(late), wire(late))], "its cause has not come", FailureKind.NOT_YET)
        retry_queue.hold(tx, [(Envelope.load(bad), wire(bad))], "it never can", FailureKind.REJECTED)
    monkeypatch.setattr("services.commands.parked.SERVICES", [NAME])
    settings = {setting_of(NAME): house.database.url, "COLUMNS": "200"}

    def row_of(event: dict[str, Any], *options: str) -> list[str]:
        """The cells of the event's row in the table; none where it is not listed."""
        shown = CliRunner().invoke(main, ["parked", "list", *options], env=settings, catch_exceptions=False).output
        return next(([*map(str.strip, line.split("│"))] for line in shown.splitlines() if event["id"] in line), [])

    next_try_at = _row(house, late).next_try_at.isoformat(timespec="seconds")
    assert row_of(late, "--waiting")[3:7] == [RATED, next_try_at, "1", "its cause has not come"]
    assert not row_of(bad, "--waiting")
    assert row_of(bad)[5:7] == ["1", "it never can"]
    assert not row_of(late)
