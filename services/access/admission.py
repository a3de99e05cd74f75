"""Whether a token still holds: its bearer is in the center file, has these roles there, and was not shut out since.

`route` is the plumbing's, with that question asked of every request that needs a role.
"""

import dataclasses
import time
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from schemas.center.access import departments_of, headed_by, roles_of
from schemas.enums import Role
from schemas.errors import Forbidden
from schemas.events.access import AccessRevoked
from services.access import centers
from services.access.centers import FRESH_SECONDS
from services.access.tokens import NOBODY, Actor, BadToken, verify
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.routes import Route
from services.plumbing.runtime.resources import environment


def admit(tx: Transaction, actor: Actor, needed: frozenset[Role]) -> Actor:
    """``actor`` with those roles of the token that the center file gives today.

    A center whose file has not come here has nothing here either, so its people are taken at their token's word.
    The service that sends messages is no person, and no center file names it.
    Raises BadToken if the token was revoked or names nobody, Forbidden if none of ``needed`` is left.
    """
    if actor.roles == (Role.NOTIFIER,):
        return actor
    if _is_revoked(tx, actor):
        raise BadToken("the token was revoked")
    version = centers.current_version(tx, actor.center)
    if version == 0:
        return actor
    center = centers.at_version(tx, actor.center, version)
    if actor.staff not in center.staff and actor.staff not in center.channels:
        raise BadToken("the token names nobody in the center file")
    given = roles_of(center, actor.staff)
    if actor.department not in departments_of(center, actor.staff):
        given -= {Role.LIAISON}
    if actor.department not in headed_by(center, actor.staff):
        given -= {Role.DEPARTMENT_HEAD}
    roles = tuple(role for role in actor.roles if role in given)
    if needed.isdisjoint(roles):
        raise Forbidden("the center file does not give you the role that this needs")
    return actor if roles == actor.roles else dataclasses.replace(actor, roles=roles)


class StaffRoute(Route):
    """A route whose roles are those that the center file gives today to the bearer of the request's token."""

    nobody = NOBODY

    def authenticate(self, header: str | None) -> Actor:
        """The bearer of the token. Raises BadToken, Forbidden if it gives none of the roles that are needed."""
        actor = verify(environment().secret, header, environment().token_hours)
        if self.roles is not None and not actor.has(*self.roles):
            raise Forbidden("this needs another role: " + ", ".join(sorted(self.roles)))
        return actor

    def admit(self, tx: Transaction, actor: Actor) -> Actor:
        """The actor, as `admit` has it."""
        return admit(tx, actor, self.roles or frozenset())

    def zone(self, tx: Transaction, *, actor: Actor, path_values: dict[str, Any]) -> tzinfo | None:
        """That of the actor's center, or for who needs no token of the center in the address, if its file has come."""
        center = actor.center or path_values.get("center", "")
        version = centers.current_version(tx, center)
        return ZoneInfo(centers.at_version(tx, center, version).calendar.time_zone) if version else None


route = StaffRoute.decorator


def revoke(tx: Transaction, center: str, staff: str) -> AccessRevoked:
    """Shut out every token of ``staff`` that was issued until now, in every service. A new one may be issued after."""
    revoked = AccessRevoked(center=center, staff=staff, not_before=datetime.now(UTC))
    keep(tx, revoked)
    tx.announce(revoked)
    return revoked


def keep(tx: Transaction, revoked: AccessRevoked) -> None:
    """Remember it; an earlier one that comes late changes nothing."""
    tx.cache.pop(("revocations", revoked.center), None)
    tx.execute(
        "INSERT INTO revocations (center, staff, not_before) VALUES (%(center)s, %(staff)s, %(not_before)s)"
        " ON CONFLICT (center, staff) DO UPDATE SET not_before = greatest(revocations.not_before, excluded.not_before)",
        center=revoked.center,
        staff=revoked.staff,
        not_before=revoked.not_before,
    )


def _is_revoked(tx: Transaction, actor: Actor) -> bool:
    """By what was known a second ago at most: not every request asks the database for it."""
    key = ("revocations", actor.center)
    known, known_at = tx.cache.get(key, ({}, None))
    if known_at is None or time.monotonic() - known_at > FRESH_SECONDS:
        rows = tx.rows("SELECT staff, not_before FROM revocations WHERE center = %(center)s", center=actor.center)
        known = {row.staff: row.not_before for row in rows}
        tx.cache[key] = known, time.monotonic()
    not_before = known.get(actor.staff)
    return not_before is not None and actor.issued <= not_before.timestamp() * 1000
