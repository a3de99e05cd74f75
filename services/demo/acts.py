"""What people of the story do that needs more than a word: about a ticket, or about sittings and the center file."""

from typing import Annotated

from marshmallow.validate import Length, Range, Regexp

from schemas.center.center import Code, RoutingRule
from schemas.reasons import ReturnReason
from schemas.record.record import Record
from schemas.values import Day, Explanation, Line, distinct, not_blank

When = Annotated[
    str,
    Regexp(
        r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [0-9]{1,2} [A-Z][a-z]{2} [0-9]{2}:[0-9]{2}$",
        error="A time is written like Mon 27 Apr 09:08.",
    ),
]
Text = Annotated[str, Length(min=1, max=20_000), not_blank]


class SendBack(Record):
    """A department sends its part back (退回)."""

    department: Code
    reason: ReturnReason
    explanation: Explanation


class HandOver(Record):
    """A liaison leaves a department's part to another one of it (B角)."""

    department: Code
    to: Code
    why: Explanation


class MeetingCall(Record):
    """When and where which departments of the ticket meet; the day may lie after the end of the story."""

    meets_at: When
    place: Line
    departments: Annotated[tuple[Code, ...], Length(min=2, max=20), distinct]


class SentFile(Record):
    """The citizen sends a photo with the code: of the paper that stands at ``item`` of those asked for, from 0."""

    item: Annotated[int, Range(min=0, max=49)] = 0


class SwapProposal(Record):
    """Two sittings by the times at which they open, the leader's ``own`` and the ``other``."""

    own: When
    other: When


class Leave(Record):
    """Days on which the leader does not sit, both included; nobody is named who sits instead."""

    first: Day
    last: Day


class LeaderMoment(Record):
    """What a leader does at one time that is about no single ticket; several acts are done in this order.

    ``sign_minutes`` is what the leader writes above the draft of the hand-over; that of the minutes stays as it is.
    """

    at: When
    leader: Code
    open_sitting: bool = False
    close_sitting: bool = False
    sign_minutes: Explanation | None = None
    propose_swap: SwapProposal | None = None
    take_leave: Leave | None = None

    @property
    def acts(self) -> tuple[str, ...]:
        """The names of what is done."""
        return tuple(name for name in LEADER_ACTS if getattr(self, name))


LEADER_ACTS = tuple(name for name in LeaderMoment.schema().fields if name not in ("at", "leader"))


class OperatorMoment(Record):
    """Who looks after the system publishes the center file anew, with one rule more: the last of all."""

    at: When
    operator: Code
    add_rule: RoutingRule
