"""Up to which time a service has published all its events."""

from datetime import datetime

from schemas.events.event import Event

EVERYWHERE = "*"
"""The center of what is about a service as a whole."""


class SourceReached(Event, type="source.reached.v1", by=("intake", "routing", "deadline_watch")):
    """Everything that ``source`` did before ``reached_at`` has been announced, ahead of this."""

    source: str
    reached_at: datetime

    def may_be_of(self, service: str) -> bool:
        """A service speaks for itself alone."""
        return self.source == service
