"""The broker's users: one a service, which says what is that service's to say and reads what is its to read.

Everything that a user may do is declared here. `services.plumbing.messaging.broker_management` makes the users by it.

A service's relay binds the queues of those who hear its events, for which RabbitMQ wants the right to write to a queue,
and its inbox makes its own queue anew if somebody deleted it. Exchanges are the administrator's.

A message names the user who sends it (`user_id`), or else the broker refuses it; by that name readers know the service.
"""

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

EXCHANGE = "bancheng.events"
_PREFIX = "bancheng_"
_SALT_BYTES = 4  # as RabbitMQ's own

Types = Mapping[str, Iterable[str]]
"""Event types by service: those that it announces, or those that it hears."""


class BrokerUserUnusable(Exception):
    """The URI of a service's own user names another one, or no password. The message names the setting."""


@dataclass(frozen=True)
class Rights:
    """Regular expressions, as RabbitMQ takes them: names of queues and exchanges, and routing keys of the exchange of
    events to publish by (`announce`) or to bind a queue for (`hear`).
    """

    configure: str
    write: str
    read: str
    announce: str
    hear: str


def setting_of(service: str) -> str:
    """The environment variable with the URI of a service's own user."""
    return f"BANCHENG_{service.upper()}_AMQP_URI"


def user_of(service: str) -> str:
    """The name of a service's user."""
    return f"{_PREFIX}{service}"


def queue_name(service: str) -> str:
    """The service's one queue."""
    return f"bancheng.{service}"


def service_of(user: str) -> str:
    """The service whose user it is; "" if it is nobody's."""
    return user.removeprefix(_PREFIX) if user.startswith(_PREFIX) else ""


def as_user(uri: str, service: str, password: str) -> str:
    """The broker that ``uri`` names, for a service's user."""
    parts = urlsplit(uri)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user_of(service)}:{quote(password, safe='')}@{place}").geturl()


def ensure_own(service: str, uri: str) -> None:
    """Raises BrokerUserUnusable unless a URI names the service's own user with a password."""
    parts = urlsplit(uri)
    if parts.username is None or unquote(parts.username) != user_of(service) or not parts.password:
        raise BrokerUserUnusable(
            f"{setting_of(service)} must name the user {user_of(service)}, with a password:"
            " by that name the others know who sent a message"
        )


def rights_of(service: str, announced: Types, subscriptions: Types) -> Rights:
    """What a service needs, and nothing else.

    Who may bind its queue for a key may read what comes by it: so a service hears its subscriptions. Its own types are
    among them because its relay binds the queues of others for these.
    """
    own = set(announced.get(service, ()))
    heard = set(subscriptions.get(service, ()))
    subscribers = {subscriber for subscriber, types in subscriptions.items() if own & set(types)}
    return Rights(
        configure=_one_of([queue_name(service)]),
        write=_one_of([EXCHANGE, *map(queue_name, subscribers | {service})]),
        read=_one_of([EXCHANGE, queue_name(service)]),
        announce=_one_of(own),
        hear=_one_of(own | heard),
    )


def definitions(uris: Mapping[str, str], announced: Types, subscriptions: Types) -> dict[str, Any]:
    """The users of ``uris`` and their rights as RabbitMQ imports them: a user that is there gets this password and
    these rights, in the virtual host of its URI, in place of those that it had.

    No password can be read from it.
    """
    made: dict[str, list[dict[str, Any]]] = {"users": [], "permissions": [], "topic_permissions": []}
    for service, uri in uris.items():
        rights = rights_of(service, announced, subscriptions)
        of_user = {"user": user_of(service), "vhost": virtual_host_of(uri)}
        made["users"].append(
            {
                "name": user_of(service),
                "password_hash": _hash(unquote(urlsplit(uri).password or ""), os.urandom(_SALT_BYTES)),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": [],
            }
        )
        made["permissions"].append(
            of_user | {"configure": rights.configure, "write": rights.write, "read": rights.read}
        )
        made["topic_permissions"].append(
            of_user | {"exchange": EXCHANGE, "write": rights.announce, "read": rights.hear}
        )
    return made


def virtual_host_of(uri: str) -> str:
    """The virtual host that an AMQP URI names."""
    return unquote(urlsplit(uri).path.removeprefix("/")) or "/"


def _one_of(names: Iterable[str]) -> str:
    return f"^({'|'.join(map(re.escape, sorted(set(names))))})$"


def _hash(password: str, salt: bytes) -> str:
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
