"""The search for personal data in what citizens write: where it stands and of which kind it is.

Dates, amounts, document numbers and credit codes of organisations (public) are no finds. In doubt a long number is a
find: what is hidden can be asked for with a reason, what was shown cannot be taken back. The time taken is linear in
the length of the text. docs/masking.md lists which spellings are found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from services.privacy.normalised_text import NormalisedText
from services.privacy.numbers import BEFORE_MOBILE, Kind, is_public, kind_of_number, possible_lengths

_E_MAIL = re.compile(
    r"(?<![\w.%+-])[\w.%+-]++ {0,2}(?:@|[(]at[)]) {0,2}(?:[A-Za-z0-9-]++\.)+[A-Za-z]{2,}", re.ASCII | re.IGNORECASE
)
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][-. ]?"
    "(?=[A-HJ-NP-Z]{0,5}[0-9])(?:[0-9A-HJ-NP-Z]{5,6}(?![0-9A-Z])|[0-9A-HJ-NP-Z]{4}[挂学警港澳领])",
    re.IGNORECASE,
)
_PASSPORT = re.compile(r"(?<![0-9A-Z])(?:[EG][0-9]{8}|E[A-HJ-NP-Z][0-9]{7})(?![0-9A-Z])", re.IGNORECASE)
_LABELLED_PASSPORT = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|居留证|passport)(?: ?no)?[^0-9A-Z]{0,8}+"
    r"(?P<value>[A-Z]{1,2}[0-9]{7,10})(?![0-9A-Z])",
    re.IGNORECASE,
)
_QQ = re.compile(r"(?:QQ|扣扣|企鹅号)[^0-9A-Z]{0,6}+(?P<value>[1-9][0-9]{4,11})(?![0-9])", re.IGNORECASE)
_WECHAT = re.compile(
    r"(?:微信|薇信|威信|[vV]信|wechat|weixin|(?<![A-Za-z])vx)(?: |(?P<named>[号码:是为]|ID)){0,6}"
    r"(?P<value>(?(named)|(?=[A-Za-z_-]{0,19}[0-9]))[A-Za-z][-_A-Za-z0-9]{5,19})(?![-_A-Za-z0-9])",
    re.IGNORECASE,
)
_MAYBE_CREDIT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_CHAIN = re.compile(
    r"[0-9]++(?:(?:[-. ()/,_|:;~+]{1,6}+|\*{1,3}+(?!\*))[0-9]++)*+(?:[-. ]?[Xx](?![0-9A-Za-z]))?",
)
"""Numbers that may belong together. Four stars hide something already."""
_GROUP = re.compile(r"[0-9]+|[Xx]")
_SHORTEST = 7
_NO_NUMBER = re.compile("[^0-9Xx]")


@dataclass(frozen=True)
class Find:
    """One personal datum: ``text[start:end]``, and the same in plain characters."""

    start: int
    end: int
    kind: Kind
    plain: str


class _Span(NamedTuple):
    """Where a find stands in the normalised copy."""

    start: int
    end: int
    kind: Kind


Pause = Callable[[], None]
"""What is called between pieces of the work of some milliseconds at most, for others to have their turn."""

_OF_DIGITS = frozenset({Kind.PHONE, Kind.ID_NUMBER, Kind.CARD})
_PATTERNS = (
    (Kind.E_MAIL, _E_MAIL),
    (Kind.ACCOUNT, _WECHAT),
    (Kind.ACCOUNT, _QQ),
    (Kind.PASSPORT, _LABELLED_PASSPORT),
    (Kind.PASSPORT, _PASSPORT),
    (Kind.PLATE, _PLATE),
)


def no_pause() -> None:
    """Where nobody waits."""


def personal_data_in(normalised: NormalisedText, pause: Pause = no_pause) -> list[Find]:
    """Every find, in order, none overlapping another."""
    pause()
    copy = normalised.spelt_out
    spans: list[_Span] = []
    for kind, pattern in _PATTERNS:
        pause()
        group = "value" if "value" in pattern.groupindex else 0
        found = [_Span(*match.span(group), kind) for match in pattern.finditer(copy)]
        copy = _without(copy, found)
        spans += found
    copy = _MAYBE_CREDIT_CODE.sub(lambda found: "#" * 18 if is_public(found[0].upper()) else found[0], copy)
    for chain in _CHAIN.finditer(copy):
        pause()
        spans += _numbers_in(copy, chain, pause)
    plain = normalised.spelt_out
    return [
        Find(*normalised.place(span.start, span.end), span.kind, _plain(plain[span.start : span.end], span.kind))
        for span in sorted(spans)
    ]


def _without(copy: str, spans: list[_Span]) -> str:
    """``copy`` with what was found hidden from those who search after."""
    if not spans:
        return copy
    pieces, done = [], 0
    for start, end, _kind in spans:
        pieces += [copy[done:start], "#" * (end - start)]
        done = end
    return "".join([*pieces, copy[done:]])


def _plain(found: str, kind: Kind) -> str:
    """A number as a machine reads it; anything else as it is written."""
    if kind not in _OF_DIGITS:
        return found
    number = _NO_NUMBER.sub("", found).upper()
    return BEFORE_MOBILE.sub("", number) if kind is Kind.PHONE else number


def _numbers_in(copy: str, chain: re.Match[str], pause: Pause) -> Iterator[_Span]:
    """The finds in a chain of groups: the longest reading from each group on."""
    groups = []
    for group in _GROUP.finditer(copy, *chain.span()):
        groups.append(group)
        pause()
    digits = "".join(group[0] for group in groups).upper()
    offsets = [0, *accumulate(len(group[0]) for group in groups)]
    group_ending = {end: nth for nth, end in enumerate(offsets[1:])}
    first = 0
    while first < len(groups):
        pause()
        begin, size = offsets[first], offsets[first + 1] - offsets[first]
        for length in (*possible_lengths(digits[begin], size), size):
            last = group_ending.get(begin + length)
            if last is None or length < max(size, _SHORTEST):
                continue
            start, end = groups[first].start(), groups[last].end()
            kind = kind_of_number(copy, start, end, digits[begin : begin + length], offsets[first : last + 2])
            if kind is not None:
                opened = copy[start - 1 : start] == "(" and ")" in copy[start:end]  # (0591) 87654321
                yield _Span(start - opened, end, kind)
                first = last
                break
        first += 1
