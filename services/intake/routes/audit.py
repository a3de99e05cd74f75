"""What an auditor asks: who was shown personal data, or searched by them, and why; and what is to be forgotten."""

from typing import Any
from uuid import UUID

from schemas.enums import Role
from schemas.requests.applicants import ForgetTicket, ForgottenTicket
from schemas.requests.audit import (
    AuditQuery,
    Forgetting,
    ForgettingPage,
    PhoneSearch,
    PhoneSearchPage,
    Reveal,
    RevealPage,
)
from services.access.admission import route
from services.intake import store
from services.intake.actions import forgetting
from services.intake.actions.applicants import HasKeys
from services.intake.routes.citizen import NUMBERED
from services.intake.rules.tickets import number_read
from services.plumbing.http.group_commit import Call
from services.plumbing.http.replies import page_length

FORGETTERS = {Role.AUDITOR, Role.DIRECTOR}


@route("GET", "/audit/reveals", query=AuditQuery, reply=RevealPage, roles={Role.AUDITOR})
def list_reveals(service: HasKeys, call: Call) -> RevealPage:
    """Who was shown an applicant's personal data, the latest first."""
    limit = call.query.limit
    rows = store.audit.reveals(call.tx, call.actor.center, after=call.query.after, limit=limit + 1)
    page = rows[: page_length(rows, limit)]
    items = tuple(Reveal(**row._asdict()) for row in page)
    return RevealPage(items=items, next=items[-1].id if len(rows) > len(items) else None)


@route("GET", "/audit/phone-searches", query=AuditQuery, reply=PhoneSearchPage, roles={Role.AUDITOR})
def list_phone_searches(service: HasKeys, call: Call) -> PhoneSearchPage:
    """Who searched for the tickets of a phone, the latest first."""
    limit = call.query.limit
    rows = store.audit.phone_searches(call.tx, call.actor.center, after=call.query.after, limit=limit + 1)
    page = rows[: page_length(rows, limit)]
    items = tuple(PhoneSearch(**row._asdict()) for row in page)
    return PhoneSearchPage(items=items, next=items[-1].id if len(rows) > len(items) else None)


@route("GET", "/audit/forgettings", query=AuditQuery, reply=ForgettingPage, roles={Role.AUDITOR})
def list_forgettings(service: HasKeys, call: Call) -> ForgettingPage:
    """Of which tickets the personal data were deleted, the latest first."""
    limit = call.query.limit
    rows = store.audit.forgettings(call.tx, call.actor.center, after=call.query.after, limit=limit + 1)
    page = rows[: page_length(rows, limit)]
    items = tuple(Forgetting(**row._asdict()) for row in page)
    return ForgettingPage(items=items, next=items[-1].id if len(rows) > len(items) else None)


@route("POST", "/tickets/<uuid:ticket_id>/forget", body=ForgetTicket, reply=ForgottenTicket, roles=FORGETTERS)
def forget(service: HasKeys, call: Call, ticket_id: UUID) -> ForgottenTicket:
    """Delete what is personal in a ticket that has ended, with its texts and files, in every service."""
    ticket = store.tickets.ticket(call.tx, call.actor.center, ticket_id, lock=True)
    return forgetting.forget(call.tx, service.cipher, ticket, call.body, call.actor.staff)


@route("POST", f"{NUMBERED}/forget", body=ForgetTicket, reply=ForgottenTicket, roles=FORGETTERS)
def forget_numbered(service: HasKeys, call: Call, **number: Any) -> ForgottenTicket:
    """The same for who knows the ticket by its number alone."""
    ticket = store.tickets.ticket_of_number(call.tx, call.actor.center, number_read(**number))
    return forgetting.forget(call.tx, service.cipher, ticket, call.body, call.actor.staff)
