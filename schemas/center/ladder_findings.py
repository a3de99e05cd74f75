"""What is wrong with the ladder of escalation: it must lead upward in time, and its lights must never go back."""

from collections.abc import Iterator
from itertools import pairwise

from schemas.center.center import Center, Limit, Step
from schemas.enums import DeadlineKind, Light, Mark

_WARMTH = {Light.GREEN: 0, Light.YELLOW: 1, Light.RED: 2}


def ladder_findings(center: Center) -> Iterator[tuple[str, str]]:
    """(path, message) for each thing wrong with ``center.ladder``.

    Every kind of deadline has its levels, in the order of time, exactly one of them at the breach: somebody is always
    told of a broken promise.
    """
    for kind in DeadlineKind:
        steps = center.ladder.get(kind, ())
        if sum(step.mark is Mark.BREACHED for step in steps) != 1:
            yield f"ladder.{kind}", "Needs exactly one level at breached."
        for at, step in enumerate(steps):
            for field, message in _step(step, center.limits.get(kind)):
                yield f"ladder.{kind}[{at}].{field}", message
        for at, (earlier, later) in enumerate(pairwise(steps), start=1):
            if _instant(later) <= _instant(earlier):
                yield f"ladder.{kind}[{at}]", "Must come later than the level before it."
            if _WARMTH[later.light] < _WARMTH[earlier.light]:
                yield f"ladder.{kind}[{at}].light", "Must not go back from the level before it."


def _step(step: Step, limit: Limit | None) -> Iterator[tuple[str, str]]:
    if not step.tell:
        yield "tell", "Somebody must be told."
    elif len(set(step.tell)) < len(step.tell):
        yield "tell", "Names a post twice."
    if (step.mark is Mark.BREACHED) != (step.working_days == 0):
        yield "working_days", "Must be 0 at breached and at least 1 elsewhere."
    elif step.mark is Mark.APPROACHING and limit is not None and step.working_days > (limit.working_days or 0):
        yield "working_days", "Lies before the start of the limit."


def _instant(step: Step) -> int:
    """Where the level stands: working days after the due time, negative before it."""
    return -step.working_days if step.mark is Mark.APPROACHING else step.working_days
