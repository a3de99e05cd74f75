"""How well the question base finds its answers, on real letters: each asks for its own official answer among all.

    python -m tests.bench.answering            needs ../shared/data/solved.jsonl; a database of its own

An answer is learnt without any question, since the letter is what is asked. ``heard`` has 15% of its characters changed
for others that sound alike. ``unanswered`` is how many would be told that there is nothing, and how many rightly so if
their own answer were not there.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from uuid import UUID

from pypinyin import lazy_pinyin

from services.commands.center import read_center
from services.commands.replay import DEMO_CENTER
from services.knowledge.actions import finding, learning
from services.knowledge.rules.asking import ENOUGH, EntryWords
from services.knowledge.store.shelves import ShelfKind
from services.plumbing.database.transaction import new_id
from services.replay.remembering import Memory, SolvedLetter, read_solved
from tests.bench.figures import percentile
from tests.bench.remembering import DATA

HEARD_WRONGLY = 0.15


def main() -> None:
    """Print how often the own answer is the first, and among the first five."""
    letters = [letter for letter in read_solved(DATA / "solved.jsonl") if letter.reply]
    center, chance = read_center(DEMO_CENTER), random.Random(20250124)
    entries: dict[UUID, EntryWords] = {new_id(): EntryWords("", (), letter.reply or "") for letter in letters}
    with Memory(center) as memory:
        with memory.database.transaction() as tx:
            learning.learn(tx, center.code, entries, ShelfKind.ENTRIES)
        ways: dict[str, Callable[[SolvedLetter], str]] = {
            "title and text": lambda letter: f"{letter.title}\n{letter.text}",
            "title": lambda letter: letter.title,
            "title, heard": lambda letter: misheard(letter.title, chance),
        }
        for name, words in ways.items():
            places, seconds, best, others = [], [], [], []
            for own, letter in zip(entries, letters, strict=True):
                asked, began = words(letter), time.perf_counter()
                with memory.database.transaction() as tx:
                    near = finding.find(tx, center.code, asked)
                seconds.append(time.perf_counter() - began)
                found = [each.entry_id for each in near]
                best.append(max((each.likeness for each in near[:1]), default=0.0))
                others.append(max((each.likeness for each in near if each.entry_id != own), default=0.0))
                places.append(found.index(own) if own in found else len(entries))
            print(
                f"{name:16} of {len(entries)}: first {share(places, 1):.3f}, first three {share(places, 3):.3f},"
                f" first five {share(places, 5):.3f}; p50 {1000 * percentile(seconds, 0.5):.1f} ms,"
                f" p95 {1000 * percentile(seconds, 0.95):.1f} ms; unanswered {below(best):.3f}, rightly"
                f" {below(others):.3f}"
            )


def share(places: Sequence[int], first: int) -> float:
    """How many are among the first."""
    return sum(place < first for place in places) / len(places)


def below(likenesses: Sequence[float]) -> float:
    """How many are too little alike to be shown."""
    return sum(each < ENOUGH for each in likenesses) / len(likenesses)


def misheard(text: str, chance: random.Random) -> str:
    """The text as a recogniser may hear it."""
    return "".join(
        chance.choice(ALIKE[lazy_pinyin(each)[0]])
        if "\u4e00" <= each <= "\u9fff" and chance.random() < HEARD_WRONGLY
        else each
        for each in text
    )


def _alike() -> dict[str, list[str]]:
    """Characters by how they sound: those of GB 2312, which are the ones in use."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    for row in range(0xB0, 0xD8):
        for place in range(0xA1, 0xFE):
            character = bytes((row, place)).decode("gb2312", "ignore")
            if character:
                by_sound[lazy_pinyin(character)[0]].append(character)
    return by_sound


ALIKE = _alike()

if __name__ == "__main__":
    main()
