"""RabbitMQ's management API, by which an administrator makes the users of the services."""

from typing import Any
from urllib.parse import unquote, urlsplit

import requests

SETTING = "BANCHENG_BROKER_ADMIN_URL"
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0


class BrokerNotManaged(Exception):
    """The management API did not do it. The message is one line that names the setting."""


def import_definitions(url: str, definitions: dict[str, Any]) -> None:
    """Have the broker make what it lacks of these and change what is different; what they do not name stays.

    ``url`` is the API's, with an administrator: http://name:password@host:15672. Raises BrokerNotManaged.
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
            raise BrokerNotManaged(f"{SETTING}: no answer from {place} ({type(error).__name__})") from None
    if reply.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
        raise BrokerNotManaged(f"{SETTING}: the broker at {place} does not take this user for an administrator")
    if not reply.ok or reply.is_redirect:
        words = " ".join(reply.text.split())[:200]
        raise BrokerNotManaged(f"{SETTING}: {place} answers {reply.status_code} {words}".rstrip())
