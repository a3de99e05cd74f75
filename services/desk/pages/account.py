"""Logging in and out, one's password, the second factor, one's language and size of text."""

import re
from typing import Any

import pyotp
import segno
from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from schemas.enums import Role
from schemas.errors import Invalid
from services.access import centers
from services.desk.actions import access
from services.desk.actions import second_factor as second_factors
from services.desk.pages.guard import LANDINGS, for_staff, way_back
from services.desk.person import Person
from services.desk.rules.accounts import SessionState
from services.plumbing.http.clients import RateLimiter

pages = Blueprint("account", __name__)

ATTEMPTS_PER_MINUTE = 20
"""How many may fail from one address, whoever is tried: an account's lock does not stop who tries one password on all.

What succeeds is not counted: a whole center may share one address, and begins its day at the same minute.
"""
LIMITER = RateLimiter(ATTEMPTS_PER_MINUTE)
_HOMES = (
    (Role.LIAISON, "liaison.inbox"),
    (Role.DUTY_LEADER, "leader.docket"),
    (Role.DIRECTOR, "overview.show"),
    (Role.DEPARTMENT_HEAD, "overview.show"),
    (Role.SUPERVISOR, "overview.show"),
    (Role.CLERK, "clerk.tickets"),
    (Role.OPS, "center_file.versions"),
    (Role.AUDITOR, "audit.show"),
)


def home_of(person: Person) -> str:
    """The page on which somebody's work lies: a clerk's own desk comes before the department that the center is too."""
    if person.has(Role.CLERK):
        return "clerk.tickets"
    return next((endpoint for role, endpoint in _HOMES if person.has(role)), "board.show")


@pages.get("/login")
def log_in() -> Any:
    """The form."""
    if g.person is not None:
        return redirect(way_back())
    return log_in_form()


def log_in_form(status: int = 200, fault: str | None = None) -> Any:
    """The form, with what went wrong: wrong, provider, no_account."""
    with g.desk.database.transaction() as tx:
        codes = centers.codes(tx)
    return render_template("login.html", centers=codes, fault=fault, then=request.values.get("then", "")), status


@pages.post("/login")
def try_to_log_in() -> Any:
    """A name and a password."""
    LIMITER.spend(g.desk.address)
    form = request.form
    found = access.log_in(
        g.desk.database,
        form.get("center", ""),
        form.get("staff", "").strip(),
        form.get("password", ""),
        g.desk.address,
        needs_second_factor=g.desk.settings.second_factor,
    )
    if found is None:
        return log_in_form(403, "wrong")
    LIMITER.give_back(g.desk.address)
    return g.desk.remember(redirect(_next_page(found.session.state), code=303), found.cookie)


def _next_page(state: SessionState) -> str:
    return way_back() if state is SessionState.OPEN else url_for(LANDINGS[state], then=way_back())


@pages.route("/login/code", methods=["GET", "POST"])
def give_code() -> Any:
    """The code of the second factor."""
    if g.session is None or g.session.state is not SessionState.SECOND_FACTOR:
        return redirect(url_for("account.log_in"))
    fault = None
    if request.method == "POST":
        LIMITER.spend(g.desk.address)
        cookie = request.cookies[g.desk.cookie]
        code = request.form.get("code", "").replace(" ", "")
        with g.desk.database.transaction() as tx:
            found = second_factors.give_code(tx, cookie, g.session, code, g.desk.address)
        if found is not None:
            LIMITER.give_back(g.desk.address)
            return g.desk.remember(redirect(way_back(), code=303), found.cookie)
        fault = "wrong"
    return render_template("login_code.html", fault=fault, then=request.values.get("then", "")), 403 if fault else 200


@pages.route("/login/password", methods=["GET", "POST"])
def set_password() -> Any:
    """A password of one's own: at the first login, and whenever one likes."""
    if g.session is None or g.session.state not in (SessionState.NEW_PASSWORD, SessionState.OPEN):
        return redirect(url_for("account.log_in"))
    fault = None
    if request.method == "POST":
        LIMITER.spend(g.desk.address)
        password, again = request.form.get("password", ""), request.form.get("again", "")
        try:
            if password != again:
                raise Invalid("again", "differs")
            cookie = request.cookies[g.desk.cookie]
            found = access.set_password(
                g.desk.database,
                cookie,
                g.session,
                password,
                g.desk.address,
                current=request.form.get("current", ""),
                needs_second_factor=g.desk.settings.second_factor,
            )
        except Invalid as error:
            fault = error.detail
        else:
            LIMITER.give_back(g.desk.address)
            return g.desk.remember(redirect(_next_page(found.session.state), code=303), found.cookie)
    return render_template("password.html", fault=fault, then=request.values.get("then", "")), 422 if fault else 200


@pages.route("/account/second-factor", methods=["GET", "POST"])
def second_factor() -> Any:
    """Set up the second factor: a secret as QR code, taken once a code shows that the device has it."""
    if g.session is None or g.session.state not in (SessionState.NEW_SECOND_FACTOR, SessionState.OPEN):
        return redirect(url_for("account.log_in"))
    secret = request.form.get("secret") or pyotp.random_base32()
    fault = None
    if request.method == "POST":
        if not re.fullmatch(r"[A-Z2-7]{32}", secret):
            abort(422)
        cookie, code = request.cookies[g.desk.cookie], request.form.get("code", "").replace(" ", "")
        with g.desk.database.transaction() as tx:
            found = second_factors.set_up_second_factor(tx, cookie, g.session, secret, code, g.desk.address)
        if found is not None:
            return g.desk.remember(redirect(way_back(), code=303), found.cookie)
        fault = "wrong"
    address = pyotp.TOTP(secret).provisioning_uri(name=g.session.staff, issuer_name=g.center.name)
    picture = segno.make(address, error="m").svg_inline(scale=4, omitsize=True)
    then = request.values.get("then", "")
    page = render_template("second_factor.html", secret=secret, picture=picture, fault=fault, then=then)
    return page, 422 if fault else 200


@pages.get("/account")
@for_staff()
def show() -> Any:
    """One's own account."""
    with g.desk.database.transaction() as tx:
        has_second_factor = second_factors.has_second_factor(tx, g.session)
    return render_template("account.html", has_second_factor=has_second_factor)


@pages.post("/logout")
def log_out() -> Any:
    """End the session."""
    if g.session is not None:
        with g.desk.database.transaction() as tx:
            access.log_out(tx, request.cookies[g.desk.cookie], g.session, g.desk.address)
    return g.desk.remember(redirect(url_for("account.log_in"), code=303), None)
