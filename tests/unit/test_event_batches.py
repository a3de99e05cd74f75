"""Which events travel together: all of them, each subject's in their order, in packs of a bounded size."""

from hypothesis import given
from hypothesis import strategies as st

from services.plumbing.messaging.event_batches import MOST_BYTES, MOST_EVENTS, OutboxRow, event_batches
from tests.stack.envelopes import envelopes_in

_events = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", "z"])), max_size=60)


def _stored(*said: tuple[str, str], body: str = "{}") -> list[OutboxRow]:
    return [OutboxRow(seq, f"id-{seq}", type_, subject, body) for seq, (subject, type_) in enumerate(said)]


@given(_events)
def test_no_event_is_lost_and_no_subjects_order_is_changed(said: list[tuple[str, str]]) -> None:
    sent = [event for pack in event_batches(_stored(*said)) for event in pack.events]
    assert sorted(event.seq for event in sent) == list(range(len(said)))
    for subject in "abcd":
        own = [event.seq for event in sent if event.subject == subject]
        assert own == sorted(own)


@given(_events)
def test_a_pack_is_of_one_type(said: list[tuple[str, str]]) -> None:
    assert all({event.type for event in pack.events} == {pack.type} for pack in event_batches(_stored(*said)))


def test_what_each_ticket_says_in_the_same_order_takes_a_pack_a_type() -> None:
    said = [(str(ticket), type_) for ticket in range(20) for type_ in ("routed", "made", "noticed")]
    assert [(pack.type, len(pack.events)) for pack in event_batches(_stored(*said))] == [
        ("routed", 20),
        ("made", 20),
        ("noticed", 20),
    ]


def test_one_event_travels_as_it_is_and_several_as_a_list() -> None:
    (alone,) = event_batches(_stored(("a", "x"), body='{"n": "一"}'))
    assert alone.body().decode() == '{"n": "一"}'
    (together,) = event_batches(_stored(("a", "x"), ("b", "x"), body='{"n": "一"}'))
    assert envelopes_in(together.body()) == [{"n": "一"}, {"n": "一"}]
    assert together.id == "id-0"


def test_a_pack_holds_a_bounded_number_of_events_and_bytes() -> None:
    many = event_batches(_stored(*[("a", "x")] * (MOST_EVENTS + 1)))
    assert [len(pack.events) for pack in many] == [MOST_EVENTS, 1]
    large = event_batches(_stored(("a", "x"), ("b", "x"), ("c", "x"), body="x" * (MOST_BYTES // 2)))
    assert [len(pack.events) for pack in large] == [2, 1]
    huge = event_batches(_stored(("a", "x"), ("b", "x"), body="x" * (MOST_BYTES + 1)))
    assert [len(pack.events) for pack in huge] == [1, 1]
