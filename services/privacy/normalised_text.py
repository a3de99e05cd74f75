"""A text as it is searched for personal data: what looks alike or cannot be seen makes no difference.

Digits of every script and in circles are digits, dashes and dots of every kind a dash, brackets, spaces and line ends
alike; what cannot be seen (soft hyphens, zero-width characters, combining marks) is left out.
"""

import re
import unicodedata
from functools import cached_property
from itertools import pairwise

_BASIC_PLANE = range(0x10000)
_DIGITS_BEYOND = (*range(0x1D7CE, 0x1D800), *range(0x1F100, 0x1F10B))
_SELECTORS_BEYOND = range(0xE0100, 0xE01F0)
_UNSEEN = frozenset({"Mn", "Me", "Cf"})

_INVISIBLE = frozenset(
    [code for code in _BASIC_PLANE if unicodedata.category(chr(code)) in _UNSEEN] + list(_SELECTORS_BEYOND)
)
_SPACES = [code for code in _BASIC_PLANE if chr(code).isspace()]
_TABLE: dict[int, str | None] = {
    **{
        code: str(unicodedata.digit(chr(code)))
        for code in (*_BASIC_PLANE, *_DIGITS_BEYOND)
        if unicodedata.digit(chr(code), None) is not None
    },
    **{0xFF21 + place: chr(ord("A") + place) for place in range(26)},
    **{0xFF41 + place: chr(ord("a") + place) for place in range(26)},
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―−－─━·．•・●‧"), "-"),
    **dict.fromkeys(map(ord, "，、"), ","),
    **dict.fromkeys(map(ord, "（【［〔「"), "("),
    **dict.fromkeys(map(ord, "）】］〕」"), ")"),
    **dict.fromkeys(map(ord, "＊×✕✖"), "*"),
    **dict.fromkeys(map(ord, "～〜"), "~"),
    **{ord("／"): "/", ord("＼"): "/", ord("\\"): "/", ord("＿"): "_", ord("｜"): "|", ord("："): ":", ord("；"): ";"},
    **{ord("。"): ".", ord("＠"): "@", ord("＋"): "+", ord("＃"): "#"},
    **dict.fromkeys(_INVISIBLE, None),
}
_NUMERALS = {
    sign: str(digit)
    for digit, signs in enumerate(
        ("零〇○洞", "一壹幺", "二贰貳两", "三叁參叄", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾")
    )
    for sign in signs
}
_NUMERAL_TABLE = str.maketrans(_NUMERALS)
_SIGN = f"[0-9{''.join(_NUMERALS)}]"
_SPELT_NUMBER = re.compile(rf"{_SIGN}(?:[-. ()/,_|:;~*]{{0,3}}{_SIGN}){{6,}}")
_DIGIT = re.compile("[0-9]")
_NO_DIGIT = re.compile("[^0-9]+")


class NormalisedText:
    """``plain`` has one character for each of the text that can be seen; `place` says where they stand in it."""

    def __init__(self, text: str) -> None:
        self.plain = text.translate(_TABLE)
        self._length = len(text)
        self._places: list[int] | None = None
        if len(self.plain) != len(text):
            self._places = [place for place, sign in enumerate(text) if ord(sign) not in _INVISIBLE]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where ``plain[start:end]``, which is not empty, begins and ends in the text, with what is unseen after it."""
        if self._places is None:
            return start, end
        return self._places[start], self._places[end] if end < len(self._places) else self._length

    @cached_property
    def spelt_out(self) -> str:
        """``plain`` with Chinese numerals as digits where seven or more follow each other: 138一二三四8000.

        It is as long. Where they are fewer, they are words.
        """
        return _SPELT_NUMBER.sub(lambda found: found[0].translate(_NUMERAL_TABLE), self.plain)

    def occurrences(self, digits: str, *, most_between: int) -> list[tuple[int, int]]:
        """Where a known number stands in ``plain``, with up to so many other characters between any two digits.

        Chinese numerals are taken for digits, and then for other characters.
        """
        found = []
        for copy, stream in self._streams:
            if digits not in stream:
                continue
            places = [digit.start() for digit in _DIGIT.finditer(copy)]
            first = stream.find(digits)
            while first >= 0:
                at = places[first : first + len(digits)]
                if all(later - earlier <= most_between + 1 for earlier, later in pairwise(at)):
                    found.append((at[0], at[-1] + 1))
                first = stream.find(digits, first + 1)
        return found

    @cached_property
    def digit_copies(self) -> tuple[str, ...]:
        """``plain``, and where it holds any, ``plain`` with all Chinese numerals as digits."""
        return tuple({self.plain, self.plain.translate(_NUMERAL_TABLE)})

    @cached_property
    def _streams(self) -> list[tuple[str, str]]:
        """The copies, and their digits alone."""
        return [(copy, _NO_DIGIT.sub("", copy)) for copy in self.digit_copies]
