"""How much may be shown of personal data: of a name, a phone, an ID number, and of what citizens write."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from schemas.identity import MOBILE, plain, plain_phone
from schemas.requests.applicants import Applicant
from services.privacy.normalised_text import NormalisedText
from services.privacy.numbers import Kind
from services.privacy.personal_data import Find, Pause, no_pause, personal_data_in

_COMPOUND_SURNAMES = frozenset(
    re.findall(
        r"\w\w",
        "欧阳、太史、端木、上官、司马、东方、独孤、南宫、万俟、闻人、夏侯、诸葛、尉迟、公羊、赫连、澹台、"
        "皇甫、宗政、濮阳、公冶、太叔、申屠、公孙、慕容、仲孙、钟离、长孙、宇文、司徒、鲜于、司空、闾丘、"
        "子车、亓官、司寇、巫马、公西、颛孙、壤驷、公良、漆雕、乐正、宰父、谷梁、拓跋、夹谷、轩辕、令狐、"
        "段干、百里、呼延、东郭、南门、羊舌、微生、梁丘、左丘、东门、西门、第五、纳兰、完颜、叶赫、那拉、",
    )
)

MOST_BETWEEN = 3
"""Characters between two digits of a number that is known to be the applicant's own."""
BETWEEN_CHARACTERS = r"[\s.·・•\-_/|*~\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
_NO_ENDING = re.compile("")
_AT = re.compile(r"\s*(?:@|＠|[(（]at[)）])\s*", re.IGNORECASE)


def mask_name(name: str) -> str:
    """The surname and a star for each other character: ``张*``, ``欧阳**``. A single character is hidden."""
    name = name.strip()
    if not name:
        return ""
    kept = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else min(1, len(name) - 1)
    return name[:kept] + "*" * (len(name) - kept)


def mask_phone(phone: str) -> str:
    """``138****8000``, ``0591-****4321``: the last four digits and what tells the network or the area."""
    number = plain_phone(phone)
    if number is None:
        return "*" * len(phone.strip())
    if MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[7:]}"
    area, dash, local = number.partition("-") if number.startswith("0") else ("", "", number)
    return f"{area}{dash}{_last_four(local.partition('-')[0])}"


def mask_id_number(number: str) -> str:
    """The first three and last four characters; of anything shorter than fifteen, the last four at most."""
    number = plain(number)
    kept = 3 if len(number) >= 15 else 0
    return number[:kept] + _last_four(number[kept:])


def mask_text(text: str, name: str | None = None, *, pause: Pause = no_pause) -> str:
    """``text`` with all that `personal_data_in` finds, and ``name``, hidden; linear in its length.

    ``pause`` is called between pieces of the work.
    """
    return _without_name(replaced(text, shown_finds(NormalisedText(text), pause=pause)), name)


def mask_letter(text: str, applicant: Applicant, pause: Pause = no_pause) -> str:
    """What ``applicant`` (in plain form) wrote, for others to read: nothing personal of anybody."""
    normalised = NormalisedText(text)
    hidden = [*_own_numbers(normalised, applicant), *shown_finds(normalised, pause=pause)]
    return _without_name(replaced(text, hidden), applicant.name)


def mask_reply(text: str, applicant: Applicant, pause: Pause = no_pause) -> str:
    """What an office writes to ``applicant``: landlines of offices can be read, but not the applicant's own."""
    normalised = NormalisedText(text)
    others = shown_finds(normalised, spare=is_an_office, pause=pause)
    return _without_name(replaced(text, [*_own_numbers(normalised, applicant), *others]), applicant.name)


class Hidden(NamedTuple):
    """``text[start:end]`` and what is shown in its place."""

    start: int
    end: int
    shown: str


def replaced(text: str, hidden: Iterable[Hidden]) -> str:
    """The text without what is hidden; of two that overlap the one that begins first, of equals the one named first."""
    pieces, done = [], 0
    for start, end, shown in sorted(hidden, key=lambda each: each.start):
        if start >= done:
            pieces += [text[done:start], shown]
            done = end
    return "".join([*pieces, text[done:]])


def shown_finds(
    normalised: NormalisedText, *, spare: Callable[[Find], bool] = lambda _find: False, pause: Pause
) -> Iterator[Hidden]:
    """What is found, except what ``spare`` picks, and what is shown in its place."""
    finds = personal_data_in(normalised, pause)
    return (Hidden(find.start, find.end, _shown(find)) for find in finds if not spare(find))


def is_an_office(find: Find) -> bool:
    """A landline, which is there to be called."""
    phone = plain_phone(find.plain) if find.kind is Kind.PHONE else None
    return phone is not None and not MOBILE.fullmatch(phone)


def _own_numbers(normalised: NormalisedText, applicant: Applicant) -> list[Hidden]:
    """The applicant's own numbers, in whatever way they are written: between two digits may stand anything short."""
    found = []
    for digits, ending, shown in numbers_of(applicant):
        for start, end in normalised.occurrences(digits, most_between=MOST_BETWEEN):
            after = ending.match(normalised.plain, end)
            found.append(Hidden(*normalised.place(start, after.end() if after else end), shown))
    return found


def numbers_of(applicant: Applicant) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Digits to search for, what may end them, and what is shown instead; a landline also without its area code."""
    area, _, rest = applicant.phone.partition("-") if applicant.phone.startswith("0") else ("", "", applicant.phone)
    local = rest.partition("-")[0]
    yield area + local, _NO_ENDING, mask_phone(applicant.phone)
    if area:
        yield local, _NO_ENDING, _last_four(local)
    if applicant.id_number:
        check = re.compile(rf"[^0-9]{{0,{MOST_BETWEEN}}}{applicant.id_number[17]}", re.IGNORECASE)
        yield applicant.id_number[:17], check, mask_id_number(applicant.id_number)
        before_1999 = applicant.id_number[:6] + applicant.id_number[8:17]
        yield before_1999, _NO_ENDING, mask_id_number(before_1999)


def _without_name(text: str, name: str | None) -> str:
    """Without the name, its characters apart by what people put between them to keep it from being found."""
    spelt = re.sub(r"\s", "", name or "")
    if len(spelt) < 2:  # one character would take that character from every word
        return text
    masked = mask_name(spelt)
    pattern = BETWEEN_CHARACTERS.join(map(re.escape, spelt))
    return re.sub(pattern, lambda _found: masked, text, flags=re.IGNORECASE)


def _shown(find: Find) -> str:
    match find.kind:
        case Kind.E_MAIL:
            return f"***@{_AT.split(find.plain)[-1]}"
        case Kind.PHONE:
            return mask_phone(find.plain)
        case Kind.ID_NUMBER:
            return mask_id_number(find.plain)
        case Kind.PLATE:
            return find.plain[:2] + "*" * (len(find.plain) - 2)
        case Kind.PASSPORT | Kind.ACCOUNT:
            return "*" * len(find.plain)
    return _last_four(find.plain)


def _last_four(number: str) -> str:
    return "*" * len(number) if len(number) < 7 else "*" * (len(number) - 4) + number[-4:]
