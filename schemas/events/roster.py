"""Who sits at the window, where that is another than the center file has it."""

from datetime import date, datetime
from uuid import UUID

from schemas.duty import RosterChangeKind, RosterChangeState
from schemas.events.event import Event


class RosterChanged(Event, type="roster.changed.v1", by="routing"):
    """A change of the roster was proposed, came into force, was refused or withdrawn, or got another substitute.

    A swap is of the sitting of ``leader`` that opens at ``opens_at`` with that of ``other`` at ``other_opens_at``. A
    leave is of ``leader`` from ``first`` to ``last``, both included, with ``other`` as the substitute if there is one.
    """

    change_id: UUID
    kind: RosterChangeKind
    state: RosterChangeState
    leader: str
    other: str | None = None
    opens_at: datetime | None = None
    other_opens_at: datetime | None = None
    first: date | None = None
    last: date | None = None
    changed_by: str
    changed_at: datetime
