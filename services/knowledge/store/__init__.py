"""What knowledge remembers: the only SQL of this service, a module for each thing that is stored."""

from services.knowledge.store import index, shelves, suggestions, tickets

__all__ = ["index", "shelves", "suggestions", "tickets"]
