"""Names, numbers and dates of a center as people read them, in one language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schemas.center.center import Center, Step
from schemas.enums import DeadlineKind
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

    def rung(self, escalation: Reply) -> Step:
        """The rung of the ladder that an escalation reached."""
        ladder = self._center.ladder[DeadlineKind(escalation["kind"])]
        return ladder[int(escalation["level"]) - 1]


def short(number: str) -> str:
    """``0427-0001`` for BC-20260427-0001."""
    return number.partition("-")[2][4:]
