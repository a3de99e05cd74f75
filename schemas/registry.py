"""All events of the system in one place: importing this declares every one of them."""

from schemas.center import center
from schemas.events import (
    access,
    assignments,
    cases,
    deadlines,
    decisions,
    entries,
    escalations,
    forgetting,
    helps,
    meetings,
    notices,
    reconciliation,
    roster,
    sittings,
    suggestions,
    tickets,
    watermarks,
)
from schemas.events.event import VOCABULARY

__all__ = [
    "VOCABULARY",
    "access",
    "assignments",
    "cases",
    "center",
    "deadlines",
    "decisions",
    "entries",
    "escalations",
    "forgetting",
    "helps",
    "meetings",
    "notices",
    "reconciliation",
    "roster",
    "sittings",
    "suggestions",
    "tickets",
    "watermarks",
]
