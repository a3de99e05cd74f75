"""Clocks that are wrong, and a watch that was away: rows 19, 20 and 30."""

import time
from pathlib import Path

from tests.faults.house import SPEED, House
from tests.faults.row import CannotBeDone, row
from tests.faults.run import Run
from tests.stack.distribution import ProgramMissing, require
from tests.stack.eventually import eventually

_LIBRARY = "usr/lib/*/faketime/libfaketime.so.1"
_SLEEP = Path(__file__).parents[1] / "beside_faketime"
"""Lets the services sleep: libfaketime 0.9.10 that leaves the monotonic clock alone breaks absolute sleeps by it."""

_DAY_S = 24 * 3600


@row(19, "libfaketime: +1 h, then -3 d, then +3 d in turn, each process's clock another way")
def machines_clocks_are_wrong(run: Run) -> None:
    """Machines' clocks are wrong, and jump. Promises are checked by the database's time alone."""
    library = _faketime()
    offsets = ["+1h", "-3d", "+3d"]
    run.chance.shuffle(offsets)
    with run.house() as house:
        files = []
        for nth, supervised in enumerate(house.supervisor.all):
            file = house.postgres.folder / f"clock-{nth}"
            file.write_text("+0")
            file.chmod(0o644)
            files.append(file)
            supervised.process.environment |= {
                "LD_PRELOAD": str(library),
                "FAKETIME_TIMESTAMP_FILE": str(file),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1",
                "PYTHONPATH": str(_SLEEP),
            }
            with run.fault(f"{supervised.service} gets another clock"):
                supervised.kill()
                time.sleep(1)
        house.supervisor.await_ready()
        for turn in range(3):
            for nth, file in enumerate(files):
                file.write_text(offsets[(turn + nth) % 3])
            with run.fault(f"clocks {offsets[turn:] + offsets[:turn]}"):
                time.sleep(5)
        heard_of = [each.process.log.count("a loop stands still") for each in house.supervisor.all]
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
        (supervised,) = house.supervisor.of("deadline_watch")
        with run.fault("watch away"):
            supervised.stop()
            time.sleep(3 * _DAY_S / SPEED)
            supervised.start()
            house.supervisor.await_ready()


_REAL_NOW = (
    "CREATE OR REPLACE FUNCTION bancheng.real_now() RETURNS timestamptz LANGUAGE sql AS"
    " $$ SELECT clock_timestamp() + make_interval(secs => {}) $$"
)
_JUMP_S = 30 * _DAY_S / SPEED


@row(30, "the database's clock reads 30 days of the house's more, for 70 s; deadline_watch is restarted meanwhile")
def the_databases_clock_jumps(run: Run) -> None:
    """The database's clock jumps, and is still wrong when deadline_watch is started anew. Nobody is told anything."""
    with run.house(at_least=run.size.outage(70, 25) + 40) as house:
        run.some_time(4, 8)
        (supervised,) = house.supervisor.of("deadline_watch")
        with run.fault("clock jumped"), run.pause():
            told = _told(house)
            house.rows(_REAL_NOW.format(_JUMP_S))
            try:
                _is_held(run, house, "after the jump")
                restarts = house.supervisor.restarts["deadline_watch"]
                time.sleep(run.size.outage(70, 10))
                run.expect(
                    house.supervisor.restarts["deadline_watch"] == restarts, "C the held watch was ended as stalled"
                )
                supervised.kill()
                house.supervisor.await_ready()
                _is_held(run, house, "after the restart")
                time.sleep(5)
                run.expect(_told(house) == told, f"C {told} marks and rungs before the jump, {_told(house)} in it")
            finally:
                house.rows(_REAL_NOW.format(0))
            goes_on = eventually(lambda: _jump(house) == 0, seconds=30)
            run.expect(goes_on, "F the watch is still held though the clock is right again")


def _is_held(run: Run, house: House, when: str) -> None:
    run.expect(eventually(lambda: abs(_jump(house)) > _JUMP_S / 2, seconds=30), f"C no metric tells of the jump {when}")


def _jump(house: House) -> float:
    return house.supervisor.metric("deadline_watch", "bancheng_watch_clock_jump_seconds")


def _told(house: House) -> tuple[int, int]:
    """How many marks were passed, and how many rungs climbed."""
    (row,) = house.rows(
        "SELECT (SELECT coalesce(sum(next_mark), 0) FROM deadline_watch.deadlines) AS marks,"
        " (SELECT count(*) FROM routing.escalations) AS rungs"
    )
    return int(row.marks), int(row.rungs)
