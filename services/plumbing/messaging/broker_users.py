"""The broker's users, one for each service: it may publish that service's own events, read its own queue, and no more.

Everything that a user may do is declared here, and the users are made from it (`import_definitions`).

A service's relay binds the queues of its subscribers, for which RabbitMQ asks for the right to write to those queues.
Its inbox makes its own queue again if somebody deleted it. Only an administrator may change exchanges.

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

import requests

EXCHANGE = "bancheng.events"
_PREFIX = "bancheng_"
_SALT_BYTES = 4  # as RabbitMQ's own
MANAGEMENT_SETTING = "BANCHENG_BROKER_ADMIN_URL"
"""RabbitMQ's management API, by which an administrator makes the users."""
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0

Types = Mapping[str, Iterable[str]]
"""Event types by service: those that it announces, or those that it subscribes to."""


class BrokerUserUnusable(Exception):
    """The URI of a service's own user names another user, or no password. The message names the setting."""


class BrokerNotManaged(Exception):
    """The management API did not do it. The message is one line that names the setting."""


@dataclass(frozen=True)
class Rights:
    """Regular expressions, as RabbitMQ takes them: names of queues and exchanges, and routing keys of the exchange of
    events to publish by (`announce`) or to bind a queue for (`receive`).
    """

    configure: str
    write: str
    read: str
    announce: str
    receive: str


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
    """The service that a user belongs to; "" if it belongs to none."""
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

    A user needs the right to read a routing key to bind a queue for it: so a service may read the types that it
    subscribes to. Its own types are among them, because its relay binds the queues of others for these.
    """
    own = set(announced.get(service, ()))
    subscribed = set(subscriptions.get(service, ()))
    subscribers = {subscriber for subscriber, types in subscriptions.items() if own & set(types)}
    return Rights(
        configure=_one_of([queue_name(service)]),
        write=_one_of([EXCHANGE, *map(queue_name, subscribers | {service})]),
        read=_one_of([EXCHANGE, queue_name(service)]),
        announce=_one_of(own),
        receive=_one_of(own | subscribed),
    )


def definitions(uris: Mapping[str, str], announced: Types, subscriptions: Types) -> dict[str, Any]:
    """The users of ``uris`` and their rights as RabbitMQ imports them. A user that exists gets this password and these
    rights, in the virtual host of its URI, in place of the old ones.

    It holds hashes, from which no password can be read.
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
            of_user | {"exchange": EXCHANGE, "write": rights.announce, "read": rights.receive}
        )
    return made


def virtual_host_of(uri: str) -> str:
    """The virtual host that an AMQP URI names."""
    return unquote(urlsplit(uri).path.removeprefix("/")) or "/"


def import_definitions(url: str, definitions: dict[str, Any]) -> None:
    """Have the broker add the ``definitions`` that it lacks and change those that differ; everything else stays.

    ``url`` is that of the management API, with an administrator: http://name:password@host:15672. Raises
    BrokerNotManaged.
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    with requests.Session() as session:
        session.trust_env = False  # no proxy is told the administrator's password
        session.auth = (unquote(parts.username or ""), unquote(parts.password or ""))
        try:
            reply = session.post(
                f"{parts.scheme}://{place}{parts.path.rstrip('/')}/api/definitions",
                json=definitions,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as error:
            raise BrokerNotManaged(f"{MANAGEMENT_SETTING}: no answer from {place} ({type(error).__name__})") from None
    if reply.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
        raise BrokerNotManaged(
            f"{MANAGEMENT_SETTING}: the broker at {place} does not take this user for an administrator"
        )
    if not reply.ok or reply.is_redirect:
        words = " ".join(reply.text.split())[:200]
        raise BrokerNotManaged(f"{MANAGEMENT_SETTING}: {place} answers {reply.status_code} {words}".rstrip())


def _one_of(names: Iterable[str]) -> str:
    return f"^({'|'.join(map(re.escape, sorted(set(names))))})$"


def _hash(password: str, salt: bytes) -> str:
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
