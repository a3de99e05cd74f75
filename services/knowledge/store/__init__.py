"""What knowledge remembers: the only SQL of this service, a module for each thing that is stored."""

from services.knowledge.store import (
    entries,
    entry_pages,
    flags,
    index,
    lateness,
    reviews,
    shelves,
    suggestions,
    tickets,
    vettings,
)

__all__ = [
    "entries",
    "entry_pages",
    "flags",
    "index",
    "lateness",
    "reviews",
    "shelves",
    "suggestions",
    "tickets",
    "vettings",
]
