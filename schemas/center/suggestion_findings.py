"""What cannot be right about suggestions in a center file."""

from collections.abc import Iterator

from schemas.center.center import Center


def suggestion_findings(center: Center) -> Iterator[tuple[str, str]]:
    """Where it is, and what is wrong with it."""
    rule = center.suggestions
    if rule.routing_margin is not None and rule.routing_margin < rule.margin:
        yield "suggestions.routing_margin", "Must not be less than margin: nobody is routed by what is not shown."
