"""What a replayed letter is said to have reached is what was not taken back."""

from typing import Any

from schemas.enums import DeadlineKind
from services.replay.driver import marks_reached
from tests.builders import a_center

LADDER = a_center().ladder[DeadlineKind.ANSWER]


def an_escalation(level: int, **changes: Any) -> dict[str, Any]:
    return {"kind": "answer", "level": level, "voided_at": None} | changes


def test_each_mark_on_the_promise_is_named_with_its_level() -> None:
    reached = [an_escalation(1), an_escalation(2), an_escalation(1, kind="acknowledge")]
    assert marks_reached(reached, DeadlineKind.ANSWER, LADDER) == [
        {"mark": LADDER[0].mark.value, "level": 1},
        {"mark": LADDER[1].mark.value, "level": 2},
    ]


def test_a_mark_that_turned_out_void_was_not_reached() -> None:
    """A letter that was answered at the very instant at which its promise ended is met, and nobody counts as told."""
    reached = [an_escalation(1), an_escalation(2, voided_at="2025-01-27T17:00:02+08:00")]
    assert [mark["level"] for mark in marks_reached(reached, DeadlineKind.ANSWER, LADDER)] == [1]
