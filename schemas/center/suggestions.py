"""When a center wants departments suggested."""

from typing import Annotated

from marshmallow.validate import Range

from schemas.record.record import Record


class SuggestionRule(Record):
    """Departments are suggested by what they solved before, unless the first of them is less than ``margin`` ahead of
    the second: then nothing is said. 0 always says something, 1 never. Nobody is routed by a suggestion."""

    margin: Annotated[float, Range(min=0, max=1)] = 0.05
