"""What knowledge knows that is like a ticket: solved tickets, and who solves such things. A page goes on without it."""

from collections.abc import Mapping
from typing import Any

from flask import g

from services.desk.backend import BackendAway, BackendRefused


def similar_to(ticket_id: Any, department: str | None) -> Any:
    """Solved tickets like one that is there; None where knowledge is away, none of what one may not see."""
    return _items("/similar", department, ticket=str(ticket_id))


def suggested_for(ticket_id: Any) -> Any:
    """The departments that solve such things, each with its tickets; None where knowledge is away."""
    return _items(f"/suggestions/{ticket_id}", None)


def similar_to_typed(title: str, text: str) -> Any:
    """Solved tickets like one that is being typed; None where knowledge is away."""
    try:
        return g.person.post("knowledge", "/similar", {"title": title, "text": text})["items"]
    except BackendAway:
        return None


def _items(path: str, department: str | None, **query: Any) -> Any:
    try:
        found: Mapping[str, Any] = g.person.get("knowledge", path, acting_for=department, **query)
    except BackendAway:
        return None
    except BackendRefused as refused:
        if refused.status not in (403, 404):
            raise
        return []
    return found["items"]
