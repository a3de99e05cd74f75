"""Logging in by a provider of OpenID Connect. Served only where the settings name one."""

from typing import Any

import itsdangerous
import structlog
from flask import Blueprint, current_app, g, redirect, request, url_for

from services.desk.actions import access
from services.desk.oidc import Attempt, NotProven, Provider
from services.desk.pages.account import LIMITER, log_in_form
from services.desk.pages.guard import is_within, way_back
from services.plumbing.http.clients import RateLimiter
from services.plumbing.runtime.resources import environment

pages = Blueprint("oidc", __name__)

CALLBACK = "/login/provider/back"
ON_THEIR_WAY = 120
"""How many of one address may set out for the provider in a minute and not be back; who came in is not counted.

Nothing can be guessed there, and a whole center may share one address, so that it is more than may fail.
"""
BEGUN = RateLimiter(ON_THEIR_WAY)
ATTEMPT_SECONDS = 600
_log = structlog.get_logger()


@pages.record
def _set_up(state: Any) -> None:
    settings = state.app.extensions["desk"].settings
    state.app.extensions["oidc"] = Provider(settings.oidc, f"{settings.url}{CALLBACK}")


@pages.get("/login/provider")
def begin() -> Any:
    """Send the browser to the provider, and remember in it, signed, what must come back."""
    BEGUN.spend(g.desk.address)
    address, attempt = _provider().begin()
    response = redirect(address, code=303)
    response.set_cookie(
        _cookie(),
        _signer().dumps([*attempt, way_back()]),
        max_age=ATTEMPT_SECONDS,
        secure=g.desk.settings.is_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


@pages.get(CALLBACK)
def finish() -> Any:
    """The browser is back: who has an account here is in. The provider has asked for the second factor, or not."""
    LIMITER.spend(g.desk.address)
    try:
        *attempt, then = _signer().loads(request.cookies.get(_cookie(), ""), max_age=ATTEMPT_SECONDS)
        staff = _provider().finish(Attempt(*attempt), request.args)
    except (itsdangerous.BadData, NotProven) as error:
        _log.warning("a login by the provider failed", kind=type(error).__name__, reason=str(error))
        return _forgotten(log_in_form(403, "provider"))
    with g.desk.database.transaction() as tx:
        found = access.log_in_by_provider(tx, g.desk.settings.oidc.center, staff, g.desk.address)
    if found is None:
        return _forgotten(log_in_form(403, "no_account"))
    LIMITER.give_back(g.desk.address)
    BEGUN.give_back(g.desk.address)
    return _forgotten(g.desk.remember(redirect(then if is_within(then) else url_for("home"), code=303), found.cookie))


def _forgotten(reply: Any) -> Any:
    """An attempt is good once."""
    response = current_app.make_response(reply)
    response.delete_cookie(_cookie(), secure=g.desk.settings.is_secure, httponly=True, samesite="Lax")
    return response


def _provider() -> Provider:
    provider: Provider = current_app.extensions["oidc"]
    return provider


def _cookie() -> str:
    return f"{g.desk.cookie}-login"


def _signer() -> itsdangerous.URLSafeTimedSerializer:
    return itsdangerous.URLSafeTimedSerializer(environment().secret, salt="bancheng.desk.oidc")
