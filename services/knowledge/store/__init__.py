"""What knowledge remembers: the only SQL of this service, a module for each thing that is stored."""

from services.knowledge.store import (
    answers,
    entries,
    entry_imports,
    entry_pages,
    flags,
    index,
    lateness,
    reviews,
    shelves,
    suggestions,
    tickets,
    trust,
    typical_cases,
    vettings,
)

__all__ = [
    "answers",
    "entries",
    "entry_imports",
    "entry_pages",
    "flags",
    "index",
    "lateness",
    "reviews",
    "shelves",
    "suggestions",
    "tickets",
    "trust",
    "typical_cases",
    "vettings",
]
