"""By what an entry is found, which questions are the same, and what a case may say before everybody reads it."""

from typing import Any
from uuid import UUID

import pytest

from schemas.enums import Outcome
from schemas.errors import Conflict, Invalid, Refused
from services.knowledge.actions import speech
from services.knowledge.rules.asking import EntryWords, asked_terms
from services.knowledge.rules.case import departments_in, ensure_impersonal, ensure_solved
from services.knowledge.rules.lacking import asked_often
from services.knowledge.rules.sounds import sounds_in
from services.knowledge.rules.ticket import KnownTicket
from services.knowledge.rules.weighing import TITLE_TIMES, term_of, terms_in, times_in
from services.plumbing.http.replies import RequestRejected
from services.plumbing.http.uploads import Upload
from services.privacy.personal_data import no_pause

SOLVED = KnownTicket(
    UUID(int=1),
    "BC",
    "BC-1",
    lead="SWJ",
    assisting=("ZJJ", "SWJ"),
    answered_round=1,
    closed_round=1,
    outcome=Outcome.RESOLVED,
)


def test_an_entry_is_found_by_all_its_wordings_and_its_answer() -> None:
    words, *_ = EntryWords("公积金怎么提取", ("取公积金",), "带身份证到二楼").terms(7)
    assert words[term_of(7, "公积")] == TITLE_TIMES + 1
    assert words[term_of(7, "身份")] == 1
    assert term_of(8, "公积") not in words


def test_what_is_heard_wrongly_sounds_the_same() -> None:
    assert sounds_in(7, "公积金提取") == sounds_in(7, "工机今题曲")
    assert sounds_in(7, "公积金") != sounds_in(7, "公积经")
    assert sounds_in(7, "A1区", 3).total() == 6
    assert not sounds_in(7, "公积金").keys() & terms_in(7, times_in("", "公积金")).keys()
    (words, _), (sounds, _) = asked_terms(7, "工机金提取")
    asked = EntryWords("公积金怎么提取", (), "").terms(7)
    assert [len(terms.keys() & known.keys()) for terms, known in zip((words, sounds), asked, strict=True)] == [1, 3]


def test_what_is_asked_often_in_whatever_words_is_one_question() -> None:
    asked = ["电子发票怎么作废", "养狗要办什么证", "电子发票如何作废", "作废电子发票", "居住证", "养狗要证吗"]
    often = list(asked_often(dict.fromkeys(times_in("", each), 1.0) for each in asked))
    assert often == [[0, 2, 3]]


@pytest.mark.parametrize("text", ["", "？！", "发"])
def test_a_question_of_nothing_is_no_group(text: str) -> None:
    assert list(asked_often([dict.fromkeys(times_in("", text), 1.0)] * 5)) == []


def test_only_what_is_resolved_is_learnt_from() -> None:
    ensure_solved(SOLVED)
    changes: tuple[dict[str, Any], ...] = (
        {"outcome": Outcome.EXPLAINED},
        {"round": 2},
        {"ended": True},
        {"closed_round": 0},
    )
    for change in changes:
        with pytest.raises(Conflict):
            ensure_solved(SOLVED._replace(**change))
    assert departments_in(SOLVED) == ("SWJ", "ZJJ")


@pytest.mark.parametrize(
    "left", ["电话13812348000", "11010519491231002X", "a@example.com", "京A12345", "微信号abc12345"]
)
def test_what_is_left_of_somebody_is_named_by_its_field(left: str) -> None:
    with pytest.raises(Invalid) as refused:
        ensure_impersonal({"title": "发票", "answer": f"已办结，{left}。"}, no_pause)
    assert refused.value.field == "answer"
    assert left not in str(refused.value)
    ensure_impersonal({"answer": "请拨打0591-87654321咨询，或找张**。"}, no_pause)


def test_without_a_recogniser_people_are_told_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BANCHENG_SPEECH_URL", raising=False)
    speech.recogniser.cache_clear()
    with pytest.raises((RequestRejected, Refused)) as refused:
        speech.transcribed(Upload(b"OggS", "audio/ogg"), "")
    assert getattr(refused.value, "status", None) == 503
    assert "type the question" in str(refused.value)
