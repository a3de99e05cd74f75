"""The words of the question base: what an entry is, where it stands, who has vetted it, and on what it is based."""

from enum import StrEnum
from typing import Annotated

from marshmallow.validate import Length

from schemas.record.record import Record
from schemas.values import Day, Line


class EntryKind(StrEnum):
    """A question that people ask, a typical case (典型案例), or what the next at the window must know (交接)."""

    QUESTION = "question"
    CASE = "case"
    HANDOVER = "handover"


class EntryState(StrEnum):
    """Where an entry stands: the state of its latest version until one is published. ``SUSPENDED`` is being checked
    (正在核对) and not shown; ``EXPIRED`` is over.
    """

    DRAFT = "draft"
    VETTING = "vetting"
    REFUSED = "refused"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    EXPIRED = "expired"


class VersionState(StrEnum):
    """Where one version stands. Only a draft is changed; ``RETURNED``: those who vetted it want it otherwise."""

    DRAFT = "draft"
    DEPARTMENT_VETTING = "department_vetting"
    JUSTICE_VETTING = "justice_vetting"
    PUBLISHED = "published"
    RETURNED = "returned"
    REFUSED = "refused"
    REPLACED = "replaced"


class Audience(StrEnum):
    """Who is shown an entry: everybody, the people of the center and the departments, or only its departments."""

    PUBLIC = "public"
    WINDOW = "window"
    DEPARTMENT = "department"


class VettingStage(StrEnum):
    """First every department that is named, then justice, which vets the basis (合法性审核)."""

    DEPARTMENT = "department"
    JUSTICE = "justice"


class VettingVerdict(StrEnum):
    """Signed as it is, to be changed first, or not to be published at all."""

    APPROVE = "approve"
    CHANGE = "change"
    REFUSE = "refuse"


class FlagVerdict(StrEnum):
    """Whether it is as wrong as somebody said."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class SuspensionReason(StrEnum):
    """Why an entry is not shown for the time being."""

    FLAG_UPHELD = "flag_upheld"
    BASIS_ENDED = "basis_ended"
    DECIDED = "decided"


class ReviewReason(StrEnum):
    """Why something is on a department's list of the week."""

    NOT_REVIEWED = "not_reviewed"
    FLAGGED = "flagged"
    BASIS_ENDING = "basis_ending"
    VALIDITY_ENDING = "validity_ending"
    NOT_FOUND = "not_found"
    CANDIDATE_CASE = "candidate_case"


class ReviewSubject(StrEnum):
    """What it is that is looked at: an entry, words that were asked and not found, or a ticket that was solved."""

    ENTRY = "entry"
    ASKED = "asked"
    TICKET = "ticket"


class ReviewVerdict(StrEnum):
    """It stays as it is, is written anew, or is over. What is no entry yet is kept out (`keep`) or written."""

    KEEP = "keep"
    CHANGE = "change"
    EXPIRE = "expire"


class Basis(Record):
    """A rule that the answer follows from: its title, number and article, since when it is in force and until when."""

    title: Line
    number: Annotated[str, Length(max=100)] = ""
    article: Annotated[str, Length(max=100)] = ""
    in_force: Day | None = None
    ends: Day | None = None
