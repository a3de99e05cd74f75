"""Passwords: made, hashed, and compared, away from the event loop that everybody waits for."""

import secrets

import argon2
from eventlet import tpool
from eventlet.semaphore import Semaphore

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's first choice for argon2id: 19 MiB, two passes; some 35 ms of a core."""
NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
"""What the password of a name that nobody has is compared with, so that it takes as long."""
_AT_ONCE = Semaphore(2)
"""How many passwords are checked at the same time: each takes 19 MiB and most of a core."""


def hash_password(password: str) -> str:
    """An argon2id hash, for a process that does nothing else meanwhile."""
    return _HASHER.hash(password)


def is_right(password_hash: str, password: str) -> bool:
    """Whether it is the password of the hash."""

    def verify() -> bool:
        try:
            return _HASHER.verify(password_hash, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False

    with _AT_ONCE:
        return bool(tpool.execute(verify))


def hash_aside(password: str) -> str:
    """An argon2id hash, while others are served."""
    with _AT_ONCE:
        return str(tpool.execute(hash_password, password))


def first_password() -> str:
    """One for a new account, to be told to its person: five groups of four letters that are not mistaken for others."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(5))
