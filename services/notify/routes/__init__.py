"""What arrives over HTTP, a module for each side that it comes from; `service.py` puts them into the service."""

from typing import Protocol

from schemas.enums import Role
from services.notify.settings import NotifySettings

STAFF = frozenset(Role) - {Role.CHANNEL}
ANSWERABLE = frozenset({Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.OPS})
"""Those who must know whether the others are reached."""


class HasSettings(Protocol):
    """The service, as a route sees it."""

    settings: NotifySettings
