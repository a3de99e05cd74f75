"""The figures of a center over some days, for those who answer for them."""

from schemas.enums import Role
from schemas.requests import statistics as api
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import statistics
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.routes import LEADERS

OVERSEERS = LEADERS | {Role.SUPERVISOR, Role.DEPARTMENT_HEAD}


@route("GET", "/statistics", query=api.StatisticsQuery, reply=api.StatisticsView, roles=OVERSEERS)
def show_statistics(service: HasMaskingKeys, call: Call) -> api.StatisticsView:
    """What was registered, promised, kept, returned, escalated and rated on some days."""
    return statistics.statistics(call)


@route("GET", "/statistics/tickets", query=api.CountedQuery, reply=api.CountedPage, roles=OVERSEERS)
def list_counted(service: HasMaskingKeys, call: Call) -> api.CountedPage:
    """The tickets behind a figure."""
    return statistics.counted(call)
