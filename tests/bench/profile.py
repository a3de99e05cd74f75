"""Where the time goes: each service under py-spy for a short load, as build/profile/<service>.svg.

    python -m tests.bench.profile [--seconds N]

The load is tickets for half of the time, then a burst of deadlines. Beside each picture lies the same as text
(<service>.txt): the functions with the most samples, with file and line.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.bench.bursting import burst
from tests.bench.house import House
from tests.bench.report import ROOT
from tests.bench.servers import Servers

FOLDER = ROOT / "build" / "profile"
_ROOM_FOR_START = 3
SHOWN = 40


def main() -> None:
    """Profile all services while the load goes on."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.profile")
    parser.add_argument("--seconds", type=int, default=10, help="of load with tickets, and again of a burst")
    seconds: int = parser.parse_args().seconds
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Servers() as servers, House(servers) as house:
        house.load(seconds=2, first=9_000_000)
        house.settle()
        with_tickets = _record(house, "tickets", seconds * 2)
        house.load(seconds=seconds)
        house.load(seconds=seconds / 2, size=500, connections=2, first=1_000_000)
        _finish(with_tickets)
        house.settle()
        with_burst = _record(house, "burst", seconds * 3)
        burst(house, 2000 * seconds)
        _finish(with_burst)
    for service in ("intake", "routing", "deadline_watch"):
        shutil.copy(
            FOLDER / f"{service}-{'tickets' if service == 'intake' else 'burst'}.svg", FOLDER / f"{service}.svg"
        )
    print(f"Written: {FOLDER}")


def _py_spy() -> str:
    """The program that came with the package, or the one of this machine."""
    beside = Path(sys.executable).with_name("py-spy")
    return str(beside) if beside.exists() else "py-spy"


def _record(house: House, what: str, seconds: int) -> list[tuple[str, subprocess.Popen[bytes]]]:
    """Start to sample each service twice: for the picture and, in one line a stack, for the list."""
    started = []
    for service, processes in house.processes.items():
        raw = FOLDER / f"{service}-{what}.stacks"
        command = [_py_spy(), "record", "--rate", "50", "--duration", str(seconds), "--pid", str(processes[0].pid)]
        for more in (["-o", str(FOLDER / f"{service}-{what}.svg")], ["--format", "raw", "-o", str(raw)]):
            process = subprocess.Popen([*command, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            started.append((f"{service}-{what}", process))
    return started


def _finish(recording: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    for _name, process in recording:
        process.wait(timeout=300)
    for name in dict.fromkeys(name for name, _process in recording):
        raw = FOLDER / f"{name}.stacks"
        (FOLDER / f"{name}.txt").write_text(costs(raw.read_text(encoding="utf-8")), encoding="utf-8")
        raw.unlink()


def costs(stacks: str) -> str:
    """The most sampled functions of collapsed stacks: their own share, and with all that they call."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    total = 0
    for line in stacks.splitlines():
        stack, _, samples = line.rpartition(" ")
        frames = [re.sub(r"^.*/site-packages/", "", frame) for frame in stack.split(";")]
        total += int(samples)
        own[frames[-1]] += int(samples)
        for frame in set(frames):
            whole[frame] += int(samples)
    listed = (f"{whole[f] / total:6.1%} {own[f] / total:6.1%}  {f}" for f, _samples in whole.most_common(SHOWN * 3))
    hot = (f"{samples / total:6.1%}  {frame}" for frame, samples in own.most_common(SHOWN))
    return "\n".join(["with callees, own", *listed, "", "own", *hot, ""])


if __name__ == "__main__":
    main()
