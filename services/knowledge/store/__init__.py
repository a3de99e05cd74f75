"""What knowledge remembers: the only SQL of this service, a module for each thing that is stored."""

from services.knowledge.store import entries, index, shelves, suggestions, tickets

__all__ = ["entries", "index", "shelves", "suggestions", "tickets"]
