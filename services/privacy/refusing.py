"""What everybody will read holds nothing personal: it is refused, not masked, so that its writer mends it. Pure."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from schemas.errors import Invalid
from schemas.record.record import Record
from services.privacy.masking import is_an_office
from services.privacy.normalised_text import NormalisedText
from services.privacy.personal_data import Pause, no_pause, personal_data_in


def ensure_nothing_personal(body: Record, pause: Pause = no_pause) -> None:
    """No text of it holds a phone, a number of a card or a person, an address of e-mail, a plate; telephones of offices
    may stand. Raises Invalid, which names the field, as in ``materials.3``.
    """
    for field, text in _texts(body.__dict__, ""):
        if any(not is_an_office(find) for find in personal_data_in(NormalisedText(text), pause)):
            raise Invalid(field, "Must hold no personal data.")


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and not isinstance(value, Enum):
        yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, f"{path}.{name}".lstrip("."))
    elif isinstance(value, tuple):
        for nth, each in enumerate(value):
            yield from _texts(each, f"{path}.{nth}")
    elif isinstance(value, Record):
        yield from _texts(value.__dict__, path)
