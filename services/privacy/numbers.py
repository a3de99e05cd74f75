"""Whether digits are one person's number: by how many there are, how they are grouped, their check digits and the words
around them. The search (`services.privacy.personal_data`) says where they stand.
"""

import re
from enum import IntEnum, auto
from itertools import pairwise

from schemas.identity import MOBILE, has_birth_date, is_credit_code, is_id_number, plain_phone

_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_AMOUNT_AFTER = re.compile(r"(?:\.[0-9]{1,2})? ?(?:元(?!旦)|万元|亿元)")
_PHONE_WORD = re.compile(
    r"电话|座机|固话|宅电|致电|来电|回电|去电|拨打|手机|联系|☎|📞|(?i:tel|phone|mobile|fax)|传真|热线|打.{0,2}$"
)
_WORD_BEFORE = 14
_CARDS = (19, 18, 17, 16)
_OF_MOBILES, _OF_OTHERS, _WITH_AREA_CODE = (18, 15, 11), (18, 15, 8, 7), (12, 11, 10)
BEFORE_MOBILE = re.compile("^(?:00)?(?:86)?0?(?=1[3-9][0-9]{9}$)")
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


def is_public(code: str) -> bool:
    """Whether it is an organisation's. Some all-digit codes could be a person's or a card's too: those are finds."""
    if not is_credit_code(code):
        return False
    has_place = code[2:4] == "10" or _PROVINCE.match(code, 2) is not None
    return not code[:17].isdigit() or (has_place and code[0] != "6" and not is_id_number(code))


def possible_lengths(digit: str, size: int) -> tuple[int, ...]:
    """How many digits groups may have together, longest first, if the first has ``size`` and begins with ``digit``."""
    if digit == "0":
        return _WITH_AREA_CODE
    return _CARDS * (size in (4, 6)) + (_OF_MOBILES if digit == "1" else _OF_OTHERS)


def kind_of_number(copy: str, start: int, end: int, joined: str, offsets: list[int]) -> Kind | None:
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
        return MOBILE.fullmatch(BEFORE_MOBILE.sub("", joined)) is not None
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
