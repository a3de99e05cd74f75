"""Who may open a page, and which form is taken. What they may see and do there is judged by the services."""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import abort, current_app, g, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from schemas.enums import Role
from services.desk.rules.accounts import SessionState

LANDINGS = {
    SessionState.NEW_PASSWORD: "account.set_password",
    SessionState.SECOND_FACTOR: "account.give_code",
    SessionState.NEW_SECOND_FACTOR: "account.second_factor",
}
"""Where a session that is not open yet goes on."""
_WITHIN = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


def way_back() -> str:
    """The page of ours to go to afterwards; an address of anybody else's is not followed."""
    then = request.values.get("then", "")
    return then if is_within(then) else url_for("home")


def came_from() -> str | None:
    """The page of ours on which a form was sent; None where the browser does not say or says another place, and where
    that page was itself the reply to a form.
    """
    if request.method != "POST" or not request.referrer:
        return None
    sent_on = urlsplit(request.referrer)
    address = urlunsplit(("", "", sent_on.path, sent_on.query, ""))
    pages = current_app.create_url_adapter(request)
    if sent_on.netloc != request.host or not is_within(address) or pages is None:
        return None
    try:
        pages.match(sent_on.path, method="GET")
    except HTTPException:
        return None
    return address


def is_within(address: str) -> bool:
    """Whether it is an address of a page of ours."""
    return _WITHIN.fullmatch(address) is not None


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def to_page(endpoint: str, **values: Any) -> Any:
    """Send the browser to another page, also where it asked for a part of one."""
    address = url_for(endpoint, **values)
    if not is_fragment():
        return redirect(address, code=303)
    response = make_response("", 200)
    response.headers["HX-Redirect"] = address
    return response


def for_staff(*roles: Role) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A page for those who are logged in and have one of ``roles`` (any, if none is named); 404 for all others.

    Whoever is not logged in is sent to the log-in page and comes back afterwards.
    """

    def guarded(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guard(*arguments: Any, **named: Any) -> Any:
            if g.person is None:
                endpoint = LANDINGS.get(g.session.state, "account.log_in") if g.session else "account.log_in"
                back = request.full_path.rstrip("?") if request.method == "GET" and not is_fragment() else None
                return to_page(endpoint, then=back)
            if roles and not g.person.has(*roles):
                abort(404)
            return view(*arguments, **named)

        return guard

    return guarded


def check_form() -> None:
    """A form is taken from our own pages alone: by the token of the session, and before there is one by its origin."""
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none") or origin not in (
        None,
        *g.desk.settings.origins,
        f"{request.scheme}://{request.host}",
    ):
        abort(403)
    if g.session is not None:
        shown = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
        if not secrets.compare_digest(shown.encode(), g.session.csrf_token.encode()):
            abort(403)
