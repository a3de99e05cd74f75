"""What cannot be right in a center file about suggestions, and about the texts of notices."""

from collections.abc import Iterator

from schemas.center.center import Center
from schemas.center.thresholds import unknown_places


def threshold_findings(center: Center) -> Iterator[tuple[str, str]]:
    """Where it is, and what is wrong with it."""
    rule = center.suggestions
    if rule.routing_margin is not None and rule.routing_margin < rule.margin:
        yield "suggestions.routing_margin", "Must not be less than margin: nobody is routed by what is not shown."
    for template, texts in center.notices.texts.items():
        for language, text in texts.items():
            for name in unknown_places(text):
                yield f"notices.texts.{template}.{language}", f"Speaks of {{{name}}}, which no notice has."
