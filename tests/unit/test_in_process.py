"""Without a broker events travel inside the process: who waits is woken by what is published, and rests until then."""

import threading
from typing import Any

import pytest

from services.plumbing.messaging import broker
from services.plumbing.messaging.publisher import Message, Publisher

URI = "memory://"


def _consumed(link: Any, into: list[Any]) -> Any:
    broker.declare(link, {"listening": ["note.written.v1"]})
    channel = link.channel()
    channel.basic_consume(broker.queue_of("listening").name, no_ack=True, callback=into.append, consumer_tag="1")
    return channel


def _publish(id_: str) -> None:
    with broker.connected(URI) as link:
        Publisher(link).publish([Message(id_, "note.written.v1", b"{}", "application/json", ("listening",))])


def test_who_waits_is_woken_by_what_is_published() -> None:
    heard: list[Any] = []
    with broker.connected(URI) as link:
        _consumed(link, heard)
        publishing = threading.Timer(0.1, _publish, ["a"])
        publishing.start()
        broker.drain(link, seconds=20)  # without being woken, this would raise
        publishing.join()
    assert len(heard) == 1


def test_a_reader_that_comes_first_makes_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    with broker.connected(URI) as link:
        channel = link.channel()
        monkeypatch.setattr(channel.state, "exchanges", {})
        broker.declare_queue(channel, "first", ["note.written.v1"])
        assert broker.EXCHANGE.name in channel.state.exchanges


def test_who_waits_in_vain_looks_twice_and_no_more() -> None:
    looks = []

    class Link:
        connection = None

        def drain_events(self, timeout: float) -> None:
            looks.append(timeout)
            raise TimeoutError

    with pytest.raises(TimeoutError):
        broker.drain(Link(), seconds=0.2)
    assert looks == [0, 0]


def test_what_came_before_the_wait_is_not_waited_for() -> None:
    heard: list[Any] = []
    with broker.connected(URI) as link:
        _consumed(link, heard)
        _publish("b")
        broker.drain(link, seconds=20)
    assert len(heard) == 1
