"""What routing remembers: the only SQL of this service, a module for each thing that is stored."""

from services.routing.store import (
    arbitrations,
    assignments,
    deadlines,
    docket,
    due,
    extensions,
    reading,
    search,
    tickets,
    timeline,
)

__all__ = [
    "arbitrations",
    "assignments",
    "deadlines",
    "docket",
    "due",
    "extensions",
    "reading",
    "search",
    "tickets",
    "timeline",
]
