"""Whether suggestions get better with what is solved: letters in their order, each learnt once it was answered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schemas.center.center import Center
from schemas.center.rules import matter_of
from services.knowledge.rules.suggesting import SUGGESTED, rule_leads
from services.replay.letters import BadFile, record_of, rows_of
from services.replay.remembering import Memory, SolvedLetter, with_text_number
from services.wording import Wording

FEWEST = 20
"""A month with fewer letters says nothing by itself: it is taken together with the next."""
BAR = 40
_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")


class DatedLetter(SolvedLetter):
    """A letter with the times of its receipt and, where it is known, of its answer."""

    received_at: datetime
    answered_at: datetime | None = None

    @property
    def learnt_at(self) -> datetime:
        """When it was answered; where that is not known, it counts for the next letter."""
        return self.answered_at or self.received_at


@dataclass
class Span:
    """The letters of a month, or of several that have few, and how often a department was named rightly."""

    first_month: str
    last_month: str
    letters: int = 0
    first: int = 0
    three: int = 0
    by_rules: int = 0


def read_dated(file: Path, zone: ZoneInfo) -> list[DatedLetter]:
    """The letters of a file that have a reply and a department, in the order of receipt; times without an offset are
    those of ``zone``. Raises BadFile.
    """
    rows = ((number, _with_offsets(with_text_number(row), zone)) for number, row in rows_of(file))
    letters = [record_of(DatedLetter, file, number, row) for number, row in rows]
    solved = [letter for letter in letters if letter.department and letter.reply]
    if not solved:
        raise BadFile(f"{file.name}: no letter has a department and a reply")
    return sorted(solved, key=lambda letter: letter.received_at)


def _with_offsets(row: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    return row | {name: _aware(row[name], zone) for name in ("received_at", "answered_at") if name in row}


def _aware(value: Any, zone: ZoneInfo) -> Any:
    """A time as ISO 8601 with an offset; what is none, as it is: the record says so."""
    for pattern in _FORMATS:
        try:
            return datetime.strptime(value, pattern).replace(tzinfo=zone).isoformat()
        except (ValueError, TypeError):
            continue
    try:
        read = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return value
    return (read if read.tzinfo else read.replace(tzinfo=zone)).isoformat()


def live_through(
    center: Center, letters: Sequence[DatedLetter], zone: ZoneInfo, moved: Callable[[], None]
) -> list[Span]:
    """Ask for each letter when it came, by those that had been answered by then. ``moved`` is called after each."""
    to_learn = sorted(letters, key=lambda letter: letter.learnt_at)
    spans: list[Span] = []
    with Memory(center) as memory:
        for letter in letters:
            known = [each for each in to_learn if each.learnt_at < letter.received_at]
            del to_learn[: len(known)]
            memory.learn(known)
            named = memory.suggest(letter)["departments"]
            by_rules = rule_leads(center, matter_of(letter.title, letter.text, None, None))
            span = _span_of(spans, letter.received_at.astimezone(zone))
            span.letters += 1
            span.first += letter.department in named[:1]
            span.three += letter.department in named[:SUGGESTED]
            span.by_rules += letter.department in by_rules[:1]
            moved()
    return _without_short_end(spans)


def _without_short_end(spans: list[Span]) -> list[Span]:
    if len(spans) < 2 or spans[-1].letters >= FEWEST:
        return spans
    *rest, before, last = spans
    counts = (before.letters + last.letters, before.first + last.first, before.three + last.three)
    return [*rest, Span(before.first_month, last.last_month, *counts, before.by_rules + last.by_rules)]


def _span_of(spans: list[Span], at: datetime) -> Span:
    month = f"{at:%Y-%m}"
    if not spans or (spans[-1].last_month != month and spans[-1].letters >= FEWEST):
        spans.append(Span(month, month))
    spans[-1].last_month = month
    return spans[-1]


def plot(spans: Sequence[Span], say: Wording) -> Iterator[str]:
    """A line for each span: how often the first suggestion was right as a bar, where the rules alone stand as |."""
    yield say("How often the first suggestion was right, by what had been solved until then; | the rules alone")
    for span in spans:
        label = span.first_month if span.first_month == span.last_month else f"{span.first_month}…{span.last_month}"
        first, rules = span.first / span.letters, span.by_rules / span.letters
        bar = list(("█" * round(first * BAR)).ljust(BAR))
        bar[min(BAR - 1, round(rules * BAR))] = "|"
        yield f"{label:>15} {''.join(bar)} {first:4.0%}  {span.letters:4d}"
    third = max(1, len(spans) // 3)
    begun, late = (
        sum(s.first for s in part) / sum(s.letters for s in part) for part in (spans[:third], spans[-third:])
    )
    yield say("In the first third of that time {begun:.0%}, in the last third {late:.0%}.", begun=begun, late=late)
    whole = sum(span.letters for span in spans)
    yield say(
        "{letters} letters: the first right {first:.0%}, one of three {three:.0%}, by the rules alone {rules:.0%}",
        letters=whole,
        first=sum(span.first for span in spans) / whole,
        three=sum(span.three for span in spans) / whole,
        rules=sum(span.by_rules for span in spans) / whole,
    )
