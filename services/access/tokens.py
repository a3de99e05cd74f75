"""Who is asking: signed tokens that expire soon, the same for people and for systems that feed tickets in.

A token says who somebody is and what they were; `services.access.admission` asks whether it still holds.
"""

import time
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import itsdangerous
import marshmallow

from schemas.enums import Role
from schemas.errors import Refused
from schemas.record.record import Record
from services.plumbing.runtime.resources import SYSTEM_TOKEN_HOURS, TOKEN_HOURS


class Actor(Record):
    """The bearer of a token: a person of the center file, or a system that it names.

    ``department`` limits a liaison or a head to one department. Unix time: ``issued`` in milliseconds, ``expires`` in
    seconds.
    """

    staff: str
    roles: tuple[Role, ...]
    center: str
    department: str | None = None
    issued: int = 0
    expires: int = 0

    def has(self, *roles: Role) -> bool:
        """Whether any of ``roles`` is among the actor's."""
        return not set(roles).isdisjoint(self.roles)

    @property
    def owner(self) -> str:
        """Whose an Idempotency-Key is."""
        return f"{self.staff}@{self.center}"

    @property
    def rights(self) -> str:
        """What a stored reply was given for: it is not shown again to who has another department or role since."""
        return f"{self.department} {sorted(self.roles)}"


NOBODY = Actor(staff="", roles=(), center="")
"""Whoever asks without a token, where none is needed."""


class BadToken(Refused):
    """The token is missing, forged, damaged, expired or revoked."""

    status = 401


def most_hours(roles: Collection[Role], hours_of_people: int = TOKEN_HOURS) -> int:
    """How long a token with these roles may be good for."""
    return SYSTEM_TOKEN_HOURS if set(roles) == {Role.CHANNEL} else hours_of_people


def _signer(secret: str) -> itsdangerous.URLSafeSerializer:
    return itsdangerous.URLSafeSerializer(secret, salt="bancheng.access")


def issue(secret: str, actor: Actor, *, seconds: int) -> str:
    """A token for ``actor`` that is good for ``seconds`` of real time, whatever Bancheng's clock says."""
    now = time.time()
    claims: dict[str, Any] = actor.dump() | {"issued": int(now * 1000), "expires": int(now) + seconds}
    return str(_signer(secret).dumps(claims))


def verify(secret: str, header: str | None, hours_of_people: int = TOKEN_HOURS) -> Actor:
    """The actor that an ``Authorization: Bearer`` header speaks for. Raises BadToken."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise BadToken("a bearer token is needed")
    actor = _bearer(secret, token.strip())
    if actor.expires < time.time():
        raise BadToken("the token has expired")
    if actor.expires - actor.issued // 1000 > most_hours(actor.roles, hours_of_people) * 3600:
        raise BadToken("the token is good for longer than is allowed")
    return actor


@lru_cache(maxsize=1000)
def _bearer(secret: str, token: str) -> Actor:
    """Whom a token was issued to, expired or not. A good token is checked once; a bad one is never remembered."""
    try:
        return Actor.load(_signer(secret).loads(token))
    except (itsdangerous.BadData, marshmallow.ValidationError, ValueError):
        raise BadToken("the token is not valid") from None
