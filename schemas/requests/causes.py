"""Why open tickets could not be got done elsewhere, in numbers."""

from schemas.enums import Cause
from schemas.record.record import Reply


class CauseCount(Reply):
    """How many open tickets have a cause; None is said of those of which nobody has written one down."""

    cause: Cause | None = None
    count: int


class CauseCounts(Reply):
    """Numbers only, nothing of any person; the most frequent cause first."""

    rows: tuple[CauseCount, ...]
