"""Clocks that are wrong, and a watch that was away: rows 19 and 20."""

import time
from pathlib import Path

from tests.faults.house import SPEED
from tests.faults.row import CannotBeDone, row
from tests.faults.run import Run
from tests.stack.distribution import ProgramMissing, require

_LIBRARY = "usr/lib/*/faketime/libfaketime.so.1"
_SLEEP = Path(__file__).parents[1] / "beside_faketime"
"""Lets the services sleep: libfaketime 0.9.10 that leaves the monotonic clock alone breaks absolute sleeps by it."""

_DAY_S = 24 * 3600


@row(19, "libfaketime: +1 h, then -3 d, then +3 d in turn, each process's clock another way")
def machines_clocks_are_wrong(run: Run) -> None:
    """Machines' clocks are wrong, and jump. Promises are judged by the database's time alone."""
    library = _faketime()
    offsets = ["+1h", "-3d", "+3d"]
    run.chance.shuffle(offsets)
    with run.house() as house:
        files = []
        for nth, servant in enumerate(house.servants.all):
            file = house.postgres.folder / f"clock-{nth}"
            file.write_text("+0")
            file.chmod(0o644)
            files.append(file)
            servant.process.environment |= {
                "LD_PRELOAD": str(library),
                "FAKETIME_TIMESTAMP_FILE": str(file),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1",
                "PYTHONPATH": str(_SLEEP),
            }
            with run.fault(f"{servant.service} gets another clock"):
                servant.kill()
                time.sleep(1)
        house.servants.await_ready()
        for turn in range(3):
            for nth, file in enumerate(files):
                file.write_text(offsets[(turn + nth) % 3])
            with run.fault(f"clocks {offsets[turn:] + offsets[:turn]}"):
                time.sleep(5)
        heard_of = [each.process.log.count("a loop stands still") for each in house.servants.all]
        run.expect(not any(heard_of), "F a loop was thought to stand still because a clock jumped")


def _faketime() -> Path:
    """The library that lies about the time. Raises CannotBeDone."""
    try:
        return require(
            lambda: next(iter(sorted(Path("/").glob(_LIBRARY))), None), "faketime", "libfaketime is not here."
        )
    except ProgramMissing as error:
        raise CannotBeDone(str(error)) from None


@row(20, "stopped for 3 days of the house's clock")
def the_watch_is_away_for_three_days(run: Run) -> None:
    """deadline_watch is away for three days, and catches up."""
    with run.house() as house:
        run.some_time(3, 6)
        (servant,) = house.servants.of("deadline_watch")
        with run.fault("watch away"):
            servant.dismiss()
            time.sleep(3 * _DAY_S / SPEED)
            servant.recall()
            house.servants.await_ready()
