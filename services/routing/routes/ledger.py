"""The ledger (台账), for the center's own people."""

from schemas.requests import ledger as api
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import ledger
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.routes import CENTER

AT_ONCE = 2
"""Pages of it are large: more wait, and leave the database to others."""


@route("GET", "/ledger", query=api.LedgerQuery, reply=api.LedgerPage, roles=CENTER, at_once=AT_ONCE)
def list_ledger(service: HasMaskingKeys, call: Call) -> api.LedgerPage:
    """Tickets with all that became of them, the earliest registered first."""
    return ledger.ledger(call)
