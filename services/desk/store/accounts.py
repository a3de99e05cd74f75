"""Accounts, and the audit of who tried to log in. All times are real times."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.desk.rules.accounts import Lock, LoginOutcome
from services.plumbing.database.transaction import Row, Transaction, new_id


def real_now(tx: Transaction) -> datetime:
    """The database's real time, whatever clock the house runs on."""
    row: Any = tx.row("SELECT bancheng.real_now() AS at")
    at: datetime = row.at
    return at


def account(tx: Transaction, center: str, staff: str) -> Row | None:
    """An account, locked against other attempts at the same moment; None where there is none."""
    return tx.row(
        "SELECT center, staff, password_hash, must_set_password, totp_secret, totp_step, failed_logins, locked_until,"
        " is_shut_out"
        " FROM accounts WHERE center = %(center)s AND staff = %(staff)s FOR UPDATE",
        center=center,
        staff=staff,
    )


def accounts(tx: Transaction, center: str) -> list[Row]:
    """All accounts of a center, by staff id, with the last login of each."""
    return tx.rows(
        "SELECT staff, must_set_password, totp_secret IS NOT NULL AS has_second_factor, locked_until,"
        " (SELECT max(at) FROM logins WHERE logins.center = accounts.center AND logins.staff = accounts.staff"
        "  AND outcome = 'logged_in') AS logged_in_at"
        " FROM accounts WHERE center = %(center)s ORDER BY staff",
        center=center,
    )


def save_password(tx: Transaction, center: str, staff: str, password_hash: str, *, must_set_password: bool) -> None:
    """Make an account, or give it another password; it is locked no longer. A reset takes the second factor away."""
    tx.execute(
        "INSERT INTO accounts (center, staff, password_hash, must_set_password)"
        " VALUES (%(center)s, %(staff)s, %(password_hash)s, %(must)s)"
        " ON CONFLICT (center, staff) DO UPDATE SET password_hash = EXCLUDED.password_hash,"
        " must_set_password = EXCLUDED.must_set_password, failed_logins = 0, locked_until = NULL,"
        " is_shut_out = false,"
        " totp_secret = CASE WHEN EXCLUDED.must_set_password THEN NULL ELSE accounts.totp_secret END",
        center=center,
        staff=staff,
        password_hash=password_hash,
        must=must_set_password,
    )


def shut_out(tx: Transaction, center: str, staff: str) -> None:
    """Nobody comes in by this account, in whatever way, until it is given another first password."""
    tx.execute(
        "UPDATE accounts SET is_shut_out = true WHERE center = %(center)s AND staff = %(staff)s",
        center=center,
        staff=staff,
    )


def save_lock(tx: Transaction, center: str, staff: str, lock: Lock) -> None:
    """How many attempts have failed, and until when nobody is let in."""
    tx.execute(
        "UPDATE accounts SET failed_logins = %(failed)s, locked_until = %(until)s"
        " WHERE center = %(center)s AND staff = %(staff)s",
        center=center,
        staff=staff,
        failed=lock.failed_logins,
        until=lock.locked_until,
    )


def save_second_factor(tx: Transaction, center: str, staff: str, secret: str | None, step: int) -> None:
    """The secret of the second factor, and the time step up to which its codes have been used."""
    tx.execute(
        "UPDATE accounts SET totp_secret = %(secret)s, totp_step = %(step)s"
        " WHERE center = %(center)s AND staff = %(staff)s",
        center=center,
        staff=staff,
        secret=secret,
        step=step,
    )


def audit(tx: Transaction, center: str, staff: str, address: str, outcome: LoginOutcome) -> None:
    """Write down an attempt to log in; nothing of the audit can be changed afterwards."""
    tx.execute(
        "INSERT INTO logins (id, center, staff, at, address, outcome)"
        " VALUES (%(id)s, %(center)s, %(staff)s, bancheng.real_now(), %(address)s, %(outcome)s)",
        id=new_id(),
        center=center,
        staff=staff[:40],
        address=address,
        outcome=outcome,
    )


def logins(tx: Transaction, center: str, *, before: UUID | None, limit: int) -> list[Row]:
    """Attempts to log in at a center, the latest first, before the one of that id."""
    return tx.rows(
        "SELECT id, at, staff, address, outcome FROM logins WHERE center = %(center)s AND (%(before)s::uuid IS NULL"
        " OR (at, id) < (SELECT at, id FROM logins WHERE id = %(before)s)) ORDER BY at DESC, id DESC LIMIT %(limit)s",
        center=center,
        before=before,
        limit=limit,
    )
