"""FAULTS.md: which rows were run, on what, and what came of them."""

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from tests.faults.bad_input import as_table
from tests.faults.result import Result, Size
from tests.faults.row import ROWS
from tests.faults.run import BUILD
from tests.stack.rabbit_install import scripts

_HEAD = """# What was broken, and what came of it

`python -m tests.faults` breaks the house from outside and judges it by what clients were told, by the database and by
what was heard on the wire (`tests/faults/`). This page is written by it.

{where}

A row is passed when no promise was broken: A what was accepted is stored, B each event took effect once, C each mark
was announced once, not early and at most 10 s late, D parked is the poison that was sent and the broker put nothing
aside, E outboxes and queues drain, F a new ticket goes all the way within 30 s of the fault's end. "Twice" is how many
events were published again, "suppressed" how many deliveries were known for duplicates by the processes that lived to
the end.

| # | fault | how | seeds | tickets | faults | events | twice | suppressed | parked | back after | verdict |
|--:|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|
"""

_FOOT = """

## Bad input

Every way in is shown by tests of its own, which `make test` runs.

"""


def write_report(results: Sequence[Result], size: Size, *, is_whole: bool) -> None:
    """Write what there is so far: the page for a run of all rows, the raw results for any."""
    BUILD.mkdir(parents=True, exist_ok=True)
    raw = [asdict(result) for result in results]
    (BUILD / "results.json").write_text(json.dumps(raw, ensure_ascii=False, indent=1), encoding="utf-8")
    if is_whole:
        lines = [_row(number, [each for each in results if each.row == number]) for number in sorted(ROWS)]
        text = (
            _HEAD.format(where=_where(results, size))
            + "\n".join(line for line in lines if line)
            + _FOOT
            + as_table()
            + "\n"
        )
        Path("FAULTS.md").write_text(text, encoding="utf-8")


def _where(results: Sequence[Result], size: Size) -> str:
    seeds = sorted({result.seed for result in results})
    length = "outages as long as in the table" if size.full else "outages of minutes shortened to 30 s"
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("nameko", "kombu", "amqp", "eventlet", "psycopg2-binary")
    )
    return (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, RabbitMQ {scripts().parent.name.rpartition('-')[2]}, PostgreSQL 18, "
        f"{packages}; seeds {seeds[0]} to {seeds[-1]}, {length}."
    )


def _row(number: int, results: Sequence[Result]) -> str:
    if not results:
        return ""
    row = ROWS[number]
    broken = [
        f"seed {result.seed}: {result.violations[0].splitlines()[-1][:120]}" for result in results if result.violations
    ]
    unrun = [result.name.partition(": ")[2] for result in results if ": not run" in result.name]
    sums = [
        sum(getattr(result, name) for result in results)
        for name in ("tickets", "faults", "events", "published_twice", "suppressed", "parked")
    ]
    back = max(result.recovery for result in results)
    verdict = "; ".join(dict.fromkeys(unrun)) or "; ".join(broken) or "passed"
    cells = [number, row.name, row.how, len(results), *sums, f"{back:.1f} s", verdict]
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"
