"""A replay's breaches are those that an independent calendar finds: none more, none fewer, no letter lost or twice.

The figures of the years in which they came are those that somebody finds who counts for themselves. Every sixteenth of
the real letters of ../shared is replayed where they are at hand, else invented ones with random times, which is said;
BANCHENG_ALL_LETTERS=1 replays all of them, which takes a quarter of an hour.
"""

import json
import os
import random
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import chinese_calendar
import psycopg2
import pytest

from schemas.enums import Role
from services.replay.driver import Replay, with_channel
from services.replay.letters import read_letters
from services.replay.report import row_of
from services.sandbox.sandbox import Sandbox
from tests.e2e.counting import facts_of, figures, tickets_of
from tests.stack.house import demo_center

ROOT = Path(__file__).parents[2]
IS_WHOLE = bool(os.environ.get("BANCHENG_ALL_LETTERS"))
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
        lines = SHARED.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(lines if IS_WHOLE else lines[::16]), encoding="utf-8")
        return file
    warnings.warn(f"{SHARED} is not there: invented letters are replayed", stacklevel=1)
    file.write_text("".join(json.dumps(letter, ensure_ascii=False) + "\n" for letter in invented(120)))
    return file


class Replayed(NamedTuple):
    """A house in which all letters were received and answered, and what became of each."""

    sandbox: Sandbox
    rows: dict[str, Any]


@pytest.fixture(scope="module")
def replayed(letters: Path) -> Iterator[Replayed]:
    read, center = read_letters(letters), demo_center()
    with Sandbox(with_channel(center), read[0].received_at) as sandbox:
        clerk, leader, fallback = next(iter(center.staff)), center.roster.leaders[0], next(iter(center.departments))
        player = Replay(sandbox, clerk=clerk, leader=leader, fallback=fallback)
        rows = [row_of(passage) for passage in player.run(read, lambda: None)]
        assert len(rows) == len(read) == len({row["number"] for row in rows})
        yield Replayed(sandbox, {row["letter"]: row for row in rows})


def test_the_breached_are_exactly_those_that_an_independent_calendar_finds(letters: Path, replayed: Replayed) -> None:
    for line in letters.read_text(encoding="utf-8").splitlines():
        letter = json.loads(line)
        row = replayed.rows[letter["letter"]]
        expected = due_at(datetime.fromisoformat(letter["received_at"]), LIMITS[row["complexity"]])
        warned = expected.replace(hour=9)  # one working day is left when the center opens on the last one
        answered = letter.get("answered_at")
        assert datetime.fromisoformat(row["due_at"]) == expected, row
        assert row["breached"] == (answered is None or datetime.fromisoformat(answered) > expected), row
        is_open_when_warned = answered is None or datetime.fromisoformat(answered) > warned
        assert is_open_when_warned == any(mark["mark"] == "approaching" for mark in row["marks"]), row
        assert row["breached"] == any(mark["mark"] == "breached" for mark in row["marks"]), row
        assert len(row["marks"]) == len({mark["level"] for mark in row["marks"]}), row


def test_the_figures_of_each_year_are_what_an_independent_count_finds(replayed: Replayed) -> None:
    sandbox = replayed.sandbox
    with closing(psycopg2.connect(sandbox.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM intake.tickets WHERE repeat_of IS NOT NULL")
        repeated = {id_ for (id_,) in cursor.fetchall()}
        cursor.execute("SELECT bancheng.now()")
        ((now,),) = cursor.fetchall()
    facts = [
        fact for ticket in tickets_of(sandbox) for fact in facts_of(ticket | {"is_repeated": ticket["id"] in repeated})
    ]
    assert sum(fact.figure == "registered" for fact in facts) == len(replayed.rows)
    director = sandbox.client("routing", sandbox.token("shen-guoqiang", Role.DIRECTOR))
    for year in sorted({fact.at.year for fact in facts}):
        since, until = date(year, 1, 1), date(year, 12, 31)
        for by in ("department", "cause", "channel", "leader"):
            view = director.get("/statistics", since=str(since), until=str(until), by=by)
            assert {row["group"]: counted(row) for row in view["rows"]} == figures(facts, by, since, until, now), year
            assert counted(view["total"]) == figures(facts, None, since, until, now).get(None, {}), year


def counted(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its group and its zeros."""
    return {name: value for name, value in row.items() if name != "group" and value}


def test_the_command_writes_a_row_for_each_letter(letters: Path, tmp_path: Path) -> None:
    few, rows_file = tmp_path / "few.jsonl", tmp_path / "rows.jsonl"
    few.write_text("".join(letters.read_text(encoding="utf-8").splitlines(keepends=True)[:5]), encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-m", "services.cli", "replay", str(few), "--json", str(rows_file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert len(rows_file.read_text(encoding="utf-8").splitlines()) == 5
