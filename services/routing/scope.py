"""How far an actor sees: a liaison the own department's part, the center's own people everything of the center."""

from schemas.enums import Role
from services.plumbing.security.access import Actor
from services.routing.rules.ticket import Scope

OF_THE_CENTER = frozenset({Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR})


def scope_of(actor: Actor) -> Scope:
    """The scope of ``actor``, which every query carries in its SQL. A liaison of no department sees nothing."""
    return Scope(actor.center, None if actor.has(*OF_THE_CENTER) else actor.department or "")


def liaison_scope(actor: Actor) -> Scope:
    """The own department's scope, also of a liaison who is a clerk as well: one signs for one's own department."""
    return Scope(actor.center, actor.department or "")
