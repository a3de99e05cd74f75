"""Whether the database's clock, by which all deadlines are judged, advances as time does. Pure.

A database that wakes up in another year, or fails over to a machine whose clock is hours off, would make every deadline
overdue at once and wake every leader. So a jump holds the watch until the clock is right again, or until somebody
has checked the new time and says that it is right (`bancheng clock accept`). The last trusted reading is kept in the
database, so that a restart of the watch does not take the wrong time for the right one.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

TOLERANCE = timedelta(minutes=5)
"""More than any usual correction of a clock, less than a working hour."""


class MachineTime(NamedTuple):
    """A machine's two clocks: the wall clock, and the seconds since the boot ``boot_id``, which nobody can set."""

    wall: datetime
    boot_id: str
    since_boot: float

    def since(self, earlier: "MachineTime") -> timedelta:
        """How long ago ``earlier`` was: by the boot's clock if it is the same boot, else by the wall clocks."""
        if self.boot_id == earlier.boot_id:
            return timedelta(seconds=self.since_boot - earlier.since_boot)
        return self.wall - earlier.wall


class Reading(NamedTuple):
    """The database's time, and what the machine said at the same moment."""

    database: datetime
    machine: MachineTime


def jump(trusted: Reading | None, now: Reading) -> timedelta:
    """By how much the database's clock has jumped since the last reading that was trusted; zero within TOLERANCE.

    The first reading there ever was is trusted.
    """
    if trusted is None:
        return timedelta()
    off = now.database - trusted.database - now.machine.since(trusted.machine)
    return off if abs(off) > TOLERANCE else timedelta()
