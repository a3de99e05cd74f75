"""Instants that can be kept."""

from datetime import datetime, timedelta

OFFSET_LIMIT = timedelta(hours=16)
"""PostgreSQL takes offsets below this one; no place on earth is more than 14 hours from UTC."""
_MINUTE = timedelta(minutes=1)


def has_valid_offset(moment: datetime) -> bool:
    """Whether an instant has an offset, one that PostgreSQL takes, in whole minutes: others are rounded (RFC 3339)."""
    offset = moment.utcoffset()
    return offset is not None and (not offset or (abs(offset) < OFFSET_LIMIT and not offset % _MINUTE))
