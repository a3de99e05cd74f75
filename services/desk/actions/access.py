"""Logging in and out: a password, then the code of the second factor, then a session that can be ended from here.

Every attempt is written down. Who guesses finds out nothing: an unknown name, a wrong password and a locked account are
answered with the same words after the same time.
"""

import secrets
from typing import NamedTuple

from schemas.errors import Forbidden, Invalid
from services.access import centers
from services.desk import store
from services.desk.actions.passwords import NOBODY, hash_aside, is_right
from services.desk.rules.accounts import (
    Lock,
    LoginOutcome,
    SessionState,
    has_ended,
    next_state,
    password_fault,
)
from services.plumbing.database.database import Database
from services.plumbing.database.transaction import Row, Transaction

COOKIE_BYTES = 32


class Session(NamedTuple):
    """A browser that has come in, and how far: who it speaks for, and the token that its forms must show."""

    center: str
    staff: str
    state: SessionState
    csrf_token: str


class LoggedIn(NamedTuple):
    """A new session and the cookie that stands for it."""

    cookie: str
    session: Session


def log_in(
    database: Database, center: str, staff: str, password: str, address: str, *, needs_second_factor: bool
) -> LoggedIn | None:
    """The session of who has the right password, open at once if nothing else is asked for; None otherwise."""
    with database.transaction() as tx:
        account = _account(tx, center, staff)
        locked = account is not None and lock_of(account).is_locked(store.accounts.real_now(tx))
    matches = is_right(account.password_hash if account else NOBODY, password)
    with database.transaction() as tx:
        if account is None or locked:
            outcome = LoginOutcome.LOCKED if locked else LoginOutcome.UNKNOWN
            store.accounts.audit(tx, center, staff, address, outcome)
            return None
        if not matches:
            count_failure(tx, center, staff, address)
            return None
        store.accounts.save_lock(tx, center, staff, Lock())
        state = next_state(
            has_second_factor=account.totp_secret is not None,
            needs_second_factor=needs_second_factor,
            must_set_password=account.must_set_password,
        )
        outcome = LoginOutcome.LOGGED_IN if state is SessionState.OPEN else LoginOutcome.PASSWORD_RIGHT
        store.accounts.audit(tx, center, staff, address, outcome)
        return open_session(tx, center, staff, address, state)


def log_in_by_provider(tx: Transaction, center: str, staff: str, address: str) -> LoggedIn | None:
    """A session of who the provider says it is, if they have an account here that nobody has shut out.

    A lock after wrong passwords counts too: who guesses one is kept out by either way.
    """
    account = _account(tx, center, staff)
    if account is None or account.is_shut_out or lock_of(account).is_locked(store.accounts.real_now(tx)):
        outcome = LoginOutcome.UNKNOWN if account is None else LoginOutcome.LOCKED
        store.accounts.audit(tx, center, staff, address, outcome)
        return None
    store.accounts.audit(tx, center, staff, address, LoginOutcome.LOGGED_IN)
    return open_session(tx, center, staff, address, SessionState.OPEN)


def open_session(tx: Transaction, center: str, staff: str, address: str, state: SessionState) -> LoggedIn:
    """A new session under a new cookie: one that somebody has planted in a browser is never made good."""
    cookie, csrf_token = secrets.token_urlsafe(COOKIE_BYTES), secrets.token_urlsafe(COOKIE_BYTES)
    store.sessions.insert(tx, cookie, center, staff, state, csrf_token, address)
    return LoggedIn(cookie, Session(center, staff, state, csrf_token))


def set_password(
    database: Database,
    cookie: str,
    session: Session,
    password: str,
    address: str,
    *,
    current: str,
    needs_second_factor: bool,
) -> LoggedIn:
    """Take a new password. All other sessions of the person end. In an open session the ``current`` one is asked for.

    Raises Invalid, whose text is a code: a PasswordFault, or wrong_password.
    """
    if session.state is SessionState.OPEN and not _knows_password(database, session, current, address):
        raise Invalid("current", "wrong_password")
    if fault := password_fault(password, session.staff):
        raise Invalid("password", fault)
    password_hash = hash_aside(password)
    with database.transaction() as tx:
        account = store.accounts.account(tx, session.center, session.staff)
        if account is None:
            raise Forbidden("the account is gone")
        store.accounts.save_password(tx, session.center, session.staff, password_hash, must_set_password=False)
        store.sessions.delete_of(tx, session.center, session.staff)
        store.accounts.audit(tx, session.center, session.staff, address, LoginOutcome.PASSWORD_SET)
        state = session.state
        if state is not SessionState.OPEN:
            state = next_state(
                has_second_factor=account.totp_secret is not None,
                needs_second_factor=needs_second_factor,
                must_set_password=False,
            )
        return replace(tx, cookie, session, state, address)


def _knows_password(database: Database, session: Session, password: str, address: str) -> bool:
    with database.transaction() as tx:
        account = store.accounts.account(tx, session.center, session.staff)
        if account is None or lock_of(account).is_locked(store.accounts.real_now(tx)):
            return False
    matches = is_right(account.password_hash, password)
    if not matches:
        with database.transaction() as tx:
            count_failure(tx, session.center, session.staff, address)
    return matches


def replace(tx: Transaction, cookie: str, session: Session, state: SessionState, address: str) -> LoggedIn:
    """The session as it goes on, under a new cookie."""
    store.sessions.delete(tx, cookie)
    if state is SessionState.OPEN and session.state is not SessionState.OPEN:
        store.accounts.audit(tx, session.center, session.staff, address, LoginOutcome.LOGGED_IN)
    return open_session(tx, session.center, session.staff, address, state)


def session_of(tx: Transaction, cookie: str, *, is_act: bool) -> Session | None:
    """The session of a cookie; None if there is none any more, or its person has left the center file.

    What a page asks for by itself (``is_act`` is False) does not keep a session alive.
    """
    row = store.sessions.session(tx, cookie)
    if row is None:
        return None
    version = centers.current_version(tx, row.center)
    is_known = version and row.staff in centers.at_version(tx, row.center, version).staff
    if not is_known or has_ended(row.opened_at, row.used_at, row.now):
        store.sessions.delete(tx, cookie)
        return None
    if is_act and (row.now - row.used_at).total_seconds() > 1:
        store.sessions.use(tx, cookie)
    return Session(row.center, row.staff, SessionState(row.state), row.csrf_token)


def log_out(tx: Transaction, cookie: str, session: Session, address: str) -> None:
    """End a session."""
    store.sessions.delete(tx, cookie)
    store.accounts.audit(tx, session.center, session.staff, address, LoginOutcome.LOGGED_OUT)


def _account(tx: Transaction, center: str, staff: str) -> Row | None:
    """An account that somebody of the center file has."""
    version = centers.current_version(tx, center)
    if not version or staff not in centers.at_version(tx, center, version).staff:
        return None
    return store.accounts.account(tx, center, staff)


def lock_of(account: Row) -> Lock:
    """How often attempts have failed, and until when nobody is let in."""
    return Lock(account.failed_logins, account.locked_until)


def count_failure(tx: Transaction, center: str, staff: str, address: str) -> None:
    """One more wrong password or code, counted by the account as it is now: attempts at the same moment all count."""
    account = store.accounts.account(tx, center, staff)
    if account is not None:
        store.accounts.save_lock(tx, center, staff, lock_of(account).after_failure(store.accounts.real_now(tx)))
    store.accounts.audit(tx, center, staff, address, LoginOutcome.WRONG)
