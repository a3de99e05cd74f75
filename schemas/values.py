"""The sorts of value that requests share, each with a message that says what is expected."""

import unicodedata
from datetime import date, datetime
from typing import Annotated, Any

from marshmallow import ValidationError
from marshmallow.validate import Length, Range, Regexp

from schemas.identity import is_credit_code, is_id_number, plain, plain_phone

NUMBER_LENGTH = 40
"""How long a phone, ID number or code may be as it is written; nobody reads on in what is longer."""

REASON_LENGTH = 200
NO_TITLE = "—"
"""Stands for the title of a ticket that was forgotten, so that there is something to point at."""


class FullMatch(Regexp):
    """All of a text follows the pattern: by itself, Python's ``$`` lets a line feed at the end through."""

    def __call__(self, value: Any) -> Any:
        """The text. Raises ValidationError."""
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


def not_blank(text: str) -> None:
    """Something can be seen."""
    if not text.strip():
        raise ValidationError("Must not be blank.")


def _phone(text: str) -> None:
    """A mobile phone (11 digits) or a landline with its area code, like 0591-87654321."""
    if len(text) <= NUMBER_LENGTH and plain_phone(text) is None:
        raise ValidationError(
            "Must be a mobile phone (11 digits) or a landline with its area code, like 0591-87654321."
        )


def _id_number(text: str) -> None:
    """An 18-character ID card number with the right check digit."""
    if len(text) <= NUMBER_LENGTH and not is_id_number(plain(text)):
        raise ValidationError("Must be an 18-character ID card number with the right check digit.")


def _credit_code(text: str) -> None:
    """An 18-character unified social credit code with the right check digit."""
    if len(text) <= NUMBER_LENGTH and not is_credit_code(plain(text)):
        raise ValidationError("Must be an 18-character unified social credit code with the right check digit.")


def _of_our_time(moment: datetime) -> None:
    """Between the years 2000 and 2100."""
    if not 2000 <= moment.year <= 2100:
        raise ValidationError("Must be between the years 2000 and 2100.")


def _of_a_calendar(day: date) -> None:
    """Between the years 2001 and 2099, for which calendars are kept."""
    if not 2001 <= day.year <= 2099:
        raise ValidationError("Must be between the years 2001 and 2099.")


def _words(text: str) -> None:
    """At least 5 letters, digits or Han, three of them different: what somebody can judge later."""
    if len(text) > REASON_LENGTH:
        return
    said = [sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum()]
    if len(said) < 5 or len(set(said)) < 3:
        raise ValidationError("Must say why in words: at least 5 letters, digits or characters, not one repeated.")


def distinct(values: tuple[Any, ...]) -> None:
    """Nothing is named twice."""
    if len(set(values)) != len(values):
        raise ValidationError("Must not hold anything twice.")


Line = Annotated[str, Length(min=1, max=200), not_blank]
"""A title or one item of a list."""

Name = Annotated[str, Length(min=1, max=100), not_blank]
Explanation = Annotated[str, Length(min=5, max=2000), not_blank]
"""Why: a sentence at least, since somebody will have to understand it later."""

Reason = Annotated[str, Length(min=5, max=REASON_LENGTH), _words]
"""Why somebody wants to see or find personal data; it is kept with the name of who asked."""

Phone = Annotated[str, Length(max=NUMBER_LENGTH), _phone]
IdNumber = Annotated[str, Length(max=NUMBER_LENGTH), _id_number]
CreditCode = Annotated[str, Length(max=NUMBER_LENGTH), _credit_code]
QueryCode = Annotated[str, Length(min=8, max=20)]
"""What the citizen was given to ask with; spaces, dashes and small letters are understood."""

Timestamp = Annotated[datetime, _of_our_time]
Day = Annotated[date, _of_a_calendar]
PageSize = Annotated[int, Range(min=1, max=200)]
"""How many at most; fewer come where their texts are long, and the reply's ``next`` says that there are more."""
Cursor = Annotated[str, Length(min=1, max=200)]
"""Where the next page begins: a reply's ``next``, given back as ``after``."""
