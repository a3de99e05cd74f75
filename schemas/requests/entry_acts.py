"""What is done with an entry of the question base: handed in, vetted, flagged, stopped."""

from typing import Annotated

from marshmallow.validate import Length, Range

from schemas.entries import FlagVerdict, VettingVerdict
from schemas.record.record import Record
from schemas.values import Explanation


class SubmitEntry(Record):
    """Hand in the latest draft. ``version`` is the one that was seen: another is refused."""

    version: Annotated[int, Range(min=1)]


class VetEntry(Record):
    """What one says to a version; ``reason`` is needed unless it is signed as it is."""

    version: Annotated[int, Range(min=1)]
    verdict: VettingVerdict
    reason: Annotated[str, Length(max=2000)] = ""


class DecideEntry(Record):
    """Why an entry is suspended, or over."""

    why: Explanation


class FlagEntry(Record):
    """What is not right in it."""

    reason: Explanation


class SettleFlag(Record):
    """Whether a flag is right, and why."""

    verdict: FlagVerdict
    why: Explanation
