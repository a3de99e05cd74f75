"""Check digits and the plain form of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import is_credit_code, is_id_number, plain, plain_phone


def test_an_id_number_needs_its_check_digit_and_a_possible_birth_date() -> None:
    assert is_id_number("11010519491231002X")
    assert not is_id_number("110105194912310021")
    assert not is_id_number("110105194913310021")
    assert not is_id_number("11010519491231002x")


def test_a_credit_code_needs_its_check_digit() -> None:
    assert is_credit_code("91350100M000100Y43")
    assert not is_credit_code("91350100M000100Y44")
    assert not is_credit_code("91350100M000100Y4")
    assert not is_credit_code("91350100I000100Y43")


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_mistyped_character_of_an_id_number_is_noticed(place: int, digit: str) -> None:
    number = "11010519491231002X"
    mistyped = number[:place] + digit + number[place + 1 :]
    assert is_id_number(mistyped) == (mistyped == number)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13812348000", "13812348000"),
        ("+86 138-1234-8000", "13812348000"),
        ("0086 13812348000", "13812348000"),
        ("１３８ １２３４ ８０００", "13812348000"),
        ("0591-87654321", "0591-87654321"),
        ("(010) 8765 4321", "010-87654321"),
        ("+86 591 8765 4321", "0591-87654321"),
        ("0591-87654321-123", "0591-87654321-123"),
        ("0591-87654321 转 123", "0591-87654321-123"),
        ("87654321", "87654321"),
        ("400-123-4567", "4001234567"),
        ("12345", None),
        ("12812348000", None),
        ("138123480001", None),
        ("phone", None),
        ("", None),
    ],
)
def test_a_phone_is_stored_in_one_form(typed: str, stored: str | None) -> None:
    assert plain_phone(typed) == stored


@given(st.text(max_size=30))
def test_a_plain_phone_stays_as_it_is(text: str) -> None:
    phone = plain_phone(text)
    assert phone is None or plain_phone(phone) == phone


def test_a_plain_number_has_no_separators_and_no_full_width_digits() -> None:
    assert plain("１１０１０５ 1949-1231·002x") == "11010519491231002X"
