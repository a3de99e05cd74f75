"""How what happens to an entry reads in its timeline. Pure."""

from typing import Any

from schemas.events.entries import EntryEvent

_AT = ("submitted_at", "vetted_at", "published_at", "suspended_at", "expired_at", "flagged_at", "settled_at")
_ACTOR = ("submitted_by", "vetted_by", "suspended_by", "expired_by", "flagged_by", "settled_by")
_TEXT = ("reason", "why")


def timeline_row(event: EntryEvent) -> dict[str, Any]:
    """The line that an event leaves; ``text`` begins with the code of a verdict, if there is one."""
    verdict = getattr(event, "verdict", None)
    words = next((getattr(event, name) for name in reversed(_TEXT) if getattr(event, name, None)), "")
    return {
        "center": event.center,
        "entry_id": event.entry_id,
        "version": event.version,
        "at": next(getattr(event, name) for name in _AT if hasattr(event, name)),
        "what": event.TYPE.rpartition(".")[0],
        "actor": next((getattr(event, name) for name in _ACTOR if hasattr(event, name)), None),
        "department": getattr(event, "department", None),
        "text": " ".join(each for each in (verdict, words) if each) or None,
    }
