"""One's own notices, by whoever is logged in."""

from uuid import UUID

from schemas.errors import NotFound
from schemas.requests.notices import NoticePage, NoticeQuery, NoticesRead
from services.access.admission import route
from services.notify import store, views
from services.notify.routes import STAFF, HasSettings
from services.plumbing.http.group_commit import Call


@route("GET", "/notices", query=NoticeQuery, reply=NoticePage, roles=STAFF)
def list_notices(service: HasSettings, call: Call) -> NoticePage:
    """One's own notices, the latest first, and how many are unread."""
    return views.notices(call)


@route("POST", "/notices/<uuid:notice_id>/read", reply=NoticesRead, roles=STAFF)
def read_notice(service: HasSettings, call: Call, notice_id: UUID) -> NoticesRead:
    """One of them was read."""
    if not store.reading.is_recipient(call.tx, call.actor.center, call.actor.staff, notice_id):
        raise NotFound("no such notice")
    store.notices.read(call.tx, call.actor.center, call.actor.staff, notice_id)
    return NoticesRead(unread=store.reading.unread(call.tx, call.actor.center, call.actor.staff))


@route("POST", "/notices:read", reply=NoticesRead, roles=STAFF)
def read_all_notices(service: HasSettings, call: Call) -> NoticesRead:
    """All of them were read."""
    store.notices.read(call.tx, call.actor.center, call.actor.staff, None)
    return NoticesRead(unread=store.reading.unread(call.tx, call.actor.center, call.actor.staff))
