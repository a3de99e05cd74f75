"""Papers that may come later; those that are asked for stand in `schemas.events.tickets`."""

from datetime import date, datetime
from uuid import UUID

from schemas.events.event import Event


class MaterialsTolerated(Event, type="materials.tolerated.v1", by="intake"):
    """Work begins without some papers (容缺受理): the applicant promised by signature to bring ``items``, masked, by
    ``promised_on``. The deadline does not wait for them. ``attachment_id`` is the photo of the signed promise.
    """

    ticket_id: UUID
    round: int
    items: tuple[str, ...]
    promised_on: date
    attachment_id: UUID | None = None
    tolerated_by: str
    tolerated_at: datetime
