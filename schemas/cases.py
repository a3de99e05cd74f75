"""The words of what becomes of a solved ticket that others can learn from."""

from enum import StrEnum


class PromotedTo(StrEnum):
    """A draft of the question base, or a typical case (典型案例)."""

    ENTRY = "entry"
    TYPICAL_CASE = "typical_case"


class TypicalCaseState(StrEnum):
    """It waits for departments to consent, is shown, one of them refused, or the ticket turned out not to be solved."""

    AWAITING = "awaiting"
    SHOWN = "shown"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
