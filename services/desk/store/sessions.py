"""Sessions: one row for each browser that is logged in, so that each can be ended from here."""

import hashlib

from services.desk.rules.accounts import IDLE_FOR, LONGEST_SESSION, SessionState
from services.plumbing.database.transaction import Row, Transaction


def _hash(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


def insert(
    tx: Transaction, cookie: str, center: str, staff: str, state: SessionState, csrf_token: str, address: str
) -> None:
    """A browser has got ``cookie``."""
    tx.execute(
        "INSERT INTO sessions (cookie_hash, center, staff, state, csrf_token, address, opened_at, used_at) VALUES"
        " (%(hash)s, %(center)s, %(staff)s, %(state)s, %(csrf)s, %(address)s, bancheng.real_now(),"
        " bancheng.real_now())",
        hash=_hash(cookie),
        center=center,
        staff=staff,
        state=state,
        csrf=csrf_token,
        address=address,
    )


def session(tx: Transaction, cookie: str) -> Row | None:
    """The session of a cookie, ended or not, with the real time; None where there is none."""
    return tx.row(
        "SELECT center, staff, state, csrf_token, opened_at, used_at, bancheng.real_now() AS now"
        " FROM sessions WHERE cookie_hash = %(hash)s",
        hash=_hash(cookie),
    )


def use(tx: Transaction, cookie: str) -> None:
    """Somebody has just done something with it; what a page asks by itself does not count."""
    tx.execute("UPDATE sessions SET used_at = bancheng.real_now() WHERE cookie_hash = %(hash)s", hash=_hash(cookie))


def delete(tx: Transaction, cookie: str) -> None:
    """It has ended."""
    tx.execute("DELETE FROM sessions WHERE cookie_hash = %(hash)s", hash=_hash(cookie))


def delete_of(tx: Transaction, center: str, staff: str) -> int:
    """End all sessions of a person; how many there were."""
    return tx.execute(
        "DELETE FROM sessions WHERE center = %(center)s AND staff = %(staff)s", center=center, staff=staff
    )


def delete_ended(tx: Transaction) -> None:
    """Forget those that have ended by themselves."""
    tx.execute(
        "DELETE FROM sessions WHERE used_at < bancheng.real_now() - %(idle)s"
        " OR opened_at < bancheng.real_now() - %(longest)s",
        idle=IDLE_FOR,
        longest=LONGEST_SESSION,
    )
