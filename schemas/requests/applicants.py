"""The applicant in what intake is asked over HTTP and in what it replies: given, masked, revealed."""

from datetime import datetime
from uuid import UUID

from schemas.enums import ApplicantKind
from schemas.record.record import Record, Reply
from schemas.values import CreditCode, IdNumber, Name, Phone, Reason


class Applicant(Record):
    """Who applies. ``name`` and ``phone`` are those of the person to call, also for an organisation."""

    kind: ApplicantKind
    name: Name
    phone: Phone
    id_number: IdNumber | None = None
    organisation: Name | None = None
    credit_code: CreditCode | None = None


class ApplicantView(Reply):
    """An applicant, with ``masked`` values or, for a stated reason, the true ones."""

    masked: bool
    kind: ApplicantKind
    name: str
    phone: str
    id_number: str | None = None
    organisation: str | None = None
    credit_code: str | None = None


class RevealApplicant(Record):
    """Why somebody needs the true values; it is written down with the name of who asked."""

    reason: Reason


class RevealedTicket(Reply):
    """The applicant and the text as they were given, unmasked."""

    id: UUID
    number: str
    title: str
    text: str
    applicant: ApplicantView


class ForgetTicket(Record):
    """Why what is personal in a ticket is deleted before its time; it is written down with the name of who asked."""

    reason: Reason


class ForgottenTicket(Reply):
    """A ticket of which number, times, departments and outcome are left."""

    id: UUID
    number: str
    forgotten_at: datetime


class ContactView(Reply):
    """Where a message to the applicant goes, and the number by which they know their ticket."""

    number: str
    phone: str


class FindByPhone(Record):
    """All tickets of the applicant with this phone, and why somebody looks for them; both are written down.

    A body and no query, so that no log line holds the phone.
    """

    phone: Phone
    reason: Reason
