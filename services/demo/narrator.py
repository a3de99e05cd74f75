"""Tells what happens, day by day, from what the services say about themselves and not from what the story asked for.

What the program says is in the language of the run; names and what people wrote stay as they are.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from schemas.enums import Role
from services.calendar.calendar import work_calendar
from services.demo.sentence import Refusal, Sentence, Words, refused, short
from services.demo.sentences import TicketUpdate, sentences, signed_minutes
from services.sandbox.sandbox import Sandbox

_MARGIN = 16
"""Columns of time and number."""
_BETWEEN = " · "
_LEAST_QUOTE = 24


class Narrator:
    """Reads routing's timeline on from where it stopped, and prints it."""

    def __init__(self, sandbox: Sandbox, console: Console, words: Words) -> None:
        self._console, self._words, self._say = console, words, words.say
        self._calendar = work_calendar(sandbox.center.calendar)
        reader = sandbox.token(sandbox.center.director, Role.DIRECTOR)
        self._routing, self._intake = sandbox.client("routing", reader), sandbox.client("intake", reader)
        self._seq = 0
        self._numbers: dict[str, str] = {}
        self._signed: set[str] = set()
        self._escalated: set[tuple[str, int, int]] = set()
        self._is_quiet = True

    def begin(self, day: date) -> None:
        """The heading of a day: whether it counts, and who sits at the window."""
        shifts = self._routing.get("/roster", since=day.isoformat(), until=day.isoformat())["shifts"]
        heading = " · ".join(
            [
                self._say.heading(day),
                self._say.reasons(self._calendar.reasons(day)),
                *map(self._sitting, shifts),
            ]
        )
        if self._calendar.is_open(day) or not self._is_quiet:
            self._console.print()
        self._console.print(Text(heading, style="bold reverse" if self._calendar.is_open(day) else "dim reverse"))
        self._is_quiet = True

    def _sitting(self, shift: dict[str, Any]) -> str:
        """``副主任方健 sits 09:00–12:00 (moved from Tue 5 May)``."""
        opens, closes = (datetime.fromisoformat(shift[name]) for name in ("opens_at", "closes_at"))
        hours = f"{opens:%H:%M}–{closes:%H:%M}"
        if shift["moved_from"]:
            hours += self._say(" (moved from {day})", day=self._say.day(date.fromisoformat(shift["moved_from"])))
        return self._say("{leader} sits {hours}", leader=self._words.person(shift["leader"]), hours=hours)

    def tell(self, at: datetime, refusals: Sequence[Refusal] = ()) -> None:
        """Everything that is new since the last time. ``at`` is now."""
        entries: dict[str, list[dict[str, Any]]] = {}
        for entry in self._new_entries():
            self._numbers[entry["ticket_id"]] = entry["number"]
            entries.setdefault(entry["ticket_id"], []).append(entry)
        for ticket_id in sorted(entries, key=lambda each: self._numbers[each]):  # they reach routing in any order
            for nth, sentence in enumerate(sentences(self._update(ticket_id, entries[ticket_id]), self._words)):
                self._print(at if nth == 0 else None, self._numbers[ticket_id] if nth == 0 else None, sentence)
        for refusal in refusals:
            self._print(at, refusal.number, refused(refusal, self._words))

    def tell_of_sittings(self, at: datetime) -> None:
        """Whose minutes were signed since the last time. ``at`` is now."""
        day = self._calendar.local(at).date().isoformat()
        for sitting in self._routing.get("/sittings", since=day, until=day)["items"]:
            if sitting["signed_at"] and sitting["id"] not in self._signed:
                self._signed.add(sitting["id"])
                self._print(at, None, signed_minutes(self._routing.get(f"/sittings/{sitting['id']}"), self._words))

    def _new_entries(self) -> Iterable[dict[str, Any]]:
        while True:
            page = self._routing.get("/timeline", after=self._seq, limit=200)
            self._seq = page["next"]
            if not page["items"]:
                return
            yield from page["items"]

    def _update(self, ticket_id: str, entries: list[dict[str, Any]]) -> TicketUpdate:
        ticket = self._routing.get(f"/tickets/{ticket_id}")
        fresh = [each for each in ticket["escalations"] if _escalation_key(each) not in self._escalated]
        self._escalated.update(map(_escalation_key, fresh))
        has_come = any(entry["what"] == "ticket.registered" for entry in entries)
        intake = self._intake.get(f"/tickets/{ticket_id}") if has_come else None
        return TicketUpdate(tuple(entries), ticket, tuple(fresh), intake, self._numbers)

    def _print(self, at: datetime | None, number: str | None, sentence: Sentence) -> None:
        """The fact, wrapped where it must be, and as much of the quote as the line holds, or else one line of it."""
        width = max(self._console.width - _MARGIN, _LEAST_QUOTE)
        lines = list(Text(sentence.fact, style=sentence.style).wrap(self._console, width))
        if sentence.quote:
            left = width - cell_len(lines[-1].plain) - len(_BETWEEN)
            style = "bold" if sentence.style == "bold" else "dim"
            if left >= min(_LEAST_QUOTE, cell_len(sentence.quote)):
                lines[-1].append(_BETWEEN).append(_cut(sentence.quote, left), style=style)
            else:
                lines.append(Text(_cut(sentence.quote, width), style=style))
        head = f"{self._calendar.local(at):%H:%M}" if at else ""
        for nth, line in enumerate(lines):
            line.rstrip()
            shown = f"{head if nth == 0 else '':5} {short(number) if number and nth == 0 else '':9} "
            self._console.print(Text().append(shown, style="dim").append_text(line), no_wrap=True, crop=False)
        self._is_quiet = False


def _cut(text: str, width: int) -> str:
    """``text`` in one line of at most ``width`` columns."""
    text = " ".join(text.split())
    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1).rstrip()}…"


def _escalation_key(escalation: dict[str, Any]) -> tuple[str, int, int]:
    return escalation["deadline_id"], escalation["level"], escalation["revision"]
