"""What knowledge knows of a ticket: solved ones like it, who solves such, what answers it. Pages go on without it."""

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


def case_of(ticket_id: Any, department: str | None) -> Any:
    """What others can learn from a ticket, and what was made of it; None where knowledge is away or does not say."""
    try:
        return g.person.get("knowledge", f"/cases/{ticket_id}", acting_for=department)
    except BackendAway:
        return None
    except BackendRefused as refused:
        if refused.status not in (403, 404):
            raise
        return None


def answer_to_typed(title: str) -> Mapping[str, Any] | None:
    """The entry that answers a ticket which is being typed, if one does; None where knowledge is away."""
    try:
        found = g.person.post("knowledge", "/answers", {"title": title})["items"]
    except BackendAway:
        return None
    return found[0] if found else None


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
