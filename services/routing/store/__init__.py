"""What routing remembers: the only SQL of this service, a module for each thing that is stored."""

from services.routing.store import (
    assignments,
    deadlines,
    docket,
    dry_run,
    escalations,
    followed,
    lists,
    meetings,
    promises,
    publications,
    related,
    roster,
    similar,
    sittings,
    tickets,
    timeline,
)

__all__ = [
    "assignments",
    "deadlines",
    "docket",
    "dry_run",
    "escalations",
    "followed",
    "lists",
    "meetings",
    "promises",
    "publications",
    "related",
    "roster",
    "similar",
    "sittings",
    "tickets",
    "timeline",
]
