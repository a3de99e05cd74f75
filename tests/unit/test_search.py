"""By what tickets are found."""

import pytest

from schemas.errors import Invalid
from services.routing.rules.lists import Search, search_for, terms_of
from services.text_pairs import READ


def finds(wanted: str, text: str, title: str = "发票开不出来") -> bool:
    """Whether a ticket with this text is found, by its terms and then by its words."""
    search = asked(wanted)
    return set(search.terms) <= set(terms_of(title, text)) and search.fits(title, text)


def asked(wanted: str) -> Search:
    return search_for(wanted, "BC", 2025)


def test_words_of_the_title_and_of_the_text_are_found() -> None:
    assert finds("公积金", "提取公积金被退回")
    assert finds("发票 公积金", "提取公积金被退回")
    assert not finds("社保", "提取公积金被退回")


def test_pairs_that_do_not_stand_side_by_side_are_no_word() -> None:
    assert not finds("公积金", "公积，积金")


def test_all_ways_to_write_the_same_are_one() -> None:
    assert finds("ａｐｐ", "政务APP打不开")
    assert finds("㎏12", "重量kg12")


def test_punctuation_divides_and_does_not_matter() -> None:
    assert finds("养老金，停发", "停发了养老金")
    assert not finds("养老金停发", "养老金，停发")


@pytest.mark.parametrize("wanted", ["BC-20250124-0007", "bc-20250124-0007", " 20250124-0007"])
def test_a_number_is_asked_for_whole(wanted: str) -> None:
    assert asked(wanted) == Search(numbers=("BC-20250124-0007",))


def test_a_number_without_its_year_is_of_this_year_or_the_last() -> None:
    assert asked("0124-0007").numbers == ("BC-20250124-0007", "BC-20240124-0007")


@pytest.mark.parametrize("wanted", ["XX-20250124-0007", "0007", "24-0007", "BC-20250124"])
def test_what_is_no_number_of_the_center_is_looked_for_as_words(wanted: str) -> None:
    assert asked(wanted).pieces
    assert not asked(wanted).numbers


@pytest.mark.parametrize("wanted", ["税", "a", "，。", "a b 税"])
def test_single_characters_are_too_little_to_search_for(wanted: str) -> None:
    with pytest.raises(Invalid) as refusal:
        asked(wanted)
    assert refusal.value.field == "search"


def test_a_hostile_text_makes_no_more_terms_than_an_honest_one() -> None:
    assert len(terms_of("", "\ufdfa" * 20_000)) < READ
    assert len(terms_of("", "".join(map(chr, range(0x4E00, 0x4E00 + 20_000))))) < READ
