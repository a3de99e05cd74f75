"""BENCHMARKS.md: one table, each figure with its aim and its ratio to limits and peers of that run; raw JSON beside."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure

ROOT = Path(__file__).parents[2]
RAW = ROOT / "build" / "benchmarks.json"
TABLE = ROOT / "BENCHMARKS.md"
PART = ROOT / "build" / "benchmarks-part.md"

_HEAD = """# Benchmarks

Made by `make bench` (a quick run) or `make bench ARGS=--full`. Load generator, RabbitMQ, PostgreSQL, the services and,
in their turn, the peers share the same cores, and everything is written to disk for good: PostgreSQL's `fsync` is on,
queues are quorum queues, publishing waits for confirms. Peers run with the settings that lose the least, and each of
their timers has the effect that one of Bancheng's has, in one statement. Times from the 201 on are taken at a consumer
of the exchange, so they are upper bounds.

"""


def write(
    figures: Sequence[Figure], on: Mapping[str, Any], *, manner: str, failed: Mapping[str, str], whole: bool
) -> Path:
    """Write both files; where the table is. ``manner`` is how it was measured, ``failed`` what could not be and why.

    A run that is not ``whole`` leaves the table in the project's folder alone.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    RAW.parent.mkdir(exist_ok=True)
    raw = {
        "at": now.isoformat(),
        "manner": manner,
        "machine": dict(on),
        "failed": dict(failed),
        "figures": [dataclasses.asdict(figure) for figure in figures],
    }
    RAW.write_text(json.dumps(raw, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    said = f"{now.date().isoformat()}, {manner}.\n\n"
    about = "; ".join(f"{name} {value}" for name, value in on.items())
    rest = "".join(f"\nNot measured: {name}, because {reason}\n" for name, reason in failed.items())
    written = TABLE if whole else PART
    written.write_text(f"{_HEAD}{said}{about}.\n\n{table(figures)}{rest}", encoding="utf-8")
    return written


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    by_key = {figure.key: figure for figure in figures}
    lines = ["| What | Figure | Aim | Beside others of this run | What bounds it |", "|---|---:|---:|---|---|"]
    for figure in figures:
        cells = (figure.what, shown(figure), _aim(figure), _beside(figure, by_key), figure.bounded_by)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def shown(figure: Figure) -> str:
    """The value with its unit, to three digits or so."""
    return f"{_number(figure.value)} {figure.unit}"


def _number(value: float) -> str:
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _aim(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    sign = "≤" if figure.less_is_better else "≥"
    return f"{sign} {_number(figure.aim)} {'reached' if figure.reaches_its_aim else '**missed**'}"


def _beside(figure: Figure, by_key: Mapping[str, Figure]) -> str:
    told = []
    for key in figure.against:
        other = by_key.get(key)
        if other is not None and other.value:
            told.append(f"{_number(figure.value / other.value)} × {key.removeprefix('limit.').removeprefix('peer.')}")
    return ", ".join(told)
