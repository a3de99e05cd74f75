"""From when on a center takes something for certain enough to say it: marks, suggestions."""

from typing import Annotated

from marshmallow.validate import Range

from schemas.record.record import Record


class ConfirmationRule(Record):
    """A mark is announced once all events of what was done before it have arrived. After ``wait_minutes`` it waits no
    longer for a service that is silent, or for an event that waits to be tried again: it is announced as
    unconfirmed."""

    wait_minutes: Annotated[int, Range(min=1, max=120)] = 10


class SuggestionRule(Record):
    """Departments are suggested by what they solved before, unless the first of them is less than ``margin`` ahead of
    the second: then nothing is said. 0 always says something, 1 never. Nobody is routed by a suggestion."""

    margin: Annotated[float, Range(min=0, max=1)] = 0.05
