"""The search for personal data in what citizens write: where it stands and of which kind it is.

Dates, amounts, document numbers and credit codes of organisations (public) are no finds. In doubt a long number is a
find: what is hidden can be asked for with a reason, what was shown cannot be taken back. The time taken is linear in
the length of the text. docs/masking.md lists which spellings are found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import accumulate, pairwise
from typing import NamedTuple

from schemas.identity import MOBILE, has_birth_date, is_credit_code, is_id_number, plain_phone
from services.privacy.normalised_text import NormalisedText

_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
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
_AMOUNT_AFTER = re.compile(r"(?:\.[0-9]{1,2})? ?(?:元(?!旦)|万元|亿元)")
_PHONE_WORD = re.compile(
    r"电话|座机|固话|宅电|致电|来电|回电|去电|拨打|手机|联系|☎|📞|(?i:tel|phone|mobile|fax)|传真|热线|打.{0,2}$"
)
_WORD_BEFORE = 14
_SHORTEST = 7
_CARDS = (19, 18, 17, 16)
_OF_MOBILES, _OF_OTHERS, _WITH_AREA_CODE = (18, 15, 11), (18, 15, 8, 7), (12, 11, 10)
_PREFIX = re.compile("^(?:00)?(?:86)?0?(?=1[3-9][0-9]{9}$)")
_NO_NUMBER = re.compile("[^0-9Xx]")
_MOBILE_SHAPES = frozenset(
    {(3, 4, 4), (3, 8), (4, 3, 4), (4, 4, 3), (7, 4), (3, 3, 5), (5, 6), (6, 5), (3, 2, 2, 2, 2), (1,) * 11}
)
_LANDLINE_SHAPES = frozenset({(7,), (8,), (3, 4), (4, 4), (3, 5), (2, 2, 2, 2)})
_CARD_SHAPE = re.compile(r"(?:4 ){3}4(?: [1-3])?|6 1[0-3]")


class Kind(IntEnum):
    """What was found."""

    PHONE = auto()
    ID_NUMBER = auto()
    CARD = auto()
    E_MAIL = auto()
    PLATE = auto()
    PASSPORT = auto()
    ACCOUNT = auto()
    """Of QQ or WeChat."""


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
    copy = _MAYBE_CREDIT_CODE.sub(lambda found: "#" * 18 if _is_public(found[0].upper()) else found[0], copy)
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
    return _PREFIX.sub("", number) if kind is Kind.PHONE else number


def _is_public(code: str) -> bool:
    """Whether it is an organisation's. Some all-digit codes could be a person's or a card's too: those are finds."""
    if not is_credit_code(code):
        return False
    has_place = code[2:4] == "10" or _PROVINCE.match(code, 2) is not None
    return not code[:17].isdigit() or (has_place and code[0] != "6" and not is_id_number(code))


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
        for length in (*_lengths_of_groups(digits[begin], size), size):
            last = group_ending.get(begin + length)
            if last is None or length < max(size, _SHORTEST):
                continue
            start, end = groups[first].start(), groups[last].end()
            kind = _reading(copy, start, end, digits[begin : begin + length], offsets[first : last + 2])
            if kind is not None:
                opened = copy[start - 1 : start] == "(" and ")" in copy[start:end]  # (0591) 87654321
                yield _Span(start - opened, end, kind)
                first = last
                break
        first += 1


def _lengths_of_groups(digit: str, size: int) -> tuple[int, ...]:
    """How many digits groups may have together, longest first, if the first has ``size`` and begins with ``digit``."""
    if digit == "0":
        return _WITH_AREA_CODE
    return _CARDS * (size in (4, 6)) + (_OF_MOBILES if digit == "1" else _OF_OTHERS)


def _reading(copy: str, start: int, end: int, joined: str, offsets: list[int]) -> Kind | None:
    """What the digits between ``start`` and ``end`` are, if together they are one personal number."""
    length = len(joined)
    shape = tuple(later - earlier for earlier, later in pairwise(offsets))
    if length in (15, 18) and _is_person(joined, shape):
        return Kind.ID_NUMBER
    if length >= 16:
        return Kind.CARD if _is_card(joined, shape) else None
    if length >= 11 and _is_mobile(copy, start, joined, shape):
        is_amount = len(shape) == 1 and _AMOUNT_AFTER.match(copy, end)
        return None if is_amount else Kind.PHONE
    return Kind.PHONE if length <= 12 and _is_landline(copy, start, end, joined, shape) else None


def _is_person(joined: str, shape: tuple[int, ...]) -> bool:
    """An ID number of 18 or, before 1999, 15 digits. A mistyped check digit is one still; a list of dates is none."""
    if len(shape) > 1 and shape != (17, 1):
        grouped = shape[0] >= 3 or max(shape) == 1
        if not grouped or not _PROVINCE.match(joined):
            return False
    if len(joined) == 18:
        return joined[:17].isdigit() and has_birth_date(joined[6:14])
    is_old = joined.isdigit() and _PROVINCE.match(joined) is not None
    return is_old and has_birth_date(f"19{joined[6:12]}")


def _is_card(joined: str, shape: tuple[int, ...]) -> bool:
    """Any run of 16 digits or more; in groups, UnionPay or a right Luhn digit, so that lists of years are none."""
    if len(shape) == 1:
        return True
    if not joined.isdigit() or not _CARD_SHAPE.fullmatch(" ".join(map(str, shape))):
        return False
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in joined[-2::-2])
    luhn = (doubled + sum(map(int, joined[-1::-2]))) % 10 == 0
    return joined.startswith("62") or (joined[0] in "3456" and luhn)


def _is_mobile(copy: str, start: int, joined: str, shape: tuple[int, ...]) -> bool:
    """Eleven digits, with or without 86 or 0 in front; in groups, as people write them, or in any after a word for it.

    1990-2000 100 is none.
    """
    if len(shape) == 1:
        return MOBILE.fullmatch(_PREFIX.sub("", joined)) is not None
    if MOBILE.fullmatch(joined) is None or (shape == (4, 4, 3) and joined.startswith("19")):
        return False
    return shape in _MOBILE_SHAPES or _is_labelled(copy, start)


def _is_landline(copy: str, start: int, end: int, joined: str, shape: tuple[int, ...]) -> bool:
    """With its area code; or without, when a word before it says that it is a phone and it is no date."""
    if joined.startswith("0") and (shape[0] in (3, 4) or len(shape) == 1):
        return plain_phone(joined) is not None
    is_one_by_one = len(shape) > 1 and max(shape) == 1
    if is_one_by_one and joined.startswith("0"):
        return _is_labelled(copy, start) and plain_phone(joined) is not None
    if not (shape in _LANDLINE_SHAPES or is_one_by_one) or len(joined) > 8 or joined[0] in "01":
        return False
    is_hidden_already = "*" in copy[start:end]
    is_date = len(joined) == 8 and has_birth_date(joined)
    return not is_hidden_already and not is_date and _is_labelled(copy, start)


def _is_labelled(copy: str, start: int) -> bool:
    return _PHONE_WORD.search(copy, max(0, start - _WORD_BEFORE), start) is not None
