"""What an auditor asks: who was shown personal data, or searched by them, and why."""

from schemas.enums import Role
from schemas.requests.audit import AuditQuery, PhoneSearch, PhoneSearchPage, Reveal, RevealPage
from services.access.admission import route
from services.intake import store
from services.intake.actions.applicants import HasKeys
from services.plumbing.http.group_commit import Call
from services.plumbing.http.replies import page_length


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
