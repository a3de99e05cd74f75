"""The batch in hand: acked when all parts of the work are done, and not when one has failed."""

from typing import NamedTuple

import eventlet
import pytest

from services.plumbing.messaging.batches import InFlight


class Delivered(NamedTuple):
    """A message of the in-process broker, which notes that it was acked."""

    acked: list[str]
    name: str

    def ack(self) -> None:
        """It will not be delivered again."""
        self.acked.append(self.name)


class InProcess(NamedTuple):
    """A link that has no heartbeats, as that of the in-process broker."""

    supports_heartbeats: bool = False


def test_a_batch_is_acked_when_all_of_its_parts_are_done() -> None:
    acked: list[str] = []
    done: list[str] = []

    def slow() -> None:
        eventlet.sleep(0.01)
        done.append("slow")

    in_flight = InFlight(InProcess())
    in_flight.begin([Delivered(acked, "a"), Delivered(acked, "b")], [slow, lambda: done.append("quick")])
    assert not in_flight.is_empty
    assert (done, acked) == (["quick"], [])
    in_flight.finish()
    assert (done, acked) == (["quick", "slow"], ["a", "b"])
    assert in_flight.is_empty


def test_a_partition_that_fails_acks_nothing_when_the_others_are_done() -> None:
    acked: list[str] = []
    done: list[str] = []

    def failing() -> None:
        raise ConnectionError("away")

    def slow() -> None:
        eventlet.sleep(0.01)
        done.append("slow")

    in_flight = InFlight(InProcess())
    in_flight.begin([Delivered(acked, "a")], [failing, slow])
    with pytest.raises(ConnectionError, match="away"):
        in_flight.finish()
    assert (done, acked) == (["slow"], [])
    assert in_flight.is_empty


def test_with_nothing_in_hand_there_is_nothing_to_finish() -> None:
    in_flight = InFlight(InProcess())
    in_flight.finish()
    assert in_flight.is_empty
