"""Which earlier ticket of the same applicant a new one repeats, and how alike two texts are."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.rules.similarity import COMPARED, Earlier, pairs_of, repeat_of, similarity
from tests.builders import at

NOW = at("2025-01-24 09:00")
OLD, RECENT, LATEST = (UUID(int=number) for number in (1, 2, 3))


def alike(one: str, other: str) -> float:
    return similarity(pairs_of(one), pairs_of(other))


def test_the_same_complaint_in_other_punctuation_is_the_same() -> None:
    assert alike("不动产证 跑了三次，办不成！", "不动产证跑了三次办不成") == 1
    assert alike("ＡＢＣ", "abc") == 1


def test_another_complaint_is_another() -> None:
    assert alike("不动产证跑了三次办不成", "公积金提取被退回两回") == 0
    assert alike("", "") == 0
    assert alike("，。", "办") == 0
    assert alike("办", "办") == 1


@given(st.text(max_size=50), st.text(max_size=50))
def test_similarity_is_symmetric_and_within_bounds(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1


def test_what_is_compared_of_a_text_is_bounded_where_characters_expand() -> None:
    expanding = "".join("\ufdfa" + chr(0x4E00 + place) for place in range(1000))
    assert len(pairs_of(expanding)) < len(pairs_of("".join(chr(0x4E00 + place) for place in range(5000)))) < COMPARED


def test_the_latest_of_equally_similar_tickets_is_the_one_repeated() -> None:
    text = "不动产证跑了三次办不成"
    earlier = [
        Earlier(RECENT, text, NOW - timedelta(days=20)),
        Earlier(LATEST, text + "。", NOW - timedelta(days=2)),
        Earlier(OLD, text, NOW - timedelta(days=31)),
    ]
    assert repeat_of(pairs_of(text), earlier, NOW) == LATEST
    assert repeat_of(pairs_of(text), earlier[2:], NOW) is None
    assert repeat_of(pairs_of("公积金提取被退回两回"), earlier, NOW) is None


def test_a_now_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        repeat_of(pairs_of("text"), [], datetime.combine(date(2025, 1, 24), time(9)))
