"""The desk's Flask application: who asks, in which language, what a form must show, what a browser may load.

Every request goes through here; what the pages show stands in `services.desk.pages`.
"""

import secrets
from importlib import import_module
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from schemas.center.access import departments_of, headed_by, roles_of
from schemas.errors import Refused
from services.access import centers
from services.desk.actions import access
from services.desk.backend import Backend, BackendAway, BackendRefused
from services.desk.context import context
from services.desk.live import Hub
from services.desk.pages import account, preferences, sides, trial
from services.desk.pages.files import FORM_BYTES, UPLOADS, read_form
from services.desk.pages.guard import came_from, check_form
from services.desk.person import Person
from services.desk.rules.accounts import SessionState
from services.desk.settings import DeskSettings
from services.desk.wording import LANGUAGES, PageWording, at_start
from services.plumbing.database.database import Database
from services.plumbing.database.errors import FAULTS
from services.plumbing.http.clients import Networks, client_of
from services.plumbing.http.replies import RequestRejected

BODY_LIMIT = 1 << 20
MOST_FIELDS = 20_000
"""More than the form of a center file with all that a city has."""
_YEAR_SECONDS = 365 * 24 * 3600
_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_WITH_MICROPHONE = "camera=(), geolocation=(), microphone=(self)"
"""Of the pages on which a question may be asked by voice."""

_log = structlog.get_logger()


def make_application(
    settings: DeskSettings, database: Database, hub: Hub, backend: Backend, trusted_proxies: Networks
) -> Flask:
    """The WSGI application with the pages of ``settings.sides``."""
    application = Flask(__name__)
    application.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_FIELDS=MOST_FIELDS,
        UPLOADS=UPLOADS,
        UPLOAD_LIMIT=settings.upload_bytes + FORM_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=_YEAR_SECONDS,
    )
    application.jinja_env.trim_blocks = application.jinja_env.lstrip_blocks = True
    application.jinja_env.filters["at_start"] = at_start
    application.extensions["desk"] = Desk(settings, database, hub, backend, trusted_proxies)
    application.register_blueprint(preferences.pages)
    for side in settings.sides:
        for pages in sides.PAGES[side]:
            application.register_blueprint(pages)
    if settings.trial_links:
        application.register_blueprint(trial.pages)
    if settings.oidc and "staff" in settings.sides:  # its libraries are loaded only then
        application.register_blueprint(import_module("services.desk.pages.oidc").pages)
    application.before_request(_begin)
    application.after_request(_finish)
    application.context_processor(context)
    application.register_error_handler(Exception, _failed)
    application.add_url_rule("/", "home", _home)
    return application


class Desk:
    """What every page works with."""

    def __init__(
        self, settings: DeskSettings, database: Database, hub: Hub, backend: Backend, trusted_proxies: Networks
    ) -> None:
        self.settings, self.database, self.hub, self.backend = settings, database, hub, backend
        self._trusted_proxies = trusted_proxies
        self.cookie = "__Host-bancheng" if settings.is_secure else "bancheng"
        self.version = secrets.token_hex(4)

    @property
    def address(self) -> str:
        """The address of who asks."""
        return client_of(request, self._trusted_proxies)

    def remember(self, response: Response, cookie: str | None) -> Response:
        """Give the browser a session's cookie, or take it away."""
        if cookie is None:
            response.delete_cookie(self.cookie, secure=self.settings.is_secure, httponly=True, samesite="Lax")
        else:
            response.set_cookie(
                self.cookie, cookie, secure=self.settings.is_secure, httponly=True, samesite="Lax", path="/"
            )
        return response


def _home() -> Any:
    """Where somebody's work is."""
    if g.person is None:
        is_staff = "staff" in g.desk.settings.sides
        return redirect(url_for("account.log_in") if is_staff else url_for("citizen.ask"))
    return redirect(url_for(account.home_of(g.person)))


def _begin() -> Any:
    g.desk = request_desk()
    g.position = g.desk.hub.position
    language = request.cookies.get("language", "")
    g.wording = PageWording(language if language in LANGUAGES else LANGUAGES[0])
    g.session = g.person = g.center = None
    if request.endpoint == "static":
        return None
    if refused := request.environ.get("bancheng.refused"):
        raise refused
    if UPLOADS.fullmatch(request.path):
        read_form()
    _look_up_session()
    if request.method == "POST":
        check_form()
    return None


def _look_up_session() -> None:
    cookie = request.cookies.get(g.desk.cookie)
    is_act = request.headers.get("HX-Trigger-Source") != "live"
    with g.desk.database.transaction() as tx:
        g.now = tx.now
        if cookie and (session := access.session_of(tx, cookie, is_act=is_act)):
            g.session = session
            g.center = centers.current(tx, session.center)
    if g.session and g.session.state is SessionState.OPEN:
        center, staff = g.center, g.session.staff
        g.person = Person(
            g.desk.backend,
            g.session.center,
            staff,
            roles_of(center, staff),
            departments_of(center, staff),
            headed_by(center, staff),
        )


def _finish(response: Response) -> Response:
    response.headers.extend(_SECURITY_HEADERS)
    if g.get("records_voice"):
        response.headers["Permissions-Policy"] = _WITH_MICROPHONE
    if request.endpoint == "static":
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    return response


def _failed(error: Exception) -> Any:
    """Say in words what went wrong. What a person has typed stays in their browser."""
    if isinstance(error, HTTPException):
        status = error.code or 500
    elif isinstance(error, (BackendAway, *FAULTS)):
        status = 503
    elif isinstance(error, BackendRefused | Refused | RequestRejected):
        status = error.status
    else:
        _log.exception("a page failed", endpoint=request.endpoint)
        status = 500
    refusal = error if isinstance(error, BackendRefused) else None
    try:
        page = render_template("failed.html", status=status, refusal=refusal, back=came_from())
    except Exception:
        _log.exception("the page of an error failed")
        page = str(status)
    response = make_response(page, status)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def request_desk() -> Desk:
    """What the pages of this application work with."""
    desk: Desk = current_app.extensions["desk"]
    return desk
