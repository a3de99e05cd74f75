"""Instants that can be kept."""

from datetime import datetime, timedelta

OFFSET_LIMIT = timedelta(hours=16)
"""PostgreSQL takes offsets below this one; no place on earth is more than 14 hours from UTC."""


def is_placed(moment: datetime) -> bool:
    """Whether an instant has an offset, and one that PostgreSQL takes."""
    offset = moment.utcoffset()
    return offset is not None and abs(offset) < OFFSET_LIMIT
