"""The applicant's data, recognisable in staff texts to services that have the masking key, and readable to nobody.

intake knows the applicants and routing does not, yet what departments write names them. So intake announces with each
ticket a keyed fingerprint of the name and of each number; routing slides windows of their lengths over a text and
hides what has such a fingerprint. It is made for one ticket: the same person's tickets cannot be linked by it.

    keys = MaskingKeys("<at least 32 bytes of text>,<an earlier key>")
    prints = keys.fingerprints(ticket_id, applicant)               # ("name:3:9f...", "number:11:04...")
    keys.mask_staff_text("张三丰您好", ticket_id, prints, pause)      # "张**您好"
"""

import hmac
import re
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from uuid import UUID

from schemas.requests.applicants import Applicant
from services.privacy.masking import (
    BETWEEN_CHARACTERS,
    MOST_BETWEEN,
    Hidden,
    is_an_office,
    mask_id_number,
    mask_name,
    mask_phone,
    numbers_of,
    replaced,
    shown_finds,
)
from services.privacy.normalised_text import NormalisedText
from services.privacy.personal_data import Pause, no_pause

KEY_BYTES = 32
"""A masking key has at least so many bytes, since phones and names are few enough to be tried one by one."""

_DIGEST_BYTES = 8
_NAME, _NUMBER = "name", "number"
_FINGERPRINT = re.compile(rf"(?:{_NAME}|{_NUMBER}):[1-9][0-9]{{0,2}}:[0-9a-f]{{{2 * _DIGEST_BYTES}}}")
_LETTERS = re.compile(rf"[^\W\d_](?:{BETWEEN_CHARACTERS}[^\W\d_])*")
_CHECK_CHARACTER = re.compile(rf"[^0-9]{{0,{MOST_BETWEEN}}}[0-9Xx](?![0-9])")


class BadMaskingKey(ValueError):
    """The text of the masking keys cannot be used. Its message shows no key."""


class MaskingKeys:
    """What intake and routing share and nobody else has. Holds keys: never log it."""

    def __init__(self, text: str) -> None:
        """Keys separated by commas: the first makes fingerprints, all recognise them. Raises BadMaskingKey."""
        self._keys = [key.strip().encode() for key in text.split(",")]
        if any(len(key) < KEY_BYTES for key in self._keys):
            raise BadMaskingKey(f"each key needs at least {KEY_BYTES} bytes")

    def fingerprints(self, ticket_id: UUID, applicant: Applicant) -> tuple[str, ...]:
        """Of the applicant's name and numbers, for this ticket: ``kind:length:digest``."""
        name = "".join(filter(str.isalpha, NormalisedText(applicant.name).plain)).casefold()
        known = [(_NAME, name)] if len(name) > 1 else []
        known += [(_NUMBER, digits) for digits, _ending, _shown in numbers_of(applicant)]
        key = self._keys[0]
        return tuple(f"{kind}:{len(value)}:{_digest(key, ticket_id, kind, value)}" for kind, value in known)

    def mask_staff_text(
        self, text: str, ticket_id: UUID, fingerprints: Collection[str], pause: Pause = no_pause
    ) -> str:
        """``text`` without what has one of the ``fingerprints``, and without what else looks personal.

        Landlines of offices can be read. ``pause`` is called between pieces of the work, which grows with the length
        of the text and the number of fingerprints.
        """
        normalised = NormalisedText(text)
        hidden = [*self._recognised(normalised, ticket_id, fingerprints, pause)]
        return replaced(text, [*hidden, *shown_finds(normalised, spare=is_an_office, pause=pause)])

    def _recognised(
        self, normalised: NormalisedText, ticket_id: UUID, fingerprints: Collection[str], pause: Pause
    ) -> Iterator[Hidden]:
        lengths: dict[tuple[str, int], set[str]] = {}
        for each in filter(_FINGERPRINT.fullmatch, fingerprints):
            kind, size, digest = each.split(":")
            lengths.setdefault((kind, int(size)), set()).add(digest)
        for (kind, length), digests in lengths.items():

            def is_own(value: str, kind: str = kind, digests: set[str] = digests) -> bool:
                pause()
                return any(_digest(key, ticket_id, kind, value) in digests for key in self._keys)

            runs = _letter_runs(normalised) if kind == _NAME else _digit_runs(normalised)
            for start, end, value in _windows(runs, length, is_own):
                if kind == _NUMBER and length in (15, 17):
                    after = _CHECK_CHARACTER.match(normalised.plain, end) if length == 17 else None
                    end = after.end() if after else end
                    value += after[0][-1].upper() if after else ""
                yield Hidden(*normalised.place(start, end), _shown(kind, value))


def _digest(key: bytes, ticket_id: UUID, kind: str, value: str) -> str:
    message = ticket_id.bytes + kind.encode() + b"\0" + value.encode()
    return hmac.digest(key, message, "sha256")[:_DIGEST_BYTES].hex()


def _shown(kind: str, value: str) -> str:
    if kind == _NAME:
        return mask_name(value)
    return mask_id_number(value) if len(value) >= 15 else mask_phone(value)


_Run = tuple[str, list[int]]
"""Characters that may belong together, and where each stands in the plain text."""


def _letter_runs(normalised: NormalisedText) -> Iterator[_Run]:
    """Letters and Han with nothing between them but what people put there to keep a name from being found."""
    for run in _LETTERS.finditer(normalised.plain):
        places = [place for place in range(*run.span()) if normalised.plain[place].isalpha()]
        yield "".join(normalised.plain[place] for place in places), places


def _digit_runs(normalised: NormalisedText) -> Iterator[_Run]:
    """Digits with at most MOST_BETWEEN other characters between two of them."""
    for copy in normalised.digit_copies:
        places = [place for place, sign in enumerate(copy) if "0" <= sign <= "9"]
        begins = [0, *(nth for nth, (a, b) in enumerate(pairwise(places), 1) if b - a > MOST_BETWEEN + 1), len(places)]
        for first, last in pairwise(begins):
            yield "".join(copy[place] for place in places[first:last]), places[first:last]


def _windows(runs: Iterator[_Run], length: int, is_own: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
    """The windows of ``length`` that are the applicant's own: start and end in the plain text, and what they hold."""
    judged: dict[str, bool] = {}
    for signs, places in runs:
        for first in range(len(signs) - length + 1):
            value = signs[first : first + length].casefold()
            if value not in judged:
                judged[value] = is_own(value)
            if judged[value]:
                yield places[first], places[first + length - 1] + 1, signs[first : first + length]
