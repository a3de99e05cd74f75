"""What the inbox makes of what it is sent: each event once, what fails held and parked, nothing lost, nothing fatal."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.plumbing.messaging import failures, retry_queue
from tests.stack.eventually import eventually
from tests.stack.sample_house import RATED, WRITTEN, SampleHouse, an_event, wire, written
from tests.stack.services import ServiceProcess


@pytest.fixture
def unbearable(house: SampleHouse) -> Iterator[str]:
    """A text that the handler fails on until the test is over, or until the row is deleted."""
    text = f"unbearable {uuid4()}"
    house.rows("INSERT INTO unbearable VALUES (%(text)s)", text=text)
    yield text
    house.rows("DELETE FROM unbearable")
    house.rows("DELETE FROM held")


def _held(house: SampleHouse, event_id: str) -> Any:
    found = house.rows("SELECT * FROM held WHERE event_id = %(id)s", id=event_id)
    return found[0] if found else None


def _is_parked(house: SampleHouse, event_id: str) -> bool:
    row = _held(house, event_id)
    return row is not None and row.next_try_at is None


def _try_now(house: SampleHouse, event_id: str) -> None:
    """Let real time pass for a held event."""
    house.rows(
        "UPDATE held SET next_try_at = clock_timestamp() WHERE event_id = %(id)s AND next_try_at IS NOT NULL",
        id=event_id,
    )


def _is_alive(house: SampleHouse, service: ServiceProcess) -> bool:
    return house.hears(written(service)) and service.runs


def test_an_event_whose_handler_fails_is_held_and_tried_again(
    house: SampleHouse, service: ServiceProcess, unbearable: str
) -> None:
    """nameko acks a message whose handler raised: it is lost (pitfalls, nameko, 1)."""
    note_id = written(service, unbearable)
    assert eventually(lambda: house.count("held") == 1)
    assert house.rows("SELECT error, attempts FROM held")[0].error.startswith("Unbearable: unbearable")
    assert house.heard(note_id) == []
    house.rows("DELETE FROM unbearable")
    assert house.hears(note_id)
    assert eventually(lambda: house.count("held") == 0)


def test_an_event_that_keeps_failing_is_parked_and_can_be_replayed(
    house: SampleHouse, service: ServiceProcess, unbearable: str
) -> None:
    """`requeue_on_error` gives up within 10 ms (pitfalls, nameko, 1); ours takes minutes, here made shorter."""
    event = an_event(text=unbearable)
    house.send(wire(event))
    assert eventually(lambda: _held(house, event["id"]) is not None)
    for tries in range(2, len(failures.PAUSES) + 2):
        assert not _is_parked(house, event["id"])
        _try_now(house, event["id"])
        assert eventually(lambda tries=tries: _held(house, event["id"]).attempts == tries)  # type: ignore[misc]
    assert _is_parked(house, event["id"])
    assert eventually(lambda: service.metric("bancheng_events_parked", service="sample") == 1)
    logged = [line for line in service.log.splitlines() if "event parked" in line and event["id"] in line]
    assert len(logged) == 1
    assert unbearable not in logged[0]
    with house.database.transaction() as tx:
        (shown,) = retry_queue.parked(tx)
        assert str(shown.event_id) == event["id"]
        assert bytes(shown.body) == wire(event)
        assert shown.error.startswith("Unbearable: ")
        assert not retry_queue.replay(tx, uuid4())
        assert retry_queue.replay(tx, shown.event_id)
    assert eventually(lambda: _held(house, event["id"]).next_try_at is not None)
    house.rows("DELETE FROM unbearable")
    _try_now(house, event["id"])
    assert house.hears(event["subject"])
    assert eventually(lambda: house.count("held") == 0)


def test_a_parked_event_that_is_discarded_never_comes_back(house: SampleHouse, service: ServiceProcess) -> None:
    poison = f"not an event {uuid4()}".encode()
    house.send(poison)
    assert eventually(lambda: house.count("held") == 1)
    with house.database.transaction() as tx:
        (shown,) = retry_queue.parked(tx)
        retry_queue.release(tx, shown.event_id)
    house.send(poison)
    assert _is_alive(house, service)
    assert house.count("held") == 0


def test_one_bad_event_does_not_hold_up_the_others_of_its_batch(
    house: SampleHouse, service: ServiceProcess, unbearable: str
) -> None:
    """One of several failed and the others' success hid it (pitfalls, others' mistakes)."""
    good, bad = [an_event() for _ in range(30)], an_event(text=unbearable)
    house.send(*(wire(event) for event in [*good[:15], bad, *good[15:]]))
    assert all(house.hears(event["subject"]) for event in good)
    assert house.heard(bad["subject"]) == []
    assert _held(house, bad["id"]) is not None
    assert house.count("held") == 1


def test_of_a_batch_one_bad_event_is_held_and_what_is_no_event_is_parked(
    house: SampleHouse, service: ServiceProcess, unbearable: str
) -> None:
    good, bad = [an_event() for _ in range(5)], an_event(text=unbearable)
    nonsense = f'{{"no event": "{uuid4()}"}}'.encode()
    house.send(b"[%s]" % b", ".join([wire(bad), nonsense, *(wire(event) for event in good)]))
    assert all(house.hears(event["subject"]) for event in good)
    kept = {bytes(row.body): row.type for row in house.rows("SELECT body, type FROM held")}
    assert kept == {wire(bad): bad["type"], nonsense: None}
    house.rows("DELETE FROM unbearable")
    _try_now(house, bad["id"])
    assert house.hears(bad["subject"])


def test_an_event_that_takes_too_long_is_held_and_holds_up_nobody(
    house: SampleHouse, service: ServiceProcess, unbearable: str
) -> None:
    """A statement's timeout looks like a fault of the database, but trying again at once would go on for ever."""
    house.rows("UPDATE unbearable SET is_slow = true")
    slow, good = an_event(text=unbearable), an_event()
    house.send(wire(slow), wire(good))
    assert house.hears(good["subject"])
    assert eventually(lambda: _held(house, slow["id"]) is not None)
    _try_now(house, slow["id"])
    assert eventually(lambda: _held(house, slow["id"]).attempts > 1)
    assert "QueryCanceled" in _held(house, slow["id"]).error


def test_an_event_that_overtakes_its_cause_is_tried_again_soon(house: SampleHouse, service: ServiceProcess) -> None:
    note_id = uuid4()
    effect, cause = an_event(RATED, note_id=note_id), an_event(note_id=note_id)
    house.send(wire(effect), type_=RATED)
    assert eventually(lambda: _held(house, effect["id"]) is not None)
    house.send(wire(cause))
    assert eventually(lambda: house.count("rated", "note_id = %(id)s", id=str(note_id)) == 1, seconds=4)
    assert house.count("held") == 0


def test_an_event_that_is_delivered_twice_takes_effect_once(house: SampleHouse, service: ServiceProcess) -> None:
    """After a broker's crash the message in flight runs twice (pitfalls, nameko)."""
    event = an_event()
    house.send(*[wire(event)] * 7)
    house.send(wire(event))
    assert house.hears(event["subject"])
    assert _is_alive(house, service)
    assert house.heard(event["subject"]) == [0]


def test_a_newer_writer_may_say_more(house: SampleHouse, service: ServiceProcess) -> None:
    event = an_event(mood="cheerful")
    house.send(wire(event, traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
    assert house.hears(event["subject"])


def test_what_an_event_led_to_carries_its_correlation(house: SampleHouse, service: ServiceProcess) -> None:
    with house.tap() as tap:
        written(service, events=3)
        assert eventually(lambda: len(tap.read()) == 3)
    assert len({envelope["correlationid"] for envelope in tap.envelopes}) == 1
    assert {json.dumps(envelope["type"]) for envelope in tap.envelopes} == {json.dumps(WRITTEN)}
    assert len({UUID(envelope["id"]) for envelope in tap.envelopes}) == 3
