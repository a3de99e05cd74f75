"""What can go wrong in commands that work with a database, a broker or the services."""

import psycopg2
import requests

from services.plumbing.database.logins import LoginUnusable
from services.plumbing.messaging.broker import FAULTS
from services.plumbing.messaging.broker_management import BrokerNotManaged
from services.plumbing.messaging.broker_users import BrokerUserUnusable
from services.plumbing.runtime.clock import ClockMismatch
from services.plumbing.runtime.resources import MissingSetting

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
"""For `services.commands.failing.plainly`: servers that are away, and settings that do not fit them."""
