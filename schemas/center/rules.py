"""Which routing rules of a center file fit a ticket: asked by who routes by them and by who learns beside them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from schemas.center.center import Center, RoutingRule
from schemas.enums import Cause
from schemas.reasons import RoutingReason


class Matter(NamedTuple):
    """What the rules look at: the code of the matter, the cause if given, and the words of the ticket."""

    code: str | None
    cause: Cause | None
    words: str


def matter_of(title: str, text: str, code: str | None, cause: Cause | None) -> Matter:
    """What the rules look at in a ticket. Small and capital letters are the same to them."""
    return Matter(code, cause, f"{title}\n{text}".casefold())


def fitting_rules(center: Center, matter: Matter) -> Iterator[tuple[RoutingRule, list[str]]]:
    """The rules that fit, in the order of the center file, each with why: RoutingReasons."""
    for rule in center.rules:
        reasons = _reasons(rule, matter)
        if reasons is not None:
            yield rule, reasons


def _reasons(rule: RoutingRule, matter: Matter) -> list[str] | None:
    """Why ``rule`` fits: RoutingReasons; None when it does not."""
    reasons: list[str] = []
    for given, reason in _tests(rule, matter):
        if given and not reason:
            return None
        if reason:
            reasons.append(reason)
    return reasons or [RoutingReason.EVERY_TICKET]


def _tests(rule: RoutingRule, matter: Matter) -> Iterator[tuple[bool, str | None]]:
    """Each condition of a rule: whether it is given at all, and what of it fits."""
    yield bool(rule.matters), f"{RoutingReason.MATTER}:{matter.code}" if matter.code in rule.matters else None
    yield bool(rule.causes), f"{RoutingReason.CAUSE}:{matter.cause}" if matter.cause in rule.causes else None
    any_of = next((word for word in rule.any_of if _folded(word) in matter.words), None)
    yield bool(rule.any_of), f"{RoutingReason.KEYWORD}:{any_of}" if any_of else None
    holds_all = all(_folded(word) in matter.words for word in rule.all_of)
    all_of = f"{RoutingReason.KEYWORDS}:{' '.join(rule.all_of)}"
    yield bool(rule.all_of), all_of if rule.all_of and holds_all else None


@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    return word.casefold()
