"""Why an event could not be handled: what handlers raise, and how long an event is held for it. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum

from schemas.events.event import Delivery, Event, UnknownType

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600))
"""Real time between tries; after the last one an event is parked."""
NOT_YET_PAUSES = (timedelta(seconds=1),) * 120 + (timedelta(seconds=30),) * 2880
"""For a cause that has not come: first soon, then for a day, within which a reconciliation brings what was lost."""
UNKNOWN_TYPE_PAUSES = (timedelta(seconds=30),) * 2880
"""For a program that handles the type: for a day, within which a release is rolled out, or taken back."""


class FailureKind(Enum):
    """Why an event is held. Its value says how long to wait after the first try, the second and so on."""

    ERROR = PAUSES
    NOT_YET = NOT_YET_PAUSES
    UNKNOWN_TYPE = UNKNOWN_TYPE_PAUSES
    REJECTED = ()

    def pause_after(self, tries: int) -> timedelta | None:
        """How long to wait after so many tries; None when there were enough."""
        return self.value[tries - 1] if tries <= len(self.value) else None


ERRORS = (FailureKind.ERROR, FailureKind.REJECTED)
"""What is counted as a failed try; the others come too early."""


class NotYet(Exception):
    """The event overtook its cause, which will come: try it again soon.

    A batch handler may name the ``events`` of which that is true: the others are then handled together all the same.
    """

    def __init__(self, reason: str, events: Sequence[Event] = ()) -> None:
        super().__init__(reason)
        self.events = events


class EventRejected(Exception):
    """What the event says cannot be, now or later: it is parked at once.

    A batch handler names the ``events`` of which that is true: the others are then handled together all the same.
    """

    def __init__(self, reason: str, events: Sequence[object] = ()) -> None:
        super().__init__(reason)
        self.events = events


def kind_of(error: Exception) -> FailureKind:
    """Why an event is held, by what its handler or its reading raised."""
    match error:
        case NotYet():
            return FailureKind.NOT_YET
        case EventRejected():
            return FailureKind.REJECTED
        case UnknownType():
            return FailureKind.UNKNOWN_TYPE
    return FailureKind.ERROR


def at_fault(group: Sequence[Delivery], error: Exception) -> tuple[Sequence[Delivery], Sequence[Delivery]]:
    """The events that an error is about, and the others: those that the handler named, or the only one there is. With
    several and none named, each may be at fault.
    """
    named = {id(event) for event in error.events} if isinstance(error, (NotYet, EventRejected)) else set()
    about = [delivery for delivery in group if id(delivery.event) in named]
    if not about and len(group) == 1:
        return group, []
    return about, [delivery for delivery in group if id(delivery.event) not in named]


def reason_of(error: Exception) -> str:
    """What is kept of an error for a person to read: its kind and message, in characters that can be stored."""
    text = f"{type(error).__name__}: {error}"[:500].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")
