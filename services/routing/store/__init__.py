"""What routing remembers: the only SQL of this service, a module for each thing that is stored."""

from services.routing.store import assignments, deadlines, docket, lists, tickets, timeline

__all__ = ["assignments", "deadlines", "docket", "lists", "tickets", "timeline"]
