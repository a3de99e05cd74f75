"""Old ledgers: read in by a leader, looked into by the center's own people, undone as a whole."""

from uuid import UUID

from schemas.enums import Role
from schemas.requests import imports as api
from services.access.admission import route
from services.intake import store
from services.intake.actions import imports
from services.intake.actions.applicants import HasKeys
from services.intake.routes.window import READERS
from services.plumbing.http.group_commit import Call
from services.plumbing.http.replies import page_length

LEADERS = {Role.DUTY_LEADER, Role.DIRECTOR}
IMPORT = "/imports/<uuid:import_id>"
AT_ONCE = 2


@route("POST", "/imports", body=api.BeginImport, reply=api.ImportView, status=201, roles=LEADERS)
def begin_import(service: HasKeys, call: Call) -> api.ImportView:
    """Begin to read in an old ledger."""
    return imports.begin(call)


@route("GET", "/imports", query=api.ImportsQuery, reply=api.ImportPage, roles=READERS)
def list_imports(service: HasKeys, call: Call) -> api.ImportPage:
    """Old ledgers that were read in, the latest first."""
    limit = call.query.limit
    rows = store.imports.page(call.tx, call.actor.center, after=call.query.after, limit=limit + 1)
    items = tuple(api.ImportView(**row._asdict()) for row in rows[:limit])
    return api.ImportPage(items=items, next=items[-1].id if len(rows) > limit else None)


@route("POST", f"{IMPORT}/rows", body=api.ImportRows, reply=api.ImportView, roles=LEADERS, at_once=AT_ONCE)
def import_rows(service: HasKeys, call: Call, import_id: UUID) -> api.ImportView:
    """Add rows to one."""
    return imports.keep_rows(call, import_id)


@route("GET", f"{IMPORT}/rows", query=api.ImportedQuery, reply=api.ImportedPage, roles=READERS)
def list_imported(service: HasKeys, call: Call, import_id: UUID) -> api.ImportedPage:
    """The rows of one, masked."""
    limit = call.query.limit
    store.imports.import_of(call.tx, call.actor.center, import_id)
    rows = store.imports.rows(call.tx, import_id, after=call.query.after, limit=limit + 1)
    items = tuple(api.ImportedTicket(**row._asdict()) for row in rows[: page_length(rows, limit)])
    return api.ImportedPage(items=items, next=items[-1].place if len(rows) > len(items) else None)


@route("POST", f"{IMPORT}/undo", reply=api.ImportView, roles=LEADERS)
def undo_import(service: HasKeys, call: Call, import_id: UUID) -> api.ImportView:
    """Take all rows of one out again."""
    return imports.undo(call, import_id)
