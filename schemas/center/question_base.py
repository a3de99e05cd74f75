"""What a center has set about its question base: who vets the basis, how long each step may take, whom it is told."""

from datetime import time
from typing import Annotated

from marshmallow.validate import Length, Range

from schemas.enums import Light, Post
from schemas.record.record import Record

_WorkingDays = Annotated[int, Range(min=1, max=60)]
_Weekday = Annotated[int, Range(min=1, max=7)]


class LateStep(Record):
    """A level of the ladder of what is late: ``working_days`` after the due time (0: at it) these are told."""

    working_days: Annotated[int, Range(min=0, max=60)] = 0
    light: Light
    tell: tuple[Post, ...]


_LADDER = (
    LateStep(light=Light.YELLOW, tell=(Post.LIAISON, Post.DEPARTMENT_HEAD)),
    LateStep(working_days=1, light=Light.RED, tell=(Post.CENTER_DIRECTOR,)),
    LateStep(working_days=5, light=Light.RED, tell=(Post.SUPERVISION_OFFICE,)),
)
NOTIFIED_POSTS = frozenset({Post.LIAISON, Post.DEPARTMENT_HEAD, Post.CENTER_DIRECTOR, Post.SUPERVISION_OFFICE})
"""Who can be told of what is late in the question base, which has no first responsible and no sitting."""


class QuestionBaseRule(Record):
    """``justice`` is the department that vets the basis after all others; without one nothing can be handed in.

    Each vet has ``vet_working_days``, a flag is judged and mended within ``settle_flag_working_days`` and
    ``mend_flag_working_days``. The lists of the week are made on ``review_weekday`` (1 is Monday) at ``review_at``, and
    are due at the close of business of ``review_due_weekday``, or of the next open day. On them is what was not
    reviewed for ``review_after_days``, and what has a basis, or is itself, ending ``ends_within_days``.
    """

    justice: Annotated[str, Length(min=1, max=40)] | None = None
    vet_working_days: _WorkingDays = 2
    settle_flag_working_days: _WorkingDays = 1
    mend_flag_working_days: _WorkingDays = 3
    review_weekday: _Weekday = 1
    review_at: time = time(8)
    review_due_weekday: _Weekday = 5
    review_after_days: Annotated[int, Range(min=7, max=365)] = 90
    ends_within_days: Annotated[int, Range(min=1, max=180)] = 30
    ladder: Annotated[tuple[LateStep, ...], Length(min=1, max=10)] = _LADDER
