"""The second factor: codes of an app on the person's own device, each good once (TOTP, RFC 6238)."""

import secrets

import pyotp

from schemas.errors import Forbidden
from services.desk import store
from services.desk.actions import access
from services.desk.rules.accounts import SessionState
from services.plumbing.database.transaction import Transaction

TOTP_SECONDS = 30


def give_code(tx: Transaction, cookie: str, session: access.Session, code: str, address: str) -> access.LoggedIn | None:
    """The open session of who knows the code of the second factor, under a new cookie; None for a wrong code.

    Codes of the half minute before and after are taken too, each only once (RFC 6238, section 5.2).
    """
    account = store.accounts.account(tx, session.center, session.staff)
    now = store.accounts.real_now(tx)
    if account is None or access.lock_of(account).is_locked(now):
        store.sessions.delete(tx, cookie)
        return None
    step = _step_of(account.totp_secret, code, now.timestamp())
    if step is None or step <= account.totp_step:
        access.count_failure(tx, session.center, session.staff, address)
        return None
    store.accounts.save_second_factor(tx, session.center, session.staff, account.totp_secret, step)
    return access.replace(tx, cookie, session, SessionState.OPEN, address)


def has_second_factor(tx: Transaction, session: access.Session) -> bool:
    """Whether a second factor is set up; then only a reset takes it away, not whoever finds a screen unlocked."""
    account = store.accounts.account(tx, session.center, session.staff)
    return account is not None and account.totp_secret is not None


def set_up_second_factor(
    tx: Transaction, cookie: str, session: access.Session, secret: str, code: str, address: str
) -> access.LoggedIn | None:
    """Take a secret for the second factor, once a code shows that the person's device has it: the open session under a
    new cookie; None for a wrong code. Raises Forbidden if there is a second factor already.
    """
    if has_second_factor(tx, session):
        raise Forbidden("there is a second factor already")
    step = _step_of(secret, code, store.accounts.real_now(tx).timestamp())
    if step is None:
        return None
    store.accounts.save_second_factor(tx, session.center, session.staff, secret, step)
    return access.replace(tx, cookie, session, SessionState.OPEN, address)


def _step_of(secret: str | None, code: str, now: float) -> int | None:
    """The time step whose code it is, of those around ``now`` (Unix time)."""
    step = int(now) // TOTP_SECONDS
    totp = pyotp.TOTP(secret or pyotp.random_base32())
    found = [each for each in (step - 1, step, step + 1) if secrets.compare_digest(totp.at(each * TOTP_SECONDS), code)]
    return found[0] if found else None
