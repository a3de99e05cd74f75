"""``python -m tests.faults``: every row, or those of ROW, with the seed SEED or SEEDS of them."""

import os
import sys
import time

from tests.faults.report import write_report
from tests.faults.result import Result, Size
from tests.faults.row import ROWS
from tests.faults.rows import ALL  # noqa: F401  declares the rows
from tests.stack.distribution import ProgramMissing


def main() -> int:
    """Run what is asked for, say each result at once, write FAULTS.md; 1 if there was any violation."""
    asked = {name: value for name, _, value in (word.partition("=") for word in sys.argv[1:])}
    wanted = os.environ | asked
    size = Size(tickets=500, seconds=40, full=True) if wanted.get("FULL") else Size()
    if tickets := wanted.get("TICKETS"):
        size.tickets = int(tickets)
    rows = [int(number) for number in wanted.get("ROW", "").replace(",", " ").split()] or sorted(ROWS)
    first, count = int(wanted.get("SEED", "1")), int(wanted.get("SEEDS", "1"))
    results: list[Result] = []
    for number in rows:
        for seed in range(first, first + count):
            try:
                result = ROWS[number].run(seed, size)
            except ProgramMissing as error:
                sys.exit(str(error))
            results.append(result)
            print(_line(result), flush=True)
            write_report(results, size, is_whole=len(rows) == len(ROWS))
    return int(any(result.violations for result in results))


def _line(result: Result) -> str:
    head = (
        f"{time.strftime('%H:%M:%S')} {result.row:2} {result.name[:60]:60} seed {result.seed:2} {result.seconds:5.0f} s"
        f" {result.tickets:4} tickets {result.events:6} events {result.published_twice:4} twice"
        f" {result.suppressed:4} suppressed {result.parked:2} parked, back in {result.recovery:4.1f} s"
    )
    return "\n".join([head, *(f"     {each}" for each in result.violations[:12])])


if __name__ == "__main__":
    sys.exit(main())
