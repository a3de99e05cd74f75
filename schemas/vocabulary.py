"""All events of the house in one place: importing this declares every one of them."""

from schemas import access, assignments, center, deadlines, notices, rollcall, tickets, watermarks
from schemas.event import VOCABULARY

__all__ = [
    "VOCABULARY",
    "access",
    "assignments",
    "center",
    "deadlines",
    "notices",
    "rollcall",
    "tickets",
    "watermarks",
]
