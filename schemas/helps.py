"""The closed lists of 帮办代办: how somebody was helped, and why they needed it."""

from enum import StrEnum


class HelpKind(StrEnum):
    """What was done for a visitor: a form filled in, a device operated, something asked, or they were accompanied."""

    FILL = "fill"
    OPERATE = "operate"
    ASK = "ask"
    ACCOMPANY = "accompany"


class HelpNeed(StrEnum):
    """Why they needed it."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    OTHER = "other"
