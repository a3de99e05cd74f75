"""One line of the demonstration: how names and dates, a deadline that reached a mark and a refusal read. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from schemas.center.center import Center, Step
from schemas.enums import DeadlineKind, Mark
from services.wording import Wording

Reply = Mapping[str, Any]
"""What a service replied, as plain JSON types."""


class Words:
    """Names and dates of one center as people read them; all else ``say`` words. Names stay as the center has them."""

    def __init__(self, center: Center, say: Wording) -> None:
        self.say = say
        self._center = center
        self._zone = ZoneInfo(center.calendar.time_zone)

    def department(self, code: str | None) -> str:
        """``税务局 SWJ``: what stands in brackets in the name is left out."""
        known = self._center.departments.get(code or "")
        return f"{known.name.partition('（')[0]} {code}" if known else str(code)

    def person(self, staff: str) -> str:
        """``政务服务中心主任沈国强``."""
        known = self._center.staff.get(staff)
        return f"{known.title}{known.name}" if known else staff

    def people(self, staff: Iterable[str]) -> str:
        """Several persons."""
        return self.say.listed(map(self.person, staff))

    def when(self, iso: str | None) -> str:
        """``Wed 29 Apr 17:00``, ``4月29日 周三 17:00`` on the center's clocks."""
        if not iso:
            return self.say("a time not known yet")
        local = datetime.fromisoformat(iso).astimezone(self._zone)
        return f"{self.say.day(local)} {local:%H:%M}"

    def ladder_step(self, escalation: Reply) -> Step:
        """The step of the ladder that an escalation reached."""
        ladder = self._center.ladder[DeadlineKind(escalation["kind"])]
        return ladder[int(escalation["level"]) - 1]


def short(number: str) -> str:
    """``0427-0001`` for BC-20260427-0001."""
    return number.partition("-")[2][4:]


class Sentence(NamedTuple):
    """``fact`` is in the language of the run; ``quote`` are people's own words as they wrote them, maybe cut short.

    ``style`` is a colour; nothing is said by it that the words do not say.
    """

    fact: str
    quote: str = ""
    style: str = ""


class Refusal(NamedTuple):
    """What a service refused, and why: (field, reason), the field of the whole being "". ``number`` is the ticket's.

    ``act`` is the act of a moment. Without it, it is ``title``, one of ``size`` tickets that came in as ``batch``: it
    did not even become a ticket.
    """

    number: str | None
    reasons: tuple[tuple[str, str], ...]
    act: str | None = None
    title: str = ""
    batch: str | None = None
    size: int = 0


MISSED = {
    DeadlineKind.ANSWER: "not answered",
    DeadlineKind.REPORT: "no report",
    DeadlineKind.ACKNOWLEDGE: "not signed for",
    DeadlineKind.ARBITRATE: "not decided",
}
"""Phrases for what a breach of each kind is."""

REFUSED_BECAUSE = (
    "an extension could be asked for until {when}",
    "an extension could be granted until {when}",
    "it was extended {times} times already, which is all that is allowed",
    "the deadline waits for the applicant; ask when it runs again",
    "the promise was kept already",
    "the deadline is not known yet; try again",
)
"""The forms in which routing refuses more time; services reply in English."""


def escalated(escalation: Reply, words: Words) -> Sentence:
    """Which light and step of the ladder, why, and who was told."""
    step, say = words.ladder_step(escalation), words.say
    missed = say(MISSED[DeadlineKind(escalation["kind"])])
    light = say(step.light).upper()
    state = {
        Mark.APPROACHING: _days("1 working day left", "{days} working days left", step.working_days, words),
        Mark.BREACHED: say("{missed} in time", missed=missed),
        Mark.OVERDUE: missed + _days(", 1 working day late", ", {days} working days late", step.working_days, words),
    }[step.mark]
    reached = say("{light} {level}", light=light, level=escalation["level"])
    skipped = say.listed(map(say.word, escalation["skipped"]))
    nobody = say(" (nobody is {posts})", posts=skipped) if skipped else ""
    return Sentence(f"{reached} · {state} → {words.people(escalation['to'])}{nobody}", style=str(step.light))


def _days(one: str, several: str, days: int, words: Words) -> str:
    return words.say(one) if days == 1 else words.say(several, days=days)


def refused(refusal: Refusal, words: Words) -> Sentence:
    """What was asked, and why it was refused."""
    say = words.say
    if refusal.act is not None:
        asked = say("to {act}", act=say.word(refusal.act))
    else:
        asked = say("one of {size} from {batch}, “{title}”", **refusal._asdict())
    whys = [(field, _reason(reason, words)) for field, reason in refusal.reasons]
    why = "; ".join(say("{field}: {reason}", field=field, reason=reason) if field else reason for field, reason in whys)
    return Sentence(say("REFUSED {asked}: {why}", asked=asked, why=why), style="red")


def _reason(english: str, words: Words) -> str:
    """What a service replied, in the language of the run; what has no form that is known here, as it is."""
    for form in REFUSED_BECAUSE:
        found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(form)), english)
        if found:
            return words.say(form, **found.groupdict())
    return words.say.reply(english)
