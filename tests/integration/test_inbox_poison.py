"""What is no event, or comes with headers that lie: parked and counted, or ignored; fatal to nobody."""

from typing import Any
from uuid import uuid4

import pytest

from services.plumbing.messaging import retry_queue
from tests.stack.eventually import eventually
from tests.stack.sample_house import SampleHouse, an_event, wire, written
from tests.stack.services import ServiceProcess


def _is_alive(house: SampleHouse, service: ServiceProcess) -> bool:
    return house.hears(written(service)) and service.runs


_POISON = {
    "no JSON": b"{",
    "nothing": b"",
    "bad UTF-8": b'{"id": "\xff\xfe"}',
    "deep nesting": b"[" * 100_000 + b"]" * 100_000,
    "a huge integer": b'{"data": ' + b"9" * 50_000 + b"}",
    "a number": b"7",
    "a list": b"[]",
    "no id": wire(an_event(), id=None),
    "an id that is none": wire(an_event(), id="42"),
    "an unknown type of somebody else's": wire(an_event(), type="note.torn.v1", source="/elsewhere"),
    "an unknown type of nobody's": wire(an_event(), type="note.torn.v1", source=None),
    "another house's envelope": wire(an_event(), specversion="2.0"),
    "a type that another service hears, from elsewhere": wire(an_event(), type="ticket.closed.v1", source="/elsewhere"),
    "no time": wire(an_event(), time=None),
    "a naive time": wire(an_event(), time="2025-01-24T09:00:00"),
    "data that are none": wire(an_event(), data="a note"),
    "data without a field": wire(an_event(), data={"center": "BC", "ticket_id": str(uuid4())}),
    "a field of another kind": wire(an_event(serial="x")),
    "a NUL": wire(an_event(text="a\x00b")),
    "half a surrogate pair": wire(an_event(text="\ud83d")),
    "NaN": wire(an_event(serial=float("nan"))),
}


def test_what_is_no_event_is_parked_and_counted_once(house: SampleHouse, service: ServiceProcess) -> None:
    """nameko acks an undecodable body, and it is lost (pitfalls, nameko, 3)."""
    before = service.metric("bancheng_events_handled_total", outcome="parked")
    house.send(*_POISON.values())
    house.send(*_POISON.values())
    assert eventually(lambda: house.count("held") >= len(_POISON))
    assert _is_alive(house, service)
    kept = {bytes(row.body): row.error for row in house.rows("SELECT body, error FROM held WHERE next_try_at IS NULL")}
    assert {name for name, body in _POISON.items() if body not in kept} == set()
    assert len(kept) == len(_POISON)
    assert "a\x00b" not in "".join(kept.values())
    assert service.metric("bancheng_events_handled_total", outcome="parked") - before == len(_POISON)
    house.rows("DELETE FROM held")


@pytest.mark.parametrize(
    "properties",
    [
        {"application_headers": {"nameko.call_id_stack": "not a list"}},
        {"application_headers": {"nameko.call_id_stack": {"a": 1}, "nameko.language": [[]]}},
        {"application_headers": {"compression": "application/x-gzip"}},
        {"application_headers": {"compression": "application/x-nonsense"}},
        {"content_encoding": "no-such-encoding"},
        {"content_encoding": "utf-16"},
        {"content_type": "application/x-python-serialize", "content_encoding": "binary"},
        {"content_type": "text/plain", "content_encoding": "latin-1"},
    ],
    ids=str,
)
def test_bad_headers_lose_nothing_and_kill_nobody(
    house: SampleHouse, service: ServiceProcess, properties: dict[str, Any]
) -> None:
    """A `nameko.call_id_stack` that is no list kills nameko's process (pitfalls, nameko, 4)."""
    event = an_event()
    house.send(wire(event), **properties)
    assert eventually(lambda: house.heard(event["subject"]) == [0] or house.count("held") == 1)
    assert _is_alive(house, service)
    house.rows("DELETE FROM held")


def test_a_parked_message_that_is_no_event_can_be_replayed_without_harm(
    house: SampleHouse, service: ServiceProcess
) -> None:
    house.send(b"still no event")
    assert eventually(lambda: house.count("held") == 1)
    with house.database.transaction() as tx:
        assert retry_queue.replay(tx, retry_queue.parked(tx)[0].event_id)
    assert eventually(lambda: house.count("held", "next_try_at IS NULL AND attempts > 1") == 1)
    assert _is_alive(house, service)
    house.rows("DELETE FROM held")
