"""A replay's breaches are those that an independent calendar finds: none more, none fewer, no letter lost or twice.

Every sixteenth of the real letters of ../shared is replayed where they are at hand, else invented ones with random
times. `bancheng replay` on all of them is the long proof.
"""

import json
import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "letters.jsonl"
WORDS = ("公积金提取被退回", "发票开不出来", "医保视同缴费年限不认", "路灯不亮", "学位申请没有下文", "一件没有规则的事")
LIMITS = {"ordinary": 2, "complex": 5}


def invented(number: int) -> list[dict[str, Any]]:
    """Letters at random moments round Spring Festival and National Day, answered after minutes or weeks."""
    chance = random.Random(20250124)
    letters = []
    for index in range(number):
        received = datetime.fromisoformat(chance.choice(("2020-01-15T08:00:00+08:00", "2019-09-20T08:00:00+08:00")))
        received += timedelta(minutes=chance.randrange(20 * 24 * 60))
        answered = received + timedelta(hours=chance.choice((1, 30, 60, 90, 200, 500)), minutes=chance.randrange(600))
        letters.append(
            {
                "letter": str(index),
                "title": chance.choice(WORDS),
                "text": f"{chance.choice(WORDS)},跑了{index}趟。",
                "received_at": received.isoformat(),
                "answered_at": answered.isoformat() if index % 10 else None,
            }
        )
    return letters


def due_at(received: datetime, working_days: int) -> datetime:
    """Close of business of the n-th working day after the day of receipt, by chinesecalendar."""
    day = received.date()
    while working_days:
        day += timedelta(days=1)
        working_days -= chinese_calendar.is_workday(day)
    return datetime(day.year, day.month, day.day, 17, tzinfo=received.tzinfo)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("letters") / "letters.jsonl"
    if SHARED.exists():
        file.write_text("".join(SHARED.read_text(encoding="utf-8").splitlines(keepends=True)[::16]))
        return file
    file.write_text("".join(json.dumps(letter, ensure_ascii=False) + "\n" for letter in invented(120)))
    return file


def test_the_breached_are_exactly_those_that_an_independent_calendar_finds(letters: Path, tmp_path: Path) -> None:
    rows_file = tmp_path / "rows.jsonl"
    command = [sys.executable, "-W", "ignore", "-m", "services.cli", "replay", str(letters), "--json", str(rows_file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    sent = [json.loads(line) for line in letters.read_text(encoding="utf-8").splitlines()]
    rows = {row["letter"]: row for row in map(json.loads, rows_file.read_text(encoding="utf-8").splitlines())}
    assert len(rows) == len(sent) == len({row["number"] for row in rows.values()})
    for letter in sent:
        row = rows[letter["letter"]]
        expected = due_at(datetime.fromisoformat(letter["received_at"]), LIMITS[row["complexity"]])
        warned = expected.replace(hour=9)  # one working day is left when the center opens on the last one
        answered = letter.get("answered_at")
        assert datetime.fromisoformat(row["due_at"]) == expected, row
        assert row["breached"] == (answered is None or datetime.fromisoformat(answered) > expected), row
        is_open_when_warned = answered is None or datetime.fromisoformat(answered) > warned
        assert is_open_when_warned == any(mark["mark"] == "approaching" for mark in row["marks"]), row
        assert row["breached"] == any(mark["mark"] == "breached" for mark in row["marks"]), row
        assert len(row["marks"]) == len({mark["level"] for mark in row["marks"]}), row
