"""How a batch is shared out among handlers: causes first where that is free, a subject's own order always."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from schemas.event import Delivery, Envelope
from schemas.tickets import TicketWithdrawn
from services.plumbing.handling import Message, reason_of, shares

_TYPES = ("cause", "effect", "echo")


def _message(subject: str, type_: str, number: int) -> Message:
    moment = datetime(2025, 1, 24, 9, tzinfo=UTC)
    envelope = Envelope(
        specversion="1.0",
        id=uuid4(),
        type=type_,
        subject=subject,
        time=moment,
        center="BC",
        correlationid=uuid4(),
        data={},
    )
    event = TicketWithdrawn(center="BC", ticket_id=uuid4(), withdrawn_at=moment)
    return str(number).encode(), Delivery(event, envelope)


def _messages(*said: tuple[str, str]) -> list[Message]:
    return [_message(subject, type_, number) for number, (subject, type_) in enumerate(said)]


_place: Callable[[str], int] = _TYPES.index


def test_causes_are_handled_before_effects_in_one_share_each() -> None:
    messages = _messages(("a", "effect"), ("b", "cause"), ("c", "effect"), ("d", "cause"))
    assert [[body for body, _ in share] for share in shares(messages, _place)] == [[b"1", b"3"], [b"0", b"2"]]


def test_an_effect_before_a_cause_of_the_same_subject_keeps_its_place() -> None:
    messages = _messages(("a", "effect"), ("a", "cause"))
    assert [[body for body, _ in share] for share in shares(messages, _place)] == [[b"0"], [b"1"]]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(_TYPES)), max_size=60))
def test_no_message_is_lost_and_no_subjects_order_is_changed(said: list[tuple[str, str]]) -> None:
    messages = _messages(*said)
    handled = [message for share in shares(messages, _place) for message in share]
    assert sorted(handled, key=lambda message: int(message[0])) == messages
    for subject in "abcd":
        own = [int(body) for body, delivery in handled if delivery.envelope.subject == subject]
        assert own == sorted(own)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(_TYPES)), max_size=60))
def test_a_share_is_of_one_handler(said: list[tuple[str, str]]) -> None:
    assert all(len({message[1].envelope.type for message in share}) == 1 for share in shares(_messages(*said), _place))


@given(st.text(alphabet=st.characters(), max_size=600))
def test_an_errors_text_can_always_be_stored(text: str) -> None:
    reason = reason_of(ValueError(f"\x00\ud800{text}"))
    assert "\x00" not in reason
    assert reason.encode("utf-8")
    assert reason.startswith("ValueError: ")
    assert len(reason) <= 500
