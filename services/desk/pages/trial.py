"""Links that log in without a password. They exist in a sandbox alone, where BANCHENG_DESK_TRIAL_LINKS is set."""

import hmac
from typing import Any

from flask import Blueprint, abort, g, redirect

from services.desk import store
from services.desk.actions import access
from services.desk.rules.accounts import LoginOutcome, SessionState, trial_code
from services.plumbing.runtime.resources import environment

pages = Blueprint("trial", __name__)


@pages.get("/login/trial/<center>/<staff>/<code>")
def enter(center: str, staff: str, code: str) -> Any:
    """Be that person from now on, in this browser."""
    if not hmac.compare_digest(code.encode(), trial_code(environment().secret, center, staff).encode()):
        abort(404)
    with g.desk.database.transaction() as tx:
        store.accounts.audit(tx, center, staff, g.desk.address, LoginOutcome.LOGGED_IN)
        found = access.open_session(tx, center, staff, g.desk.address, SessionState.OPEN)
    return g.desk.remember(redirect("/", code=303), found.cookie)
