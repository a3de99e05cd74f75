"""Everything that people read, in their language: catalogues, times as people say them, codes in words.

The English stands in the templates and in the code as ``_("...")``; its Chinese is in translations/zh. Codes of
`schemas.enums` are worded as ``code:<code>`` in both catalogues, so that no code is ever shown.
"""

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from services.desk.rules.replies import parsed
from services.wording import Language
from services.wording import Wording as Phrases

LANGUAGES: tuple[str, ...] = tuple(Language)
"""The first one is shown to whoever has not chosen."""
_CATALOGUES = Path(__file__).parent / "translations"
_LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
_DAY = {"zh": "M月d日 EEE", "en": "EEE d MMM"}
_MOMENT = {"zh": "M月d日 EEE HH:mm", "en": "EEE d MMM HH:mm"}


def at_start(words: str) -> str:
    """Words as they begin a line: codes are worded for the middle of one."""
    return words[:1].upper() + words[1:]


@lru_cache
def catalogue(language: str) -> Translations:
    """The catalogue of a language, read from its source: it is small, and cannot be out of date."""
    path = _CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)


class PageWording:
    """One language, and the center's local time."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = catalogue(language)
        self._phrases = Phrases(Language(language))

    def say(self, text: str, **values: Any) -> str:
        """``text`` in the language, with ``{name}`` filled in."""
        said = str(self._catalogue.gettext(text))
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int) -> str:
        """A phrase with a number."""
        return str(self._catalogue.ngettext(one, many, number)).format(number=number)

    def code(self, code: str | None) -> str:
        """A code of `schemas.enums` in words; one that is not known stays a code."""
        return self.say(f"code:{code}").removeprefix("code:") if code else ""

    def reasons(self, codes: str | Iterable[str]) -> str:
        """Why a day counts, or why a rule fits, with the parameters of these codes; several in a text have commas."""
        return self._phrases.reasons(codes.split(", ") if isinstance(codes, str) else codes)

    def codes(self, prefix: str, codes: Iterable[str]) -> str:
        """Several codes in words, one after another."""
        return self.listed(self.code(prefix + each) for each in codes)

    def listed(self, names: Iterable[str]) -> str:
        """Names one after another, with the comma between names that the language has."""
        return self._phrases.listed(names)

    def about(self, what: str, text: str) -> str:
        """What a text is about, and the text, with the colon that the language has."""
        return self.say("{what}: {words}", what=what, words=text)

    def reply(self, sentence: str) -> str:
        """What a service replied, which is in English."""
        known, values = parsed(sentence)
        prefix = {
            "state": "state_",
            "assignment": "assignment_",
            "extension": "extension_",
            "meeting": "meeting_",
            "change": "change_",
            "sitting": "sitting_",
            "act": "act_",
        }
        words = {
            name: self.code(prefix[name] + each.replace(" ", "_")) if name in prefix else each
            for name, each in values.items()
        }
        return self.say(known, **words)

    def replies(self, sentences: Iterable[str]) -> str:
        """Several sentences of a service, one after another."""
        return " ".join(map(self.reply, sentences))

    def moment(self, at: datetime | str | None) -> str:
        """An instant as people say it: 4月29日 周三 17:00. It carries the center's offset already."""
        if at is None:
            return ""
        instant = datetime.fromisoformat(at) if isinstance(at, str) else at
        return str(
            format_datetime(instant, _MOMENT[self.language], tzinfo=instant.tzinfo, locale=_LOCALES[self.language])
        )

    def day(self, day: date | str | None) -> str:
        """A day as people say it: 4月29日 周三."""
        if day is None:
            return ""
        given = date.fromisoformat(day) if isinstance(day, str) else day
        return str(format_date(given, _DAY[self.language], locale=_LOCALES[self.language]))

    def full_day(self, day: str) -> str:
        """A day of any year: 2011年2月1日."""
        return str(format_date(date.fromisoformat(day), "long", locale=_LOCALES[self.language]))

    def span(self, begins: str, ends: str) -> str:
        """From an instant to one of the same day: 4月29日 周三 09:00–12:00."""
        return f"{self.moment(begins)}–{datetime.fromisoformat(ends):%H:%M}"

    def part_of_day(self, day: date, pattern: str) -> str:
        """A day, or its month or weekday, by a pattern of Unicode's (CLDR)."""
        return str(format_date(day, pattern, locale=_LOCALES[self.language]))

    def file_size(self, size: int) -> str:
        """How large a file is, as people say it: 320 KB, 1.4 MB."""
        return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(1, size >> 10)} KB"

    def time_left(self, left: timedelta, day: timedelta) -> str:
        """Working time in working days (of ``day`` hours) and hours, such as 1 working day 3 hours."""
        days, rest = divmod(left, day)
        hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
        parts = []
        if days:
            parts.append(self.count("{number} working day", "{number} working days", days))
        if hours:
            parts.append(self.count("{number} hour", "{number} hours", hours))
        if not days and (minutes or not hours):
            parts.append(self.count("{number} minute", "{number} minutes", minutes))
        return " ".join(parts)
