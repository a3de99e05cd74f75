"""What was once said must stay readable: a sample is added for each event and version, and never edited."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.events.event import CONTENT_TYPE, Envelope, UnreadableEvent
from schemas.registry import VOCABULARY
from tests.stack.envelopes import the_event

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))


def as_far_as_both(one: Any, other: Any) -> Any:
    """What one says of that which the other says too: fields that came later or are gone say nothing."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: as_far_as_both(value, other[name]) for name, value in one.items() if name in other}
    return one


def test_every_event_has_a_sample() -> None:
    said = {type_ for type_, declared in VOCABULARY.items() if declared.__module__.startswith("schemas.")}
    assert {sample.stem.split("#")[0] for sample in SAMPLES} >= said


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_stored_sample_is_still_understood(sample: Path) -> None:
    delivery = the_event(sample.read_bytes())
    said = json.loads(sample.read_text(encoding="utf-8"))["data"]
    assert type(delivery.event) is VOCABULARY[delivery.envelope.type]
    heard = delivery.event.dump()
    assert as_far_as_both(heard, said) == as_far_as_both(said, heard)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_newer_writer_may_say_more(sample: Path) -> None:
    envelope = json.loads(sample.read_text(encoding="utf-8"))
    envelope["data"]["of_a_later_time"] = 1
    envelope["ofalatertime"] = "x"
    assert the_event(json.dumps(envelope).encode()).envelope.id == Envelope.load(envelope).id


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_is_a_cloud_event(sample: Path) -> None:
    envelope = json.loads(sample.read_text(encoding="utf-8"))
    assert envelope["specversion"] == "1.0"
    assert envelope["source"].startswith("/bancheng/")
    assert envelope["datacontenttype"] == "application/json"
    assert all(name.isalnum() and name == name.lower() for name in envelope)
    assert CONTENT_TYPE == "application/cloudevents+json"


def test_an_event_of_an_unknown_version_is_unreadable() -> None:
    envelope = json.loads(SAMPLES[0].read_text(encoding="utf-8")) | {"type": "ticket.registered.v99"}
    with pytest.raises(UnreadableEvent, match="type"):
        the_event(json.dumps(envelope).encode())


def test_a_naive_time_in_an_event_is_unreadable_and_named() -> None:
    envelope = json.loads((Path(__file__).parent / "samples" / "ticket.registered.v1.json").read_text(encoding="utf-8"))
    envelope["data"]["registered_at"] = "2025-01-24T10:00:00"
    with pytest.raises(UnreadableEvent, match="registered_at"):
        the_event(json.dumps(envelope).encode())
