"""The search for personal data in what citizens write: where it stands and of which kind it is.

Dates, amounts, document numbers and credit codes of organisations (public) are no finds. Digits may be full-width and
set apart by spaces, dashes, dots or brackets. In doubt a long number is a find: what is hidden can be asked for with
a reason, what was shown cannot be taken back. The time taken is linear in the length of the text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from schemas.identity import MOBILE, has_birth_date, is_credit_code, is_id_number, plain_phone

_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
# One character for one, so that a place in the plain copy is the same place in the text.
_PLAIN_COPY = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("‐‑‒–—―−－·．", "-"),
        **dict.fromkeys("\t\u00a0\u2002\u2003\u2009\u3000\u200b\u200c\u200d\u2060\ufeff", " "),
        "ｘ": "x",
        "Ｘ": "X",
        "（": "(",
        "）": ")",
        "＠": "@",
    }
)
_E_MAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]++@(?:[A-Za-z0-9-]++\.)+[A-Za-z]{2,}", re.ASCII)
_MAYBE_CREDIT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_CHAIN = re.compile(r"[0-9]++(?:[-. ()]{1,3}[0-9]++)*+(?:[- ]?[Xx](?![0-9A-Za-z]))?")
"""Numbers that may belong together."""
_GROUP = re.compile(r"[0-9]+|[Xx]")
_AMOUNT_AFTER = re.compile(r"(?:\.[0-9]{1,2})? ?(?:元(?!旦)|万元|亿元)")
_PHONE_WORD = re.compile(r"电话|座机|固话|致电|拨打|传真|(?i:tel|phone|fax)")
_SHORTEST, _LONGEST = 7, 19
_DIGIT_BY_DIGIT = (11, 15, 18)
_MOBILE_SHAPES = frozenset({(3, 4, 4), (3, 8), (4, 3, 4), (4, 4, 3), (7, 4), (3, 3, 5), (1,) * 11})
_LANDLINE_SHAPES = frozenset({(7,), (8,), (3, 4), (4, 4)})
_CARD_SHAPE = re.compile(r"(?:4 ){3}4(?: [1-3])?|6 1[0-3]")


class Kind(Enum):
    """What was found."""

    PHONE = auto()
    ID_NUMBER = auto()
    CARD = auto()
    E_MAIL = auto()


@dataclass(frozen=True)
class Find:
    """One personal datum: ``text[start:end]``, and the same in plain characters."""

    start: int
    end: int
    kind: Kind
    plain: str


class _Group(NamedTuple):
    """Neighbouring digits, or the X at the end of an ID number, and where they stand."""

    start: int
    end: int
    digits: str


Pause = Callable[[], None]
"""What is called between pieces of the work of some milliseconds at most, for others to have their turn."""


def no_pause() -> None:
    """Where nobody waits."""


def personal_data_in(text: str, pause: Pause = no_pause) -> list[Find]:
    """Every find, in order, none overlapping another."""
    pause()
    copy = text.translate(_PLAIN_COPY)
    finds = [Find(found.start(), found.end(), Kind.E_MAIL, found[0]) for found in _E_MAIL.finditer(copy)]
    copy = _E_MAIL.sub(lambda found: "#" * len(found[0]), copy)
    copy = _MAYBE_CREDIT_CODE.sub(lambda found: "#" * 18 if _is_public(found[0].upper()) else found[0], copy)
    for chain in _CHAIN.finditer(copy):
        place = chain.start()
        groups = []
        for group in _GROUP.finditer(chain[0]):
            groups.append(_Group(place + group.start(), place + group.end(), group[0].upper()))
            pause()
        finds += _numbers_in(copy, groups, pause)
        pause()
    return sorted(finds, key=lambda find: find.start)


def _is_public(code: str) -> bool:
    """Whether it is an organisation's. Some all-digit codes could be a person's or a card's too: those are finds."""
    if not is_credit_code(code):
        return False
    has_place = code[2:4] == "10" or _PROVINCE.match(code, 2) is not None
    return not code[:17].isdigit() or (has_place and code[0] != "6" and not is_id_number(code))


def _numbers_in(copy: str, groups: list[_Group], pause: Pause) -> Iterator[Find]:
    """The finds in a chain of groups: the longest reading from each group on."""
    first = 0
    while first < len(groups):
        pause()
        for last, joined in _candidates(groups, first):
            kind = _reading(copy, groups[first : last + 1], joined)
            if kind is not None:
                start, end = groups[first].start, groups[last].end
                opened = copy[start - 1 : start] == "(" and ")" in copy[start:end]  # (0591) 87654321
                yield Find(start - opened, end, kind, joined)
                first = last
                break
        first += 1


def _candidates(groups: list[_Group], first: int) -> list[tuple[int, str]]:
    """The runs of groups from ``first`` on that are long enough to be personal, and short enough; longest first."""
    found, joined = [], ""
    starts_short = len(groups[first].digits) < 3
    for last in range(first, len(groups)):
        joined += groups[last].digits
        if len(joined) > _LONGEST and last > first:
            break
        if starts_short and (len(joined) != last - first + 1 or len(joined) not in _DIGIT_BY_DIGIT):
            continue
        if len(joined) >= _SHORTEST:
            found.append((last, joined))
    return found[::-1]


def _reading(copy: str, groups: list[_Group], joined: str) -> Kind | None:
    """What these groups are, if together they are one personal number."""
    shape = tuple(len(group.digits) for group in groups)
    if _is_person(joined, shape):
        return Kind.ID_NUMBER
    if _is_card(joined, shape):
        return Kind.CARD
    if _is_mobile(joined, shape):
        is_amount = len(groups) == 1 and _AMOUNT_AFTER.match(copy, groups[0].end)
        return None if is_amount else Kind.PHONE
    return Kind.PHONE if _is_landline(copy, groups[0].start, joined, shape) else None


def _is_person(joined: str, shape: tuple[int, ...]) -> bool:
    """An ID number of 18 or, before 1999, 15 digits. A mistyped check digit is one still; a list of dates is none."""
    if len(shape) > 1 and shape != (17, 1):
        grouped = shape[0] >= 3 or max(shape) == 1
        if not grouped or not _PROVINCE.match(joined):
            return False
    if len(joined) == 18:
        return joined[:17].isdigit() and has_birth_date(joined[6:14])
    is_old = len(joined) == 15 and joined.isdigit() and _PROVINCE.match(joined) is not None
    return is_old and has_birth_date(f"19{joined[6:12]}")


def _is_card(joined: str, shape: tuple[int, ...]) -> bool:
    """Any run of 16 digits or more; in groups, UnionPay or a right Luhn digit, so that lists of years are none."""
    if len(shape) == 1:
        return len(joined) >= 16
    if not joined.isdigit() or not _CARD_SHAPE.fullmatch(" ".join(map(str, shape))):
        return False
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in joined[-2::-2])
    luhn = (doubled + sum(map(int, joined[-1::-2]))) % 10 == 0
    return joined.startswith("62") or (joined[0] in "3456" and luhn)


def _is_mobile(joined: str, shape: tuple[int, ...]) -> bool:
    """Eleven digits with or without 86 in front; in groups, only as people write them (1990-2000 100 is none)."""
    if len(shape) == 1:
        return MOBILE.fullmatch(joined.removeprefix("00").removeprefix("86")) is not None
    a_year_first = shape == (4, 4, 3) and joined.startswith("19")
    return shape in _MOBILE_SHAPES and MOBILE.fullmatch(joined) is not None and not a_year_first


def _is_landline(copy: str, start: int, joined: str, shape: tuple[int, ...]) -> bool:
    """With its area code; or without, when a word before it says that it is a phone and it is no date."""
    if joined.startswith("0") and (shape[0] in (3, 4) or len(shape) == 1):
        return len(joined) <= 12 and plain_phone(joined) is not None
    if shape not in _LANDLINE_SHAPES or joined[0] in "01" or (len(joined) == 8 and has_birth_date(joined)):
        return False
    return _PHONE_WORD.search(copy, max(0, start - 12), start) is not None
