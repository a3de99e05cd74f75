"""The demonstration speaks one language a run: only names, codes and what people wrote stay as they are."""

import re
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from schemas.enums import DeadlineKind, Light, Outcome
from schemas.reasons import RoutingReason
from services.demo.sentence import Refusal, refused
from services.demo.summary import FATES, Ledger, summary
from services.wording import Language, Wording
from tests.demo_builders import CENTER, DUE, LEADER, TICKET, everything_told, told, words_in

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def nameless(text: str) -> str:
    """``text`` without the names and codes of the center and the story."""
    names = {each.name for each in CENTER.departments.values()} | {*CENTER.departments}
    names |= {part for each in CENTER.staff.values() for part in (each.title, each.name)}
    for name in sorted({*names, "张**", "APP", "feed-1", "applicant.phone"}, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def test_every_sort_of_sentence_is_english_beyond_names() -> None:
    for sentence in everything_told(words_in(Language.EN)):
        fact = sentence.fact.replace("“一”", "")
        assert not HAN.search(nameless(fact)), fact


def test_every_sort_of_sentence_is_chinese_beyond_names_and_codes() -> None:
    for sentence in everything_told(words_in(Language.ZH)):
        assert not LATIN_WORD.search(nameless(sentence.fact)), sentence.fact


def test_why_a_rule_fits_is_worded() -> None:
    (english,) = told(words_in(Language.EN), "ticket.routed")
    assert english.quote == "word APP, cause legacy, matter X1"
    (chinese,) = told(words_in(Language.ZH), "ticket.routed")
    assert chinese.quote == "关键词：APP，原因：历史遗留，事项编码：X1"
    for reason in RoutingReason:
        assert "_" not in Wording(Language.EN).reasons((reason,))
        assert HAN.search(Wording(Language.ZH).reasons((reason,)))


def test_a_leaders_own_words_are_not_reworded() -> None:
    (sentence,) = told(words_in(Language.ZH), "ticket.routed", decided_by=LEADER, why="APP, 由税务办")
    assert sentence.quote == "APP, 由税务办"


def test_an_unforeseen_refusal_is_shown_as_the_service_says_it() -> None:
    refusal = Refusal("BC-20250124-0001", (("", "something {new} of a later version"),), act="extend")
    assert refused(refusal, words_in(Language.ZH)).fact == "被拒绝 · 延期：something {new} of a later version"


def summary_in(language: Language, width: int = 120) -> str:
    """The tables of one ticket of each fate."""
    fates = [{"outcome": None, "state": state} for state in ("answered", "declined", "withdrawn")]
    fates += [{"outcome": outcome} for outcome in Outcome]
    fates += [{"id": light, "outcome": None, "state": "assigned"} for light in (*Light, "none")]
    escalations = [{"kind": kind, "level": 2, "voided_at": None} for kind in DeadlineKind]
    tickets = tuple(TICKET | {"escalations": escalations} | fate for fate in fates)
    tickets += (TICKET | {"complexity": None, "lead": None}, TICKET | {"complexity": "ordinary"})
    promises = tuple(
        {"ticket_id": light, "light": light, "ended_at": None, "kind": kind, "state": "met", "department": "SWJ"}
        for light in Light
        for kind in ("answer", "report")
    )
    console = Console(width=width, record=True, file=StringIO())
    console.print(summary(Ledger(tickets, promises, 3), words_in(language), width))
    return console.export_text()


def test_the_summary_speaks_one_language() -> None:
    assert not HAN.search(nameless(summary_in(Language.EN)))
    assert not LATIN_WORD.search(nameless(summary_in(Language.ZH)))


@pytest.mark.parametrize("language", list(Language))
def test_figures_stand_below_the_ends_of_their_headings(language: Language) -> None:
    say = Wording(language)
    _, heading, first, *_ = summary_in(language).splitlines()
    ends, end = [], 0
    for column in (say("all"), *map(say.word, FATES)):
        end = heading.index(column, end) + len(column)
        ends.append(cell_len(heading[:end]))
    assert [cell_len(first[: figure.end()]) for figure in re.finditer(r"\S+", first)][1:] == ends


def test_an_escalation_that_turned_out_void_is_not_counted() -> None:
    reached = {"kind": "answer", "level": 1, "voided_at": None}
    void = {"kind": "answer", "level": 2, "voided_at": DUE}
    console = Console(width=100, record=True, file=StringIO())
    console.print(summary(Ledger((TICKET | {"escalations": [reached, void]},), (), 2), words_in(Language.EN), 100))
    shown = console.export_text()
    assert re.search(r"to level +1\b(?! +2)", shown)
    assert re.search(r"answer +1 *\n", shown)
