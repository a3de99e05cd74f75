"""The closed lists of who sits at the window when: changes of the roster, and what becomes of a sitting."""

from enum import StrEnum


class RosterChangeKind(StrEnum):
    """Two leaders swap sittings, or one is on leave and a substitute sits."""

    SWAP = "swap"
    LEAVE = "leave"


class RosterChangeState(StrEnum):
    """A swap is proposed until the other leader confirms or refuses it; what is in force may be withdrawn."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RosterGap(StrEnum):
    """Why nobody would sit: the leader is on leave without a substitute, or is in the center file no more."""

    ON_LEAVE = "on_leave"
    HAS_LEFT = "has_left"


class SittingState(StrEnum):
    """A sitting is to come, or not opened where nobody did; then open, closed, and its minutes signed."""

    TO_COME = "to_come"
    NOT_OPENED = "not_opened"
    OPEN = "open"
    CLOSED = "closed"
    SIGNED = "signed"
