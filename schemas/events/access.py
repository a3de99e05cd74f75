"""Who may no longer get in with what was given out before."""

from datetime import datetime

from schemas.events.event import Event


class AccessRevoked(Event, type="access.revoked.v1", by="routing"):
    """The tokens of a person or feeding system of the center that were issued up to ``not_before`` hold no longer.

    ``not_before`` is real time, whatever Bancheng's clock says, as it is in tokens.
    """

    staff: str
    not_before: datetime
