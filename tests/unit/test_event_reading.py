"""Whatever stands in a message, reading it gives an event or says that it is unreadable, and nothing else."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import schemas.events.assignments
import schemas.events.deadlines
import schemas.events.decisions
import schemas.events.notices
import schemas.events.tickets  # noqa: F401  all declare events
from schemas.events.event import VOCABULARY, UnreadableEvent, parse, split_batch
from services.plumbing.http.strict_json import BadJson
from services.plumbing.http.strict_json import parse as parse_json

_anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(), max_size=20)
    | st.sampled_from(["2025-01-24T09:00:00+08:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
    | st.uuids().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_HEAD: dict[str, Any] = {
    "specversion": "1.0",
    "id": "01949526-ab40-7e33-b4a6-5e4ef1d3a0c7",
    "source": "/bancheng/intake",
    "subject": "x",
    "time": "2025-01-24T09:00:00+08:00",
    "center": "BC",
    "correlationid": "01949526-ab40-7e33-b4a6-5e4ef1d3a0c7",
}


@given(st.binary(max_size=200))
def test_bytes_are_an_event_or_unreadable(body: bytes) -> None:
    with suppress(UnreadableEvent):
        [parse(said) for said in split_batch(body)]


@given(st.sampled_from([*_HEAD, "type", "data"]), _anything)
def test_an_envelope_with_anything_in_a_field_is_an_event_or_unreadable(field: str, value: Any) -> None:
    envelope = _HEAD | {"type": "ticket.withdrawn.v1", "data": {}} | {field: value}
    with suppress(UnreadableEvent):
        [parse(said) for said in split_batch(json.dumps(envelope).encode())]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_an_event_with_anything_in_its_fields_is_an_event_or_unreadable(data: st.DataObject) -> None:
    declared = data.draw(st.sampled_from([VOCABULARY[type_] for type_ in sorted(VOCABULARY)]))
    fields = list(declared.schema().fields)
    said = data.draw(st.dictionaries(st.sampled_from(fields), _anything, max_size=len(fields)))
    with suppress(UnreadableEvent):
        [parse(said) for said in split_batch(json.dumps(_HEAD | {"type": declared.TYPE, "data": said}).encode())]


@given(_anything)
def test_what_strict_json_lets_in_can_be_written_and_stored(value: Any) -> None:
    with suppress(BadJson):
        again = json.dumps(parse_json(json.dumps(value).encode()), ensure_ascii=False, allow_nan=False).encode("utf-8")
        assert b"\\u0000" not in again.replace(b"\\\\", b"")


_spaces = st.text(alphabet=" \t\r\n", max_size=3)


@given(st.lists(st.tuples(_spaces, _anything.map(json.dumps), _spaces), min_size=1, max_size=5))
def test_a_batch_is_unpacked_as_json_reads_it_and_each_text_is_kept(written: list[tuple[str, str, str]]) -> None:
    body = f" [{','.join(before + text + after for before, text, after in written)}] ".encode()
    assert repr([said.value for said in split_batch(body)]) == repr(json.loads(body))
    assert [said.text for said in split_batch(body)] == [text for _before, text, _after in written]


@pytest.mark.parametrize("body", ["[]", "[", "[1", "[1,", "[1,]", "[,1]", "[1[2]]", "[1 2]", "[1],", "[1]]", "[1][2]"])
def test_a_batch_that_is_no_list_of_something_is_unreadable(body: str) -> None:
    with pytest.raises(UnreadableEvent, match="not JSON"):
        split_batch(body.encode())
