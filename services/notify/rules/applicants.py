"""What an applicant is sent when something happens to their ticket, and when. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from schemas.center.center import Center
from schemas.channels import ApplicantMessage
from schemas.events.event import Event
from schemas.events.materials import ToleranceGranted
from schemas.events.tickets import MaterialsRequested, TicketAnswered, TicketClosed, TicketRegistered, TicketRouted
from services.calendar.calendar import work_calendar


class TextMessage(NamedTuple):
    """What an applicant is to be sent, and not before when; ``department``, ``due_on`` as far as it speaks of them."""

    id: UUID
    center: str
    ticket_id: UUID
    kind: ApplicantMessage
    created_at: datetime
    hold_until: datetime
    department: str | None = None
    due_on: date | None = None
    round: int | None = None


def messages_of(center: Center, event: Event) -> list[TextMessage]:
    """The messages that the center wants sent of an event, each always with the same id."""
    return [each for each in _messages_of(center, event) if each.kind in center.notices.to_applicants]


def _messages_of(center: Center, event: Event) -> Iterator[TextMessage]:
    match event:
        case TicketRegistered():
            yield _message(event.ticket_id, center, ApplicantMessage.RECEIVED, event.registered_at)
        case TicketRouted(lead=str(lead)) if lead in center.departments:
            about = f"{event.round} {lead}"
            department = center.departments[lead].name
            routed = _message(event.ticket_id, center, ApplicantMessage.ROUTED, event.routed_at, about)
            yield routed._replace(department=department)
        case MaterialsRequested():
            at, about = event.requested_at, str(event.requested_at.timestamp())
            asked = _message(event.ticket_id, center, ApplicantMessage.MATERIALS_REQUESTED, at, about)
            yield asked._replace(due_on=event.due_on)
            reminder = _message(event.ticket_id, center, ApplicantMessage.MATERIALS_DUE, at, about)
            if event.due_on and (morning := reminded_at(center, event.due_on)) > at:
                yield reminder._replace(due_on=event.due_on, hold_until=morning)
        case ToleranceGranted():
            for nth, morning in enumerate(reminders_of(center, event)):
                about = f"{event.round} {nth}"
                due = _message(event.ticket_id, center, ApplicantMessage.TOLERANCE_DUE, event.granted_at, about)
                yield due._replace(due_on=event.due_on, hold_until=morning, round=event.round)
        case TicketAnswered():
            yield _message(event.ticket_id, center, ApplicantMessage.ANSWERED, event.answered_at, str(event.round))
        case TicketClosed():
            yield _message(event.ticket_id, center, ApplicantMessage.RATING_ASKED, event.closed_at, str(event.round))


def reminders_of(center: Center, promised: ToleranceGranted) -> list[datetime]:
    """When somebody is reminded of papers that they have promised: half way, the day before and on the day, as the
    center opens; each morning once, and none that has passed.
    """
    calendar = work_calendar(center.calendar)
    first = calendar.local(promised.granted_at).date()
    half = first + (promised.due_on - first) / 2
    days = sorted({half, promised.due_on - timedelta(days=1), promised.due_on})
    return [at for day in days if (at := calendar.opening_of(day)) > promised.granted_at]


def reminded_at(center: Center, due_on: date) -> datetime:
    """When somebody is reminded of papers: as the center opens, the day before they are due."""
    return work_calendar(center.calendar).opening_of(due_on - timedelta(days=1))


def _message(ticket_id: UUID, center: Center, kind: ApplicantMessage, at: datetime, about: str = "") -> TextMessage:
    return TextMessage(uuid5(ticket_id, f"{kind} {about}"), center.code, ticket_id, kind, at, at)
