"""The result of a replay: a row for each letter, and a table of what the promises would have made of them."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.table import Table

from schemas.center.center import Center
from schemas.enums import Complexity, Mark
from services.calendar.calendar import WorkCalendar, work_calendar
from services.replay.driver import Passage
from services.wording import Wording


def row_of(passage: Passage) -> dict[str, Any]:
    """One letter as plain JSON types, for `--json`."""
    letter = passage.letter
    return {
        "letter": letter.letter,
        "number": passage.number,
        "category": letter.category,
        "complexity": passage.complexity,
        "lead": passage.lead,
        "received_at": letter.received_at.isoformat(),
        "due_at": passage.due_at.isoformat() if passage.due_at else None,
        "answered_at": letter.answered_at.isoformat() if letter.answered_at else None,
        "breached": passage.breached,
        "marks": passage.marks,
    }


@dataclass
class Line:
    """The figures of one category or department. ``late`` are working days, of the letters answered too late."""

    letters: int = 0
    ordinary: int = 0
    complex: int = 0
    met: int = 0
    warned: int = 0
    breached: int = 0
    unanswered: int = 0
    highest: tuple[int, ...] = ()
    late: tuple[int, ...] = ()

    def add(self, passage: Passage, calendar: WorkCalendar) -> None:
        """Count one letter."""
        marks = {mark["mark"] for mark in passage.marks}
        self.letters += 1
        self.ordinary += passage.complexity == Complexity.ORDINARY
        self.complex += passage.complexity == Complexity.COMPLEX
        self.met += not passage.breached
        self.warned += Mark.APPROACHING in marks
        self.breached += passage.breached
        self.highest += (max((mark["level"] for mark in passage.marks), default=0),)
        answered_at, due_at = passage.letter.answered_at, passage.due_at
        if answered_at is None:
            self.unanswered += 1
        elif due_at is not None and passage.breached:
            self.late += (calendar.working_days_late(due_at, answered_at),)


def table_of(passages: Sequence[Passage], center: Center, say: Wording) -> Table:
    """By category where the letters have one, else by leading department; the last line is the whole."""
    calendar = work_calendar(center.calendar)
    has_categories = any(passage.letter.category for passage in passages)
    lines: dict[str, Line] = defaultdict(Line)
    total = Line()
    for passage in passages:
        if has_categories:
            key = passage.letter.category or "-"
        else:
            department = center.departments.get(passage.lead)
            key = f"{passage.lead} {department.name}" if department else passage.lead
        lines[key].add(passage, calendar)
        total.add(passage, calendar)
    levels = max(total.highest, default=0)
    title = say("What the promises would have made of these letters")
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column(
        say("category") if has_categories else say("lead department"), overflow="fold", min_width=14, max_width=24
    )
    for heading in ("letters", "ordinary", "complex", "met", "warned", "breached", "no answer"):
        table.add_column(say(heading), justify="right", no_wrap=True)
    for level in range(1, levels + 1):
        table.add_column(say("to {level}", level=level), justify="right", no_wrap=True)
    table.add_column(say("late"), justify="right", no_wrap=True)
    table.add_column(say("latest"), justify="right", no_wrap=True)
    for key, line in sorted(lines.items(), key=lambda item: -item[1].letters):
        table.add_row(key, *_cells(line, levels))
    table.add_section()
    table.add_row(say("all"), *_cells(total, levels))
    table.caption = say(
        "'to n': the highest level of the ladder that was reached; 'late': working days after the due time, the median"
    )
    table.caption_justify = "left"
    return table


def _cells(line: Line, levels: int) -> list[str]:
    counts = (line.letters, line.ordinary, line.complex, line.met, line.warned, line.breached, line.unanswered)
    reached = [line.highest.count(level) for level in range(1, levels + 1)]
    late = [f"{statistics.median(line.late):g}", str(max(line.late))] if line.late else ["", ""]
    return [*map(str, counts), *map(str, reached), *late]
