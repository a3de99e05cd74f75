"""How good suggestions and similar cases are on real letters, and what they cost at 100,000 solved cases.

The letters stand beside the project (`../shared/data`) and are no part of it; without them the measurement says so.
"""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from schemas.center.center import Center
from schemas.center.rules import matter_of
from services.commands.center import read_center
from services.commands.replay import DEMO_CENTER
from services.knowledge.rules.suggesting import rule_leads
from services.replay.letters import rows_of
from services.replay.remembering import Memory, SolvedLetter, read_solved
from tests.bench.figures import Figure, percentile
from tests.bench.servers import Servers

DATA = Path(__file__).parents[3] / "shared" / "data"
FOLDS = 5
FIRST = 5
LARGE = 100_000
CLOSED_AT_ONCE = 100
QUESTIONS = 500


class NoLetters(Exception):
    """The letters to measure on are not there."""


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """The quality first, then the cost; in full five rounds of folds instead of one."""
    solved, corpus, groups = DATA / "solved.jsonl", DATA / "similar_corpus.jsonl", DATA / "similar_groups.jsonl"
    if not (solved.exists() and corpus.exists() and groups.exists()):
        raise NoLetters(f"no letters to measure on: solved.jsonl, similar_corpus.jsonl, similar_groups.jsonl in {DATA}")
    center = read_center(DEMO_CENTER)
    yield from _folds(servers, center, read_solved(solved), rounds=5 if full else 1)
    yield _groups(servers, center, read_solved(corpus), [row["letters"] for _, row in rows_of(groups)])
    yield from _large(servers, center, [*read_solved(solved), *read_solved(corpus)])


def _folds(servers: Servers, center: Center, letters: list[SolvedLetter], rounds: int) -> Iterator[Figure]:
    hits: dict[str, int] = {"first": 0, "three": 0, "rules first": 0, "rules three": 0}
    for nth in range(rounds):
        mixed = random.Random(nth).sample(letters, len(letters))
        for fold in range(FOLDS):
            asked = mixed[fold::FOLDS]
            known = [letter for place, letter in enumerate(mixed) if place % FOLDS != fold]
            with servers.database("fold") as url, Memory(center, url) as memory:
                memory.learn(known)
                for letter in asked:
                    named = memory.suggest(letter)["departments"]
                    by_rules = rule_leads(center, matter_of(letter.title, letter.text, None, None))
                    hits["first"] += letter.department in named[:1]
                    hits["three"] += letter.department in named[:3]
                    hits["rules first"] += letter.department in by_rules[:1]
                    hits["rules three"] += letter.department in by_rules[:3]
    rates = {name: count / (rounds * len(letters)) for name, count in hits.items()}
    for key, aim, words in (("first", 0.63, "the first"), ("three", 0.86, "one of the first three")):
        yield Figure(
            key=f"suggest.{key}",
            what=f"The department that answered is {words} suggested ({FOLDS} folds of {len(letters)} letters)",
            value=rates[key],
            unit="of 1",
            aim=aim,
            bounded_by=f"By the rules of the center file alone {rates[f'rules {key}']:.3f}.",
            detail={"rounds": rounds},
        )


def _groups(servers: Servers, center: Center, corpus: Sequence[SolvedLetter], groups: list[list[str]]) -> Figure:
    by_number = {letter.letter: letter for letter in corpus}
    found: list[float] = []
    with servers.database("groups") as url, Memory(center, url) as memory:
        memory.learn(corpus)
        for group in groups:
            for number in group:
                near = memory.suggest(by_number[number])["similar"][:FIRST]
                others = set(group) - {number}
                found.append(len(others & set(near)) / min(FIRST, len(others)))
    return Figure(
        key="similar.recall",
        what=f"Letters about the same matter among the {FIRST} most similar of {len(corpus):,}",
        value=sum(found) / len(found),
        unit="of 1",
        aim=0.92,
        bounded_by="Who groups letters by hand goes by more than their words.",
        detail={"letters": len(found)},
    )


def _large(servers: Servers, center: Center, letters: list[SolvedLetter]) -> Iterator[Figure]:
    """Real letters mixed with one another, so that texts and their pairs are as rare as in as many real ones."""
    chance = random.Random(20250124)
    with servers.database("large") as url, Memory(center, url) as memory:
        made = [_mixed(chance, letters, center) for _ in range(LARGE)]
        memory.learn(made)
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("VACUUM ANALYZE")
            cursor.execute(
                "SELECT relname, pg_total_relation_size(oid) / 1e6 FROM pg_class"
                " WHERE relnamespace = 'knowledge'::regnamespace AND relname IN ('postings', 'pair_counts', 'cases')"
            )
            sizes = {f"{name}, MB": round(float(size)) for name, size in cursor.fetchall()}
        yield _asking(memory, [_mixed(chance, letters, center) for _ in range(QUESTIONS)], sizes)
        yield _indexing(memory, [_mixed(chance, letters, center) for _ in range(50 * CLOSED_AT_ONCE)])


def _asking(memory: Memory, questions: Sequence[SolvedLetter], sizes: dict[str, Any]) -> Figure:
    for question in questions[:50]:
        memory.suggest(question)
    seconds = []
    for question in questions:
        began = time.perf_counter()
        memory.suggest(question)
        seconds.append(time.perf_counter() - began)
    return Figure(
        key="suggest.seconds",
        what=f"Suggestion and similar cases for one ticket, among {LARGE:,} solved cases (95th percentile)",
        value=1000 * percentile(seconds, 0.95),
        unit="ms",
        aim=20,
        less_is_better=True,
        bounded_by="The postings of 32 pairs, and the departments' counts of every pair of the ticket.",
        detail={"median ms": round(1000 * percentile(seconds, 0.5), 2), **sizes},
    )


def _indexing(memory: Memory, closed: Sequence[SolvedLetter]) -> Figure:
    began = time.perf_counter()
    for start in range(0, len(closed), CLOSED_AT_ONCE):
        memory.learn(closed[start : start + CLOSED_AT_ONCE], measured=False)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    memory.measure()
    return Figure(
        key="learn.rate",
        what=f"Closed tickets taken into the index of {LARGE:,}, in batches of {CLOSED_AT_ONCE}",
        value=len(closed) / seconds,
        unit="tickets/s",
        aim=500,
        bounded_by="One process and one connection; 64 postings a ticket.",
        detail={"measuring the departments, s": round(time.perf_counter() - began, 2)},
    )


def _mixed(chance: random.Random, letters: Sequence[SolvedLetter], center: Center) -> SolvedLetter:
    """A letter of parts of three: half of one's text, the other half of another's, the title of the third's."""
    one, other, third = chance.choices(letters, k=3)
    text = one.text[: len(one.text) // 2] + other.text[len(other.text) // 2 :]
    department = chance.choice([one.department, *center.departments])
    return SolvedLetter(
        letter="mixed", title=third.title, text=text, department=department, reply=third.reply or "已办结。"
    )
