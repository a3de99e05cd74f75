"""Why an event could not be handled: what handlers raise, and how long the event waits then. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum

from schemas.events.event import Delivery, Event, UnknownType

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600))
"""Real time between tries after an error; when the last try fails, the event is parked."""
NOT_YET_PAUSES = (timedelta(seconds=1),) * 120 + (timedelta(seconds=30),) * 2880
"""While the cause of an event has not come: at first every second, then for a day, within which a reconciliation brings
what was lost."""
UNKNOWN_TYPE_PAUSES = (timedelta(seconds=30),) * 2880
"""Until a program comes that handles the type: for a day, within which a release is rolled out or taken back."""


class FailureKind(Enum):
    """Why an event waits or is parked. The value says how long to wait after the first try, the second and so on."""

    ERROR = PAUSES
    NOT_YET = NOT_YET_PAUSES
    UNKNOWN_TYPE = UNKNOWN_TYPE_PAUSES
    REJECTED = ()

    def pause_after(self, tries: int) -> timedelta | None:
        """How long to wait after so many ``tries``; None when no other try follows."""
        return self.value[tries - 1] if tries <= len(self.value) else None


ERRORS = (FailureKind.ERROR, FailureKind.REJECTED)
"""What is counted as a failed try; after the other kinds a try counts as one that came too early."""


class NotYet(Exception):
    """The event overtook its cause, which will come: try it again soon.

    A batch handler may name the ``events`` that it is about: the others of the batch are then handled together.
    """

    def __init__(self, reason: str, events: Sequence[Event] = ()) -> None:
        super().__init__(reason)
        self.events = events


class EventRejected(Exception):
    """What the event says is not possible, now or later: it is parked at once.

    A batch handler names the ``events`` that it is about: the others of the batch are then handled together.
    """

    def __init__(self, reason: str, events: Sequence[object] = ()) -> None:
        super().__init__(reason)
        self.events = events


def kind_of(error: Exception) -> FailureKind:
    """The kind of a failure, by the error that the handler, or the reading of the event, raised."""
    match error:
        case NotYet():
            return FailureKind.NOT_YET
        case EventRejected():
            return FailureKind.REJECTED
        case UnknownType():
            return FailureKind.UNKNOWN_TYPE
    return FailureKind.ERROR


def at_fault(group: Sequence[Delivery], error: Exception) -> tuple[Sequence[Delivery], Sequence[Delivery]]:
    """The events that an error is about, and the others. It is about those that the handler named, or about the only
    one in the group. Of several events with none named each may be at fault: then the first list is empty.
    """
    named = {id(event) for event in error.events} if isinstance(error, (NotYet, EventRejected)) else set()
    about = [delivery for delivery in group if id(delivery.event) in named]
    if not about and len(group) == 1:
        return group, []
    return about, [delivery for delivery in group if id(delivery.event) not in named]


def reason_of(error: Exception) -> str:
    """The text that is kept of an error for a person to read: class and message, in characters that can be stored."""
    text = f"{type(error).__name__}: {error}"[:500].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")
