"""The center file over HTTP: read, checked, compared, published, and an earlier version brought back."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from marshmallow.validate import Length, Range

from schemas.enums import DeadlineKind
from schemas.reasons import DryRunReason
from schemas.record.record import Record, Reply
from schemas.values import Cursor, PageSize

VersionNumber = Annotated[int, Range(min=1, max=1_000_000_000)]
Yaml = Annotated[str, Length(min=1, max=120_000)]


class CheckCenterFile(Record):
    """A draft that may be published later."""

    yaml: Yaml


class PublishCenterFile(Record):
    """A file, and the version that it was made from: if that is not the newest any more, it is refused."""

    yaml: Yaml
    based_on: VersionNumber


class RestoreCenterFile(Record):
    """The version that was the newest when somebody decided to go back."""

    based_on: VersionNumber


class CenterFaultView(Reply):
    """Something wrong, and where: ``path`` as in ``rules[3].lead``, ``line`` of the YAML, counted from 1."""

    path: str
    message: str
    line: int | None = None


class CenterChangeView(Reply):
    """A field that differs: ``path`` as in ``departments.SWJ.head``; None is what is not there."""

    path: str
    before: Any = None
    after: Any = None


class CenterCheckView(Reply):
    """What is wrong with a draft; if nothing, what it would change about version ``newest``."""

    newest: int
    faults: tuple[CenterFaultView, ...] = ()
    changes: tuple[CenterChangeView, ...] = ()


class PublicationView(Reply):
    """A version: when and by whom it was published here, and the one whose content it brought back.

    ``published_by`` is None where it was published from the command line.
    """

    version: int
    published_at: datetime | None = None
    published_by: str | None = None
    restores: int | None = None


class PublicationQuery(Record):
    """Which versions: those before ``before``, the newest first."""

    before: VersionNumber | None = None
    limit: PageSize = 50


class PublicationPage(Reply):
    """Some of the versions, the newest first, and ``next``, before which the next page begins."""

    items: tuple[PublicationView, ...] = ()
    next: int | None = None


class CenterFileView(PublicationView):
    """One version, as the YAML that was written and as JSON; ``newest`` is the number of the newest one."""

    newest: int
    yaml: str
    center: Any


class ComparisonQuery(Record):
    """Two versions."""

    before: VersionNumber
    after: VersionNumber


class CenterComparison(Reply):
    """What the version ``after`` has otherwise than ``before``."""

    before: int
    after: int
    changes: tuple[CenterChangeView, ...] = ()


class DryRun(Record):
    """A draft, and where in the list of what it would do the next page begins."""

    yaml: Yaml
    after: Cursor | None = None
    limit: PageSize = 50


class TicketOtherwise(Reply):
    """An open ticket that others would handle. No word of the ticket itself: an operator has no business with it.

    With ``department_gone`` it goes to the duty leader's docket if its lead is among ``gone``, and else loses those who
    assist. With ``rule_changed`` nobody has decided yet who handles it, and the rules would no longer name ``lead`` and
    ``assisting`` but ``would_lead`` and ``would_assist``.
    """

    ticket_id: UUID
    number: str
    why: DryRunReason
    lead: str | None = None
    assisting: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    would_lead: str | None = None
    would_assist: tuple[str, ...] = ()
    rule: str | None = None


class TicketsOtherwise(Reply):
    """Some of them, by their age; perhaps none, and yet ``next``, where it goes on."""

    items: tuple[TicketOtherwise, ...] = ()
    next: str | None = None


class DeadlineOtherwise(Reply):
    """An open deadline that the draft would move, or would have made another from the start.

    ``would_be_due_at`` is its due time once the draft is published: other than ``due_at`` only where that is
    provisional and the calendar changes, since what was promised stays. ``anew_due_at`` is what the draft makes of its
    whole history, as for a ticket that comes in tomorrow. ``would_break``: it would be late at once.
    """

    id: UUID
    ticket_id: UUID
    number: str | None = None
    kind: DeadlineKind
    round: int
    department: str | None = None
    due_at: datetime
    would_be_due_at: datetime
    anew_due_at: datetime | None = None
    would_break: bool = False


class DeadlinesOtherwise(Reply):
    """Some of them, the earliest due first; perhaps none, and yet ``next``, where it goes on."""

    items: tuple[DeadlineOtherwise, ...] = ()
    next: str | None = None
