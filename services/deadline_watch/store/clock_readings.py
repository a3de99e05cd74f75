"""The database's clock beside those of this machine, as the watch reads and trusts them."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.deadline_watch.rules.clock_drift import MachineTime, Reading
from services.plumbing.database.transaction import Transaction

BREAK_SECONDS = 60.0
"""If no reading was kept for so long, nobody watched meanwhile."""


_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_STARTED = f"process of {time.monotonic()}"


def read(tx: Transaction) -> Reading:
    """The real time by the database, whatever Bancheng's clock says, and by this machine.

    Where a machine has no boot id, only its wall clock counts over a restart.
    """
    row: Any = tx.row("SELECT bancheng.real_now() AS at")
    boot_id = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else _STARTED
    return Reading(row.at, MachineTime(datetime.now(UTC), boot_id, time.clock_gettime(time.CLOCK_BOOTTIME)))


def trusted(tx: Transaction) -> Reading | None:
    """The last reading that was trusted, by whichever replica."""
    row = tx.row("SELECT database_time, machine_time, boot_id, since_boot FROM clock_readings")
    return Reading(row.database_time, MachineTime(row.machine_time, row.boot_id, row.since_boot)) if row else None


def trust(tx: Transaction, reading: Reading) -> None:
    """Keep a reading as the trusted one."""
    tx.execute(
        "INSERT INTO clock_readings AS old (database_time, machine_time, boot_id, since_boot, watching_since)"
        " VALUES (%(database)s, %(wall)s, %(boot_id)s, %(since_boot)s, %(database)s)"
        " ON CONFLICT (only_row) DO UPDATE SET database_time = EXCLUDED.database_time,"
        " machine_time = EXCLUDED.machine_time, boot_id = EXCLUDED.boot_id, since_boot = EXCLUDED.since_boot,"
        " watching_since = CASE WHEN EXCLUDED.database_time - old.database_time > make_interval(secs => %(break)s)"
        " THEN EXCLUDED.database_time ELSE least(old.watching_since, EXCLUDED.database_time) END",
        database=reading.database,
        wall=reading.machine.wall,
        boot_id=reading.machine.boot_id,
        since_boot=reading.machine.since_boot,
        **{"break": BREAK_SECONDS},
    )
