"""How a batch is divided: in partitions side by side, among handlers causes first, a subject's own order always."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from schemas.events.event import Delivery, Envelope, RawEvent
from schemas.events.tickets import TicketWithdrawn
from services.plumbing.messaging.batches import (
    PARTITIONS,
    SMALLEST_PARTITION,
    group_by_handler,
    parallel_partitions,
)

_TYPES = ("cause", "effect", "echo")


def _delivery(subject: str, type_: str, number: int) -> Delivery:
    moment = datetime(2025, 1, 24, 9, tzinfo=UTC)
    envelope = Envelope(
        specversion="1.0",
        source="/bancheng/intake",
        id=uuid4(),
        type=type_,
        subject=subject,
        time=moment,
        center="BC",
        correlationid=uuid4(),
        data={},
    )
    event = TicketWithdrawn(center="BC", ticket_id=uuid4(), withdrawn_at=moment)
    return Delivery(event, envelope, RawEvent(str(number), None))


def _deliveries(*said: tuple[str, str]) -> list[Delivery]:
    return [_delivery(subject, type_, number) for number, (subject, type_) in enumerate(said)]


def _numbers(deliveries: Iterable[Delivery]) -> list[int]:
    return [int(delivery.raw.text) for delivery in deliveries]


_place: Callable[[str], int] = _TYPES.index


def test_causes_are_handled_before_effects_in_one_group_each() -> None:
    deliveries = _deliveries(("a", "effect"), ("b", "cause"), ("c", "effect"), ("d", "cause"))
    assert [_numbers(group) for group in group_by_handler(deliveries, _place)] == [[1, 3], [0, 2]]


def test_an_effect_before_a_cause_of_the_same_subject_keeps_its_place() -> None:
    deliveries = _deliveries(("a", "effect"), ("a", "cause"))
    assert [_numbers(group) for group in group_by_handler(deliveries, _place)] == [[0], [1]]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(_TYPES)), max_size=60))
def test_no_event_is_lost_and_no_subjects_order_is_changed(said: list[tuple[str, str]]) -> None:
    deliveries = _deliveries(*said)
    handled = [delivery for group in group_by_handler(deliveries, _place) for delivery in group]
    assert sorted(_numbers(handled)) == _numbers(deliveries)
    for subject in "abcd":
        own = _numbers([delivery for delivery in handled if delivery.envelope.subject == subject])
        assert own == sorted(own)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(_TYPES)), max_size=60))
def test_a_group_is_of_one_handler(said: list[tuple[str, str]]) -> None:
    groups = group_by_handler(_deliveries(*said), _place)
    assert all(len({delivery.envelope.type for delivery in group}) == 1 for group in groups)


@given(st.lists(st.integers(0, 9), min_size=PARTITIONS * SMALLEST_PARTITION, max_size=300))
def test_what_is_about_one_subject_stays_in_one_partition_and_in_order(subjects: list[int]) -> None:
    parallel = parallel_partitions(_deliveries(*((str(subject), "cause") for subject in subjects)))
    assert len(parallel) == PARTITIONS
    assert sorted(number for partition in parallel for number in _numbers(partition)) == list(range(len(subjects)))
    assert all(_numbers(partition) == sorted(_numbers(partition)) for partition in parallel)
    subjects_of = [{delivery.envelope.subject for delivery in partition} for partition in parallel]
    assert not set.intersection(*subjects_of)


def test_a_small_batch_is_not_divided() -> None:
    deliveries = _deliveries(*((str(number), "cause") for number in range(PARTITIONS * SMALLEST_PARTITION - 1)))
    assert parallel_partitions(deliveries) == [deliveries]


def test_a_batch_with_something_about_a_whole_center_is_not_divided() -> None:
    """A reconciliation that was answered beside the registrations that it names would take them for lost."""
    deliveries = _deliveries(*((str(number), "cause") for number in range(300)), ("BC", "effect"))
    assert parallel_partitions(deliveries) == [deliveries]
