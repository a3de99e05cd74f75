"""What routing remembers: the only SQL of this service, a module for each thing that is stored."""

from services.routing.store import (
    assignments,
    deadlines,
    docket,
    escalations,
    lists,
    promises,
    publications,
    related,
    roster,
    similar,
    tickets,
    timeline,
)

__all__ = [
    "assignments",
    "deadlines",
    "docket",
    "escalations",
    "lists",
    "promises",
    "publications",
    "related",
    "roster",
    "similar",
    "tickets",
    "timeline",
]
