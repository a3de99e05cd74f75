"""Two years of three centers, ticket for ticket against the oracle: `make long-run`.

Every deadline, revision, mark and recipient is compared. The result is written to build/long-run.txt.
"""

import sys
import time
from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path

from tests.histories.run_of_days import RunOfDays


def main() -> int:
    """Run, say now and then how far it is, and write down what was compared."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2025, 1, 1))
    parser.add_argument("--last", type=date.fromisoformat, default=date(2026, 12, 31))
    parser.add_argument("--a-day", type=int, default=20, help="tickets a working day and center")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--result", type=Path, default=Path("build/long-run.txt"))
    asked = parser.parse_args()
    run, began = RunOfDays(asked.seed, asked.first, asked.last, asked.a_day), time.monotonic()
    shown = [began]

    def told(now: datetime) -> None:
        if time.monotonic() - shown[0] > 30:
            shown[0] = time.monotonic()
            print(f"{now:%Y-%m-%d}: {run.counts['tickets']} tickets, {len(run.wrong)} wrong", flush=True)

    run.run(told)
    lines = [
        f"{asked.first} to {asked.last}, seed {asked.seed}",
        f"{asked.a_day} tickets a working day in each of three centers",
        f"{time.monotonic() - began:.0f} s",
        *(f"{count:8} {what}" for what, count in sorted(run.counts.items())),
        f"{len(run.wrong):8} wrong",
        *run.wrong[:200],
    ]
    asked.result.parent.mkdir(exist_ok=True)
    asked.result.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(*lines, sep="\n")
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
