"""One's own sittings for a calendar program: as a file, and at a secret address that needs no login."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, g, render_template, request, url_for

from schemas.center.access import departments_of, roles_of
from schemas.enums import Role
from services.access import centers
from services.calendar.calendar import work_calendar
from services.desk import store
from services.desk.pages.guard import for_staff, to_page
from services.desk.person import Person
from services.desk.rules.calendar_feed import CalendarEntry, calendar_text
from services.desk.wording import LANGUAGES, PageWording

pages = Blueprint("calendar_feed", __name__)

LEADERS = (Role.DUTY_LEADER, Role.DIRECTOR)
BEFORE, AHEAD = timedelta(days=28), timedelta(days=330)
"""How far back, and how far ahead, the calendar shows sittings."""


@pages.get("/roster/own.ics")
@for_staff(*LEADERS)
def download() -> Any:
    """One's own sittings as a file."""
    response = _calendar_of(g.person, g.wording)
    response.headers["Content-Disposition"] = "attachment; filename=sittings.ics"
    return response


@pages.post("/roster/feed")
@for_staff(*LEADERS)
def make() -> Any:
    """A new secret address, shown this once; one that there was leads nowhere any more."""
    secret = secrets.token_urlsafe(32)
    with g.desk.database.transaction() as tx:
        store.feeds.put(tx, g.person.center, g.person.staff, secret)
    path = url_for("calendar_feed.read", secret=secret, language=g.wording.language)
    return render_template("roster_feed.html", address=g.desk.settings.url.rstrip("/") + path)


@pages.post("/roster/feed/revoke")
@for_staff(*LEADERS)
def revoke() -> Any:
    """The address leads nowhere any more."""
    with g.desk.database.transaction() as tx:
        store.feeds.delete(tx, g.person.center, g.person.staff)
    return to_page("roster.show")


@pages.get("/calendar/<secret>.ics")
def read(secret: str) -> Any:
    """Somebody's own sittings, to whoever knows the address; 404 once it was revoked or they may not log in."""
    with g.desk.database.transaction() as tx:
        owner = store.feeds.use(tx, secret)
        if owner is None:
            abort(404)
        g.center = centers.current(tx, owner.center)
    roles = roles_of(g.center, owner.staff)
    if roles.isdisjoint(LEADERS):
        abort(404)
    person = Person(g.desk.backend, owner.center, owner.staff, roles, departments_of(g.center, owner.staff))
    language = request.args.get("language", "")
    return _calendar_of(person, PageWording(language if language in LANGUAGES else LANGUAGES[0]))


def _calendar_of(person: Person, wording: PageWording) -> Response:
    today = work_calendar(g.center.calendar).local(g.now).date()
    shifts = person.get("routing", "/roster", since=today - BEFORE, until=today + AHEAD)["shifts"]
    name = wording.say("Sittings at the window")
    entries = [
        CalendarEntry(
            uid=f"{each['opens_at']}-{person.center}-{person.staff}@bancheng",
            starts_at=datetime.fromisoformat(each["opens_at"]),
            ends_at=datetime.fromisoformat(each["closes_at"]),
            summary=wording.say("Sitting at the window"),
            description=_instead_of(each, wording),
            location=g.center.name,
        )
        for each in shifts
        if each["leader"] == person.staff and not each["gap"]
    ]
    zone = ZoneInfo(g.center.calendar.time_zone)
    return Response(calendar_text(name, entries, zone, g.now), content_type="text/calendar; charset=utf-8")


def _instead_of(shift: dict[str, Any], wording: PageWording) -> str:
    regular = shift["regular_leader"]
    if regular is None:
        return ""
    name = g.center.staff[regular].name if regular in g.center.staff else regular
    return wording.say("instead of {name}", name=name)
