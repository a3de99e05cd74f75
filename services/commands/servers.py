"""What commands share that work with a database, a broker or the services."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import requests

from services.plumbing.database.database import Database
from services.plumbing.database.logins import LoginUnusable
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.broker import FAULTS
from services.plumbing.messaging.broker_users import BrokerNotManaged, BrokerUserUnusable
from services.plumbing.runtime.clock import ClockMismatch
from services.plumbing.runtime.resources import MissingSetting, database_url

OUTAGES: tuple[type[BaseException], ...] = (
    MissingSetting,
    ClockMismatch,
    LoginUnusable,
    BrokerUserUnusable,
    BrokerNotManaged,
    psycopg2.Error,
    requests.RequestException,
    *FAULTS,
)
"""For `services.commands.command.plainly`: servers that are away, and settings that do not fit them."""


@contextmanager
def transaction(service: str) -> Iterator[Transaction]:
    """A transaction in the schema of ``service``, with that service's own login. Raises one of OUTAGES."""
    with closing(Database(database_url(service), service, size=1)) as database, database.transaction() as tx:
        yield tx


def readable(body: bytes) -> str:
    """A message's bytes for a person to read: JSON laid out in lines; what is none, as Python writes bytes."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return repr(body)
