"""Run the benchmark: python -m tests.bench [--full] [--only NAME ...] [--at-length NAME ...] [--runs N]."""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator

from tests.bench import (
    accepting,
    bursting,
    claiming,
    growing,
    hostile,
    limits,
    pages,
    peering,
    reckoning,
    remembering,
    report,
    travelling,
)
from tests.bench.figures import Figure, medians
from tests.bench.machine import machine
from tests.bench.servers import Servers

MEASUREMENTS: dict[str, Callable[..., Iterator[Figure]]] = {
    "limits": limits.measure,
    "due": reckoning.measure,
    "accept": accepting.measure,
    "travel": travelling.measure,
    "hostile": hostile.measure,
    "pages": pages.measure,
    "remember": remembering.measure,
    "burst": bursting.measure,
    "claim": claiming.measure,
    "growth": growing.measure,
    "peers": peering.measure,
}


def main() -> int:
    """Measure, print and write the report as it goes; 1 if something could not be measured."""
    asked = _arguments()
    found: list[Figure] = []
    failed: dict[str, str] = {}
    with Servers() as servers:
        on = machine(servers)
        for run in range(asked.runs):
            for name in asked.only or MEASUREMENTS:
                if run and name in asked.at_length:
                    continue
                began = time.monotonic()
                print(f"-- {name}, run {run + 1} of {asked.runs}", flush=True)
                try:
                    for figure in MEASUREMENTS[name](servers, full=asked.full or name in asked.at_length):
                        found.append(figure)
                        print(f"{figure.what}: {report.shown(figure)}. {figure.bounded_by}", flush=True)
                except Exception as error:  # what cannot be measured is reported; the rest still is
                    traceback.print_exc()
                    failed[name] = f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"
                print(f"-- {name} took {time.monotonic() - began:.0f} s", flush=True)
                written = report.write(
                    medians(found), on, manner=_manner(asked, run), failed=failed, whole=not asked.only
                )
    print(f"Written: {written} and {report.RAW}")
    return 1 if failed else 0


def _manner(asked: argparse.Namespace, run: int) -> str:
    """How it was measured, for the head of the table. ``run`` counts from 0."""
    kind = "full" if asked.full else "quick"
    at_length = f"; at length, and once: {', '.join(asked.at_length)}" if asked.at_length else ""
    return f"a {kind} run; medians of {run + 1} run{'s' if run else ''}{at_length}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How much the house bears.")
    parser.add_argument("--full", action="store_true", help="everything, at length: hours, and 20 GB of disk")
    parser.add_argument(
        "--only", nargs="+", choices=list(MEASUREMENTS), help="only these, and leave BENCHMARKS.md alone"
    )
    parser.add_argument(
        "--at-length", nargs="+", choices=list(MEASUREMENTS), default=[], help="these as in full, but once"
    )
    parser.add_argument("--runs", type=int, help="how often; the report has the medians (5 in full, else 1)")
    asked = parser.parse_args()
    asked.runs = asked.runs or (5 if asked.full else 1)
    return asked


if __name__ == "__main__":
    sys.exit(main())
