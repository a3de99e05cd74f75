"""How much is asked of a run, and what it came to."""

from dataclasses import dataclass, field


@dataclass
class Size:
    """How much and how long: ``outage`` seconds stand for the minutes of the table unless the run is a full one."""

    tickets: int = 300
    seconds: float = 30.0
    full: bool = False

    def outage(self, full: float, quick: float = 30.0) -> float:
        """The length of an outage that is ``full`` seconds long in the table."""
        return full if self.full else min(full, quick)


@dataclass
class Result:
    """What one run came to."""

    row: int
    name: str
    seed: int
    tickets: int = 0
    faults: int = 0
    events: int = 0
    published_twice: int = 0
    suppressed: int = 0
    parked: int = 0
    restarts: int = 0
    recovery: float = 0.0
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0
