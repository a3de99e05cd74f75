"""What the benchmark finds: figures, each with its aim and with what it is to be compared to in the same run."""

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PROCESSOR_MS = "processor ms each"
"""The detail of a figure that says how long each process computed for one of what was counted."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number. ``against`` are keys of limits and peers; ``bounded_by`` is a sentence; ``detail`` is kept raw.

    ``missed``: the aim was not reached whatever the value, since what it is measured under was not.
    """

    key: str
    what: str
    value: float
    unit: str
    aim: float | None = None
    less_is_better: bool = False
    missed: bool = False
    against: tuple[str, ...] = ()
    bounded_by: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reaches_its_aim(self) -> bool | None:
        """None where there is no aim."""
        if self.aim is None:
            return None
        if self.missed:
            return False
        return self.value <= self.aim if self.less_is_better else self.value >= self.aim


def cost(of: Figure, one: str) -> Figure:
    """How long all processes computed for ``one`` of what a figure counts, and which for how long."""
    parts = {name: spent for name, spent in of.detail[PROCESSOR_MS].items() if name != "machine"}
    shares = sorted(((spent, name) for name, spent in parts.items() if spent >= 0.01), reverse=True)
    return Figure(
        key=f"{of.key}.cost",
        what=f"Processor time for one {one} ({of.what})",
        value=sum(parts.values()),
        unit="ms",
        less_is_better=True,
        bounded_by=", ".join(f"{name} {spent:.2f}" for spent, name in shares) + ".",
    )


def medians(figures: Iterable[Figure]) -> list[Figure]:
    """One figure a key, in the order of first appearance: the run whose value is the (lower) median, and all values."""
    runs: dict[str, list[Figure]] = {}
    for figure in figures:
        runs.setdefault(figure.key, []).append(figure)
    return [_middle(found) for found in runs.values()]


def _middle(found: list[Figure]) -> Figure:
    middle = statistics.median_low([figure.value for figure in found])
    chosen = next(figure for figure in found if figure.value == middle)
    return replace(chosen, detail={**chosen.detail, "runs": [figure.value for figure in found]})


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least ``share`` (0 to 1) of all do not exceed; infinity if there are none."""
    ordered = sorted(values)
    if not ordered:
        return float("inf")
    return ordered[min(len(ordered) - 1, max(0, int(-(-share * len(ordered) // 1)) - 1))]
