"""What orjson lets pass is found by counting names and colons: no text, whatever stands in it, upsets the count."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.plumbing.http.strict_json import DEPTH, BadJson, parse

TEXTS = st.text(alphabet=st.sampled_from('a:"\\{}[],/\n长\U0001f600 0'), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_what_is_json_is_read_as_it_stands(value: Any, is_ascii: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=is_ascii).encode()) == value


@given(TEXTS, VALUES, VALUES)
def test_a_name_that_comes_twice_is_found_wherever_it_stands(name: str, first: Any, second: Any) -> None:
    escaped = "".join(f"\\u{ord(character):04x}" if ord(character) < 0xFFFF else character for character in name)
    with pytest.raises(BadJson, match="same name twice"):
        parse(f'[{{"x": {{{json.dumps(name)}: {json.dumps(first)}, "{escaped}": {json.dumps(second)}}}}}]'.encode())


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, 10**30])
def test_an_integer_beyond_64_bits_is_refused(number: int) -> None:
    for text in (f"{number}", f'{{"a":{number}}}', f"[1,{number} ]"):
        with pytest.raises(BadJson, match="too large"):
            parse(text.encode())


@pytest.mark.parametrize("text", ['"9223372036854775808"', "1.9223372036854775808", "9223372036854775807", "1e20"])
def test_long_digits_that_are_no_large_integer_are_let_in(text: str) -> None:
    assert parse(text.encode()) == json.loads(text)


def test_nesting_is_counted_by_what_holds_something() -> None:
    assert parse(b"[" * DEPTH + b"]" * DEPTH)
    with pytest.raises(BadJson, match="nested too deeply"):
        parse(b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1))
