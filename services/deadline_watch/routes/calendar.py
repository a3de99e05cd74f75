"""Deadlines that depend on days of which nothing is announced yet."""

from typing import Any

from schemas.enums import Role
from schemas.requests.deadlines import DeadlinePage, ProvisionalQuery
from services.access.admission import route
from services.deadline_watch import views
from services.plumbing.http.group_commit import Call

_READERS = {Role.OPS, Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR}


@route("GET", "/deadlines/provisional", query=ProvisionalQuery, reply=DeadlinePage, roles=_READERS)
def list_provisional_deadlines(service: Any, call: Call) -> DeadlinePage:
    """The center's open deadlines that will be counted anew when the calendar is announced, the earliest due first."""
    return views.provisional(call.tx, call.actor.center, call.query)
