"""How much may be shown of personal data: of a name, a phone, an ID number, and of what citizens write."""

import re
from collections.abc import Callable

from schemas.identity import MOBILE, plain, plain_phone
from schemas.intake_requests import Applicant
from services.personal_data import Find, Kind, Pause, no_pause, personal_data_in

_COMPOUND_SURNAMES = frozenset(
    re.findall(
        r"\w\w",
        "欧阳、太史、端木、上官、司马、东方、独孤、南宫、万俟、闻人、夏侯、诸葛、尉迟、公羊、赫连、澹台、"
        "皇甫、宗政、濮阳、公冶、太叔、申屠、公孙、慕容、仲孙、钟离、长孙、宇文、司徒、鲜于、司空、闾丘、"
        "子车、亓官、司寇、巫马、公西、颛孙、壤驷、公良、漆雕、乐正、宰父、谷梁、拓跋、夹谷、轩辕、令狐、"
        "段干、百里、呼延、东郭、南门、羊舌、微生、梁丘、左丘、东门、西门、第五、纳兰、完颜、叶赫、那拉、",
    )
)


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


def mask_text(
    text: str,
    name: str | None = None,
    *,
    spare: Callable[[Find], bool] = lambda _find: False,
    pause: Pause = no_pause,
) -> str:
    """``text`` with phones, ID numbers, bank cards, e-mail addresses and ``name`` hidden; linear in its length.

    ``spare`` picks the finds that may be read; ``pause`` is called between pieces of the work.
    """
    pieces, done = [], 0
    for find in personal_data_in(text, pause):
        if not spare(find):
            pieces += [text[done : find.start], _shown(find)]
            done = find.end
    hidden = "".join([*pieces, text[done:]])
    spelt = re.sub(r"\s", "", name or "")
    if len(spelt) < 2:  # one character would take that character from every word
        return hidden
    masked = mask_name(spelt)
    return re.sub(r"\s{0,2}".join(map(re.escape, spelt)), lambda _found: masked, hidden, flags=re.IGNORECASE)


def mask_letter(text: str, applicant: Applicant, pause: Pause = no_pause) -> str:
    """What ``applicant`` (in plain form) wrote, for others to read: nothing personal of anybody."""
    return _without_own_numbers(mask_text(text, applicant.name, pause=pause), applicant)


def _is_an_office(find: Find) -> bool:
    """A landline, which is there to be called."""
    phone = plain_phone(find.plain) if find.kind is Kind.PHONE else None
    return phone is not None and not MOBILE.fullmatch(phone)


def mask_staff_text(text: str, pause: Pause = no_pause) -> str:
    """What an office writes where the applicant is not known: landlines of offices can be read, nothing else."""
    return mask_text(text, spare=_is_an_office, pause=pause)


def mask_reply(text: str, applicant: Applicant, pause: Pause = no_pause) -> str:
    """What an office writes to ``applicant``: landlines of offices can be read, but not the applicant's own."""

    def is_an_office(find: Find) -> bool:
        return _is_an_office(find) and plain_phone(find.plain) != applicant.phone

    return _without_own_numbers(mask_text(text, applicant.name, spare=is_an_office, pause=pause), applicant)


def _without_own_numbers(text: str, applicant: Applicant) -> str:
    """Without the applicant's own numbers, also where they alone do not look like numbers of a person."""
    phone = applicant.phone
    for number in (phone, *phone.split("-")):
        if len(number) >= 7:
            text = text.replace(number, mask_phone(number))
    return text


def _shown(find: Find) -> str:
    if find.kind is Kind.E_MAIL:
        return f"***@{find.plain.partition('@')[2]}"
    if find.kind is Kind.PHONE:
        return mask_phone(find.plain)
    return mask_id_number(find.plain) if find.kind is Kind.ID_NUMBER else _last_four(find.plain)


def _last_four(number: str) -> str:
    return "*" * len(number) if len(number) < 7 else "*" * (len(number) - 4) + number[-4:]
