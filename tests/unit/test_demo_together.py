"""What departments and leaders do together reads in the demonstration in one language a run as well."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.demo.sentence import Reply, Sentence, Words
from services.demo.sentences import TicketUpdate, sentences, signed_minutes
from services.wording import Language, Wording
from tests.routing_builders import a_city_center

CENTER = a_city_center()
LEADER = CENTER.roster.leaders[0]
HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
TICKET: dict[str, Any] = {
    "round": 1,
    "assisting": ["ZJJ", "GAJ"],
    "extensions": [{"working_days": 3}],
    "signatures": [{"round": 1, "department": "GAJ"}],
}
HAPPENED = {
    "progress.reported": "查到一半",
    "assignment.handed_over": f"{LEADER}, 由他办",
    "extension.requested": "等省局答复",
    "extension.refused": "先开会",
    "meeting.called": "2025-01-27T10:00:00+08:00, 三楼会议室",
    "meeting.held": "先办后税",
    "report.signed": None,
    "escalation.acknowledged": "answer",
}
SITTING = {"decisions": [{}, {}], "signed_by": LEADER, "handover": "请盯住路灯"}


def entry(what: str, **fields: Any) -> Reply:
    return {"what": what, "department": "SWJ", "by": LEADER, "text": HAPPENED[what]} | fields


def told(language: Language, *entries: Reply, **ticket: Any) -> list[Sentence]:
    update = TicketUpdate(entries, TICKET | ticket, (), None, {})
    return list(sentences(update, Words(CENTER, Wording(language))))


def everything_told(language: Language) -> Iterator[Sentence]:
    for what in HAPPENED:
        yield from told(language, entry(what))
    yield from told(language, entry("report.signed"), assisting=["GAJ"])
    yield signed_minutes(SITTING, Words(CENTER, Wording(language)))


def nameless(text: str) -> str:
    names = {each.name for each in CENTER.departments.values()} | {*CENTER.departments}
    names |= {part for each in CENTER.staff.values() for part in (each.title, each.name)}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


@pytest.mark.parametrize(("language", "foreign"), [(Language.EN, HAN), (Language.ZH, LATIN_WORD)])
def test_what_is_done_together_is_told_in_one_language(language: Language, foreign: re.Pattern[str]) -> None:
    facts = [sentence.fact for sentence in everything_told(language)]
    assert len(facts) == len(HAPPENED) + 2
    assert not [fact for fact in facts if foreign.search(nameless(fact))]


def test_what_people_wrote_is_quoted_without_what_the_sentence_says() -> None:
    (handed,) = told(Language.EN, entry("assignment.handed_over"))
    assert handed.quote == "由他办"
    (called,) = told(Language.EN, entry("meeting.called"))
    assert "Mon 27 Jan 10:00" in called.fact
    assert called.quote == "三楼会议室"


def test_who_has_not_signed_the_report_yet_is_named() -> None:
    (missing,) = told(Language.EN, entry("report.signed"))
    assert missing.fact == "report not signed yet by ZJJ"
    (complete,) = told(Language.EN, entry("report.signed"), assisting=["GAJ"])
    assert complete.fact == "report signed by every department"


def test_what_several_do_at_one_instant_is_told_once() -> None:
    assert len(told(Language.EN, entry("report.signed"), entry("report.signed", department="GAJ"))) == 1
    known, other = entry("escalation.acknowledged"), entry("escalation.acknowledged", by=CENTER.director)
    assert len(told(Language.EN, known, {**known}, other)) == 2
