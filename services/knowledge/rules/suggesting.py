"""Which departments are suggested for a ticket: by what they solved before, and by the rules of the center. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from schemas.center.center import Center
from schemas.center.rules import Matter, fitting_rules

SUGGESTED = 3
SHARPNESS = 4
"""Departments' vocabularies resemble one another: the fourth power of the likeness sets the likeliest apart."""
RULE_WEIGHT = 0.2
"""What the first rule that fits adds; the second adds a half of it, the third a third."""
LEAST_LIKENESS = 0.1
"""A ticket that is less like another is not shown beside it."""
FEW_CASES = 50
"""With so many solved cases what was learnt counts half, with ten times as many nearly whole."""


class Suggested(NamedTuple):
    """A department, and how much of all that speaks for any department speaks for it."""

    department: str
    likelihood: float


def rule_leads(center: Center, matter: Matter) -> list[str]:
    """The departments that the fitting rules of the center file lead to, in their order, each once."""
    return list(dict.fromkeys(rule.lead for rule, _ in fitting_rules(center, matter)))


def rank(
    learnt: Mapping[str, float],
    cases: int,
    by_rules: Sequence[str],
    departments: Collection[str],
    without: Collection[str] = (),
) -> list[Suggested]:
    """The departments for which anything speaks, the likeliest first; what is missing to 1 is not known yet.

    ``learnt`` is how much the ticket is like what each department solved, of ``cases`` in all. Left out are those that
    the center file does not name any more, and ``without``: who has returned the ticket.
    """
    allowed = set(departments) - set(without)
    sharp = {each: max(0.0, like) ** SHARPNESS for each, like in learnt.items()}
    most = sum(sharp.values()) or 1.0
    trust = cases / (cases + FEW_CASES)
    found = {each: trust * like / most for each, like in sharp.items() if each in allowed and like > 0}
    for place, each in enumerate((each for each in by_rules if each in allowed), start=1):
        if place > SUGGESTED:
            break
        found[each] = found.get(each, 0.0) + RULE_WEIGHT / place
    whole = 1 + sum(RULE_WEIGHT / place for place in range(1, min(len(by_rules), SUGGESTED) + 1))
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [Suggested(department, value / whole) for department, value in ranked]


def is_clear(ranked: Sequence[Suggested], margin: float) -> bool:
    """Whether the first is so far ahead of the second that it is worth saying."""
    second = ranked[1].likelihood if len(ranked) > 1 else 0.0
    return bool(ranked) and ranked[0].likelihood - second >= margin
