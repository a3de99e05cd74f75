"""Who is asking: signed tokens that expire, the same for people and for systems that feed tickets in."""

import time
from functools import lru_cache
from typing import Any

import itsdangerous
import marshmallow

from schemas.record import Record
from schemas.words import Role


class Actor(Record):
    """The bearer of a token. ``department`` limits a liaison to one department; ``expires`` is a Unix time."""

    staff: str
    roles: tuple[Role, ...]
    center: str
    department: str | None = None
    expires: int = 0

    def has(self, *roles: Role) -> bool:
        """Whether any of ``roles`` is among the actor's."""
        return not set(roles).isdisjoint(self.roles)


NOBODY = Actor(staff="", roles=(), center="")
"""Whoever asks without a token, where none is needed."""


class BadToken(Exception):
    """The token is missing, forged, damaged or expired."""


def _signer(secret: str) -> itsdangerous.URLSafeSerializer:
    return itsdangerous.URLSafeSerializer(secret, salt="bancheng.access")


def issue(secret: str, actor: Actor, *, seconds: int) -> str:
    """A token for ``actor`` that is good for ``seconds`` of real time, whatever clock the house runs on."""
    claims: dict[str, Any] = actor.dump() | {"expires": int(time.time()) + seconds}
    return str(_signer(secret).dumps(claims))


def verify(secret: str, header: str | None) -> Actor:
    """The actor that an ``Authorization: Bearer`` header speaks for. Raises BadToken."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise BadToken("a bearer token is needed")
    actor = _bearer(secret, token.strip())
    if actor.expires < time.time():
        raise BadToken("the token has expired")
    return actor


@lru_cache(maxsize=1000)
def _bearer(secret: str, token: str) -> Actor:
    """Whom a token was issued to, expired or not. A good token is checked once; a bad one is never remembered."""
    try:
        return Actor.load(_signer(secret).loads(token))
    except (itsdangerous.BadData, marshmallow.ValidationError, ValueError):
        raise BadToken("the token is not valid") from None
