"""Numbers that stand for a person or an organisation: how they are written plainly, and their check digits.

Public here and masked elsewhere: ID card numbers and phones are personal, credit codes of organisations are public.
"""

import re
import unicodedata
from datetime import date

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−.·()\u200b-\u200d\u2060\ufeff]+")
_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_CODE = re.compile(r"[1-9ANY][0-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

MOBILE = re.compile(r"1[3-9][0-9]{9}")
_FOREIGN_PREFIX = re.compile(r"(?:\+|00)86|86(?=1[3-9][0-9]{9}$)")
_EXTENSION = re.compile(r"(?:转|ext\.?|[x#])([0-9]{1,6})$", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"(?<=[0-9]{7})-([0-9]{1,6})$")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([1-9][0-9]{6,7})")
_LOCAL_OR_SERVICE = re.compile(r"[2-9][0-9]{6,7}|[48]00[0-9]{7}")


def plain(text: str) -> str:
    """A number as a machine compares it: ASCII digits and capital letters, no spaces, dashes, dots or brackets."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def has_birth_date(digits: str) -> bool:
    """Whether ``yyyymmdd`` is a day on which somebody alive in the register can have been born (1900 to 2099)."""
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2099
    except ValueError:
        return False


def is_id_number(text: str) -> bool:
    """Whether a plain 18-character ID number has a possible birth date and the right check digit (GB 11643)."""
    if not _ID_NUMBER.fullmatch(text) or not has_birth_date(text[6:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text, strict=False))
    return text[17] == _ID_CHECKS[total % 11]


def is_credit_code(text: str) -> bool:
    """Whether a plain 18-character unified social credit code has the right check digit (GB 32100, mod 31)."""
    if not _CREDIT_CODE.fullmatch(text):
        return False
    total = sum(pow(3, place, 31) * _CREDIT_ALPHABET.index(sign) for place, sign in enumerate(text[:17]))
    return text[17] == _CREDIT_ALPHABET[-total % 31]


def plain_phone(text: str) -> str | None:
    """A phone as it is stored: ``13812348000``, ``0591-87654321``, ``0591-87654321-123``; None when it is no phone.

    +86 in front and any separators are understood; a landline may lack its area code; 400 and 800 numbers are taken.
    """
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    extension = _EXTENSION.search(compact) or _DASHED_EXTENSION.search(compact)
    number = plain(compact[: extension.start()] if extension else compact)
    prefix = _FOREIGN_PREFIX.match(number)
    if prefix:
        number = number[prefix.end() :]
        if not MOBILE.fullmatch(number) and not number.startswith("0"):
            number = f"0{number}"
    if MOBILE.fullmatch(number):
        return None if extension else number
    landline = _LANDLINE.fullmatch(number)
    if landline:
        number = f"{landline[1]}-{landline[2]}"
    elif not _LOCAL_OR_SERVICE.fullmatch(number):
        return None
    return f"{number}-{extension[1]}" if extension else number
