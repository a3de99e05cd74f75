"""Logging in and out: a password, then the code of the second factor, then a session that can be ended from here.

Every attempt is written down. Who guesses finds out nothing: an unknown name, a wrong password and a locked account are
answered with the same words after the same time.
"""

import secrets
from typing import NamedTuple

import argon2
import pyotp
from eventlet import tpool
from eventlet.semaphore import Semaphore

from schemas.errors import Forbidden, Invalid
from services.access import centers
from services.desk import store
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

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's first choice for argon2id: 19 MiB, two passes; some 35 ms of a core."""
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
"""What the password of a name that nobody has is compared with, so that it takes as long."""
_AT_ONCE = Semaphore(2)
"""How many passwords are checked at the same time: each takes 19 MiB and most of a core."""
TOTP_SECONDS = 30
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


def hash_password(password: str) -> str:
    """An argon2id hash, for a process that does nothing else meanwhile."""
    return _HASHER.hash(password)


def _is_right(password_hash: str, password: str) -> bool:
    def verify() -> bool:
        try:
            return _HASHER.verify(password_hash, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False

    with _AT_ONCE:
        return bool(tpool.execute(verify))


def log_in(
    database: Database, center: str, staff: str, password: str, address: str, *, needs_second_factor: bool
) -> LoggedIn | None:
    """The session of who has the right password, open at once if nothing else is asked for; None otherwise."""
    with database.transaction() as tx:
        account = _account(tx, center, staff)
        locked = account is not None and _lock(account).is_locked(store.accounts.real_now(tx))
    is_right = _is_right(account.password_hash if account else _NOBODY, password)
    with database.transaction() as tx:
        if account is None or locked:
            outcome = LoginOutcome.LOCKED if locked else LoginOutcome.UNKNOWN
            store.accounts.audit(tx, center, staff, address, outcome)
            return None
        if not is_right:
            _count_failure(tx, center, staff, address)
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


def open_session(tx: Transaction, center: str, staff: str, address: str, state: SessionState) -> LoggedIn:
    """A new session under a new cookie: one that somebody has planted in a browser is never made good."""
    cookie, csrf_token = secrets.token_urlsafe(COOKIE_BYTES), secrets.token_urlsafe(COOKIE_BYTES)
    store.sessions.insert(tx, cookie, center, staff, state, csrf_token, address)
    return LoggedIn(cookie, Session(center, staff, state, csrf_token))


def give_code(tx: Transaction, cookie: str, session: Session, code: str, address: str) -> LoggedIn | None:
    """The open session of who knows the code of the second factor, under a new cookie; None for a wrong code.

    Codes of the half minute before and after are taken too, each only once (RFC 6238, section 5.2).
    """
    account = store.accounts.account(tx, session.center, session.staff)
    now = store.accounts.real_now(tx)
    if account is None or _lock(account).is_locked(now):
        store.sessions.delete(tx, cookie)
        return None
    step = _step_of(account.totp_secret, code, now.timestamp())
    if step is None or step <= account.totp_step:
        _count_failure(tx, session.center, session.staff, address)
        return None
    store.accounts.save_second_factor(tx, session.center, session.staff, account.totp_secret, step)
    return _replace(tx, cookie, session, SessionState.OPEN, address)


def has_second_factor(tx: Transaction, session: Session) -> bool:
    """Whether a second factor is set up; then only a reset takes it away, not whoever finds a screen unlocked."""
    account = store.accounts.account(tx, session.center, session.staff)
    return account is not None and account.totp_secret is not None


def set_up_second_factor(
    tx: Transaction, cookie: str, session: Session, secret: str, code: str, address: str
) -> LoggedIn | None:
    """Take a secret for the second factor, once a code shows that the person's device has it: the open session under a
    new cookie; None for a wrong code. Raises Forbidden if there is a second factor already.
    """
    if has_second_factor(tx, session):
        raise Forbidden("there is a second factor already")
    step = _step_of(secret, code, store.accounts.real_now(tx).timestamp())
    if step is None:
        return None
    store.accounts.save_second_factor(tx, session.center, session.staff, secret, step)
    return _replace(tx, cookie, session, SessionState.OPEN, address)


def _step_of(secret: str | None, code: str, now: float) -> int | None:
    """The time step whose code it is, of those around ``now`` (Unix time)."""
    step = int(now) // TOTP_SECONDS
    totp = pyotp.TOTP(secret or pyotp.random_base32())
    found = [each for each in (step - 1, step, step + 1) if secrets.compare_digest(totp.at(each * TOTP_SECONDS), code)]
    return found[0] if found else None


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
    with _AT_ONCE:
        password_hash = tpool.execute(hash_password, password)
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
        return _replace(tx, cookie, session, state, address)


def _knows_password(database: Database, session: Session, password: str, address: str) -> bool:
    with database.transaction() as tx:
        account = store.accounts.account(tx, session.center, session.staff)
        if account is None or _lock(account).is_locked(store.accounts.real_now(tx)):
            return False
    is_right = _is_right(account.password_hash, password)
    if not is_right:
        with database.transaction() as tx:
            _count_failure(tx, session.center, session.staff, address)
    return is_right


def _replace(tx: Transaction, cookie: str, session: Session, state: SessionState, address: str) -> LoggedIn:
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


def lock(tx: Transaction, center: str, staff: str) -> None:
    """Shut somebody out: nobody knows the new password, and all sessions end. `reset` lets them in again."""
    store.accounts.save_password(tx, center, staff, _NOBODY, must_set_password=True)
    store.sessions.delete_of(tx, center, staff)


def reset(tx: Transaction, center: str, staff: str, password_hash: str) -> None:
    """Give a person a first password, which must be changed at the first login; all sessions end.

    Raises Invalid on somebody whom the center file does not name, centers.UnknownCenter.
    """
    if staff not in centers.current(tx, center).staff:
        raise Invalid("staff", "The center file names nobody by this id.")
    store.accounts.save_password(tx, center, staff, password_hash, must_set_password=True)
    store.sessions.delete_of(tx, center, staff)


def _account(tx: Transaction, center: str, staff: str) -> Row | None:
    """An account that somebody of the center file has."""
    version = centers.current_version(tx, center)
    if not version or staff not in centers.at_version(tx, center, version).staff:
        return None
    return store.accounts.account(tx, center, staff)


def _lock(account: Row) -> Lock:
    return Lock(account.failed_logins, account.locked_until)


def _count_failure(tx: Transaction, center: str, staff: str, address: str) -> None:
    """One more wrong password or code, counted by the account as it is now: attempts at the same moment all count."""
    account = store.accounts.account(tx, center, staff)
    if account is not None:
        store.accounts.save_lock(tx, center, staff, _lock(account).after_failure(store.accounts.real_now(tx)))
    store.accounts.audit(tx, center, staff, address, LoginOutcome.WRONG)


def first_password() -> str:
    """One for a new account, to be told to its person: five groups of four letters that are not mistaken for others."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(5))
