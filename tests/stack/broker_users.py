"""The users of the services at a broker of the tests, which are made by the program's own declaration.

The administrator of the tests may send in anybody's name (RabbitMQ's tag `impersonator`), so that a test can say what
another service would say.
"""

from urllib.parse import unquote, urlsplit

from services.composition import SERVICES, announced, subscriptions
from services.plumbing.messaging import broker_users
from services.plumbing.messaging.broker_users import import_definitions
from services.plumbing.runtime.resources import BrokerAccess
from tests.stack.sample_types import ANNOUNCED, NAME, SUBSCRIPTIONS, WATCHER

_PASSWORD = "of the tests"


def user_uris(amqp_uri: str, *services: str) -> dict[str, str]:
    """The services' own ways to the broker that an administrator's URI names; those of all unless some are named."""
    names = services or (*SERVICES, NAME)
    return {service: broker_users.as_user(amqp_uri, service, _PASSWORD) for service in names}


def broker_of(amqp_uri: str) -> BrokerAccess:
    """A broker whose users are there already."""
    return BrokerAccess(amqp_uri, user_uris(amqp_uri))


def admit(management_url: str, amqp_uri: str) -> None:
    """Make the virtual host of an administrator's URI, if there is none, and let him and all services into it."""
    vhost, administrator = broker_users.virtual_host_of(amqp_uri), urlsplit(amqp_uri)
    name = unquote(administrator.username or "")
    definitions = broker_users.definitions(
        user_uris(amqp_uri), {**announced(), **ANNOUNCED}, {**subscriptions(), **SUBSCRIPTIONS, **WATCHER}
    )
    definitions["vhosts"] = [{"name": vhost}]
    definitions["users"].append(
        {
            "name": name,
            "password": unquote(administrator.password or ""),
            "tags": ["administrator", "impersonator"],
        }
    )
    definitions["permissions"].append({"user": name, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"})
    import_definitions(management_url, definitions)
