"""Who may log in: which passwords are good enough, when an account is locked, how long a session lasts. Pure.

GB/T 22239-2019 (level 2 and 3, identity authentication) asks for complexity, lock-out and time-out; the lengths follow
NIST SP 800-63B.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
ATTEMPTS = 5
"""How many wrong passwords or codes in a row lock an account."""
LOCKED_FOR = timedelta(minutes=15)
IDLE_FOR = timedelta(minutes=30)
"""A session that nobody has used for so long has ended."""
LONGEST_SESSION = timedelta(hours=12)


class LoginOutcome(StrEnum):
    """What became of an attempt to log in, as the audit has it."""

    PASSWORD_RIGHT = "password_right"
    LOGGED_IN = "logged_in"
    WRONG = "wrong"
    LOCKED = "locked"
    UNKNOWN = "unknown"
    LOGGED_OUT = "logged_out"
    PASSWORD_SET = "password_set"


class SessionState(StrEnum):
    """How far a person has come whose password was right: what is still asked for, or open when nothing is."""

    NEW_PASSWORD = "new_password"
    SECOND_FACTOR = "second_factor"
    NEW_SECOND_FACTOR = "new_second_factor"
    OPEN = "open"


class PasswordFault(StrEnum):
    """Why a new password is not good enough; worded where it is shown."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_SIMPLE = "too_simple"
    SAYS_WHO = "says_who"


class Lock(NamedTuple):
    """How many attempts in a row have failed, and until when nobody is let in."""

    failed_logins: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether nobody is let in at ``now``, whatever password they have."""
        return self.locked_until is not None and now < self.locked_until

    def after_failure(self, now: datetime) -> "Lock":
        """One more attempt failed."""
        failed = self.failed_logins + 1
        return Lock(0, now + LOCKED_FOR) if failed >= ATTEMPTS else Lock(failed, self.locked_until)


def password_fault(password: str, staff: str) -> PasswordFault | None:
    """What is wrong with a new password; None when it is good enough.

    It needs two kinds of characters, or the length of a sentence, and must not contain the staff id.
    """
    kinds = sum(
        any(test(character) for character in password)
        for test in (str.isdigit, str.islower, str.isupper, lambda character: not character.isalnum())
    )
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    if len(set(password)) < SHORTEST_PASSWORD // 2 or (kinds < 2 and len(password) < 2 * SHORTEST_PASSWORD):
        return PasswordFault.TOO_SIMPLE
    return PasswordFault.SAYS_WHO if staff.lower() in password.lower() else None


def next_state(*, has_second_factor: bool, needs_second_factor: bool, must_set_password: bool) -> SessionState:
    """What is asked for next of somebody who has shown the right password."""
    if must_set_password:
        return SessionState.NEW_PASSWORD
    if has_second_factor:
        return SessionState.SECOND_FACTOR
    return SessionState.NEW_SECOND_FACTOR if needs_second_factor else SessionState.OPEN


def has_ended(opened_at: datetime, used_at: datetime, now: datetime) -> bool:
    """Whether a session is over at ``now``: idle for too long, or simply old."""
    return now - used_at > IDLE_FOR or now - opened_at > LONGEST_SESSION


def trial_code(secret: str, center: str, staff: str) -> str:
    """What a sandbox's link that logs somebody in ends with, for as long as it has this ``secret``."""
    return hmac.digest(secret.encode(), f"bancheng.trial/{center}/{staff}".encode(), hashlib.sha256).hex()[:24]
