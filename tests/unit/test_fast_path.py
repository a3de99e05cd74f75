"""The quick way to read a record and marshmallow's agree: on every value that the quick way takes at all."""

import copy
import json
from pathlib import Path
from typing import Any

import marshmallow
import pytest
from hypothesis import given
from hypothesis import strategies as some

from schemas.record.fast_path import FallBack
from schemas.record.record import Record
from schemas.registry import VOCABULARY
from tests.stack.envelopes import the_event

SAMPLES = sorted((Path(__file__).parents[1] / "contract" / "samples").glob("*.json"))
DATA = {sample.stem: json.loads(sample.read_text(encoding="utf-8"))["data"] for sample in SAMPLES}
ODD: list[Any] = [
    *(None, True, 0, 1, -1, 1.0, 1.5, 10**30, [], ["x"], {}, {"x": 1}),
    *("", "x", "1", "answer", "\x00", "\ud800", "2025-01-24", "2025-01-24T10:00:00"),
    *("2025-01-24T10:00:00+08:00", "2025-01-24T10:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
    *("0194973f-7c00-7000-8000-000000000001", "{0194973f-7c00-7000-8000-000000000001}"),
]


def slow(kind: type[Record], data: Any) -> Record | None:
    """What marshmallow makes of ``data``; None if it refuses."""
    try:
        loaded: Record = kind.schema().load(data)
    except marshmallow.ValidationError:
        return None
    return loaded


def quick(kind: type[Record], data: Any) -> Record | None:
    """What the quick way makes of ``data``; None if it leaves it to marshmallow."""
    try:
        return kind._load_plain(data)
    except (FallBack, ValueError, marshmallow.ValidationError):
        return None


@pytest.mark.parametrize("type_", sorted(DATA.keys() - {"center.published.v1"}))  # a center has times of day
def test_every_sample_is_read_the_quick_way_and_the_same(type_: str) -> None:
    kind = VOCABULARY[type_]
    assert quick(kind, DATA[type_]) == slow(kind, DATA[type_]) is not None


@given(some.sampled_from(sorted(DATA)), some.data())
def test_what_the_quick_way_takes_marshmallow_takes_for_the_same(type_: str, chosen: some.DataObject) -> None:
    kind, data = VOCABULARY[type_], copy.deepcopy(DATA[type_])
    for name in chosen.draw(some.lists(some.sampled_from(sorted(data)), max_size=3, unique=True)):
        data[name] = chosen.draw(some.sampled_from(ODD))
    taken = quick(kind, data)
    assert taken is None or taken == slow(kind, data)


def test_what_is_wrong_is_still_named() -> None:
    envelope = json.loads(SAMPLES[0].read_text(encoding="utf-8"))
    with pytest.raises(marshmallow.ValidationError) as refused:
        VOCABULARY["ticket.closed.v1"].load(DATA["ticket.closed.v1"] | {"outcome": "lost", "round": "1"})
    assert set(refused.value.normalized_messages()) == {"outcome", "round"}
    assert the_event(json.dumps(envelope).encode()).envelope.specversion == "1.0"
