"""Papers that may come later; those that are asked for stand in `schemas.events.tickets`."""

from datetime import date, datetime
from uuid import UUID

from schemas.events.event import Event


class ToleranceGranted(Event, type="tolerance.granted.v1", by="intake"):
    """Work begins without some papers (容缺受理): the applicant promised by signature to bring ``items``, masked, by
    ``due_on``. The deadline does not wait for them. ``attachment_id`` is the photo of the signed promise.
    """

    ticket_id: UUID
    round: int
    items: tuple[str, ...]
    due_on: date
    attachment_id: UUID | None = None
    granted_by: str
    granted_at: datetime


class ToleranceSupplied(Event, type="tolerance.supplied.v1", by="intake"):
    """The papers that were promised are there; ``late`` if the promise had lapsed before."""

    ticket_id: UUID
    round: int
    late: bool
    supplied_by: str
    supplied_at: datetime


class ToleranceLapsed(Event, type="tolerance.lapsed.v1", by="intake"):
    """The papers did not come by the day that was promised (终止容缺): nobody reckons with them any more, and the
    applicant is taken in without papers no more until they come. The ticket itself goes on, and so does its promise.
    """

    ticket_id: UUID
    round: int
    due_on: date
    lapsed_at: datetime
