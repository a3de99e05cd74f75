"""What people read, in one language a run: English as it stands in the program, Chinese from `wording_zh.yml`. Pure.

say = Wording(language_of(os.environ))
say("due at {when} ({days} working days)", when=..., days=2)
say.reasons(("weekend", "day_of_receipt"))
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from schemas.reasons import DayReason, RoutingReason
from services.calendar.days import holiday_in_english

CATALOG = Path(__file__).with_name("wording_zh.yml")

_REASONS: dict[str, str] = {
    DayReason.WORKING_DAY: "working day",
    DayReason.WEEKEND: "weekend",
    DayReason.MAKE_UP_WORKING_DAY: "make-up working day",
    DayReason.STATUTORY_HOLIDAY: "holiday: {parameter}",
    DayReason.DAY_OFF_IN_EXCHANGE: "day off in exchange for the make-up day {parameter}",
    DayReason.CLOSED_BY_CENTER: "closed by the center",
    DayReason.OPENED_BY_CENTER: "opened by the center",
    DayReason.NOT_ANNOUNCED_YET: "not announced yet",
    DayReason.DAY_OF_RECEIPT: "day of receipt",
    DayReason.TREATED_AS_DAY_OF_RECEIPT: "treated as day of receipt",
    DayReason.WAITING_FOR_MATERIALS: "waiting for the applicant's materials",
    DayReason.COUNTED_IN_PART: "in part",
    RoutingReason.MATTER: "matter {parameter}",
    RoutingReason.CAUSE: "cause {parameter}",
    RoutingReason.KEYWORD: "word {parameter}",
    RoutingReason.KEYWORDS: "words {parameter}",
    RoutingReason.EVERY_TICKET: "fits every ticket",
    RoutingReason.SUGGESTED: "suggested by the department that returned it: {parameter}",
    RoutingReason.SIMILAR_CASES: "no rule fits; by itself, as solved tickets like it were: {parameter}",
    RoutingReason.REOPENED: "reopened after a bad rating",
}


class Language(StrEnum):
    """The languages that people are spoken to in."""

    ZH = "zh"
    EN = "en"


def language_of(environment: Mapping[str, str]) -> Language:
    """Of the locale, the first of LC_ALL, LC_MESSAGES and LANG that is set: English unless it is Chinese."""
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return Language.ZH if locale.lower().startswith("zh") else Language.EN


class Wording:
    """Words of one language. A phrase is named by its English; one that the catalog lacks is said in English."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._catalog = _chinese() if language is Language.ZH else {}

    def __call__(self, english: str, **values: object) -> str:
        """A phrase with ``values`` in the places of their names."""
        return self._catalog.get(english, english).format(**values)

    def reasons(self, codes: Iterable[str]) -> str:
        """Why a day counts or not, why a rule fits: DayReasons and RoutingReasons, with parameters.

        A code that is not known here is said as it is.
        """
        return self(", ").join(map(self._reason, codes))

    def word(self, code: str) -> str:
        """A code of the closed lists in words: ``very satisfied``, ``非常满意`` for very_satisfied."""
        return self(code.replace("_", " "))

    def reply(self, sentence: str) -> str:
        """A whole sentence that a service replied, which are in English."""
        return self._catalog.get(sentence, sentence)

    def listed(self, names: Iterable[str]) -> str:
        """Names one after another."""
        return ("、" if self.language is Language.ZH else ", ").join(names)

    def weekday(self, day: date) -> str:
        """``Fri``, ``周五``."""
        return self(f"{day:%a}")

    def day(self, day: date) -> str:
        """``Fri 24 Jan``, ``1月24日 周五``; of a datetime its date."""
        if self.language is Language.ZH:
            return f"{day.month}月{day.day}日 {self.weekday(day)}"
        return f"{day:%a} {day.day} {day:%b}"

    def heading(self, day: date) -> str:
        """``Friday 24 January``, ``1月24日 周五``."""
        return self.day(day) if self.language is Language.ZH else f"{day:%A} {day.day} {day:%B}"

    def _reason(self, code: str) -> str:
        kind, _, parameter = code.partition(":")
        if kind not in _REASONS:
            return code
        if kind == DayReason.STATUTORY_HOLIDAY and self.language is Language.EN:
            parameter = holiday_in_english(parameter)
        if kind == DayReason.DAY_OFF_IN_EXCHANGE and parameter:
            parameter = self.day(date.fromisoformat(parameter))
        if kind == RoutingReason.CAUSE:
            parameter = self.word(parameter)
        return self(_REASONS[kind], parameter=parameter)


@cache
def _chinese() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load(CATALOG.read_text(encoding="utf-8"))
    return loaded
