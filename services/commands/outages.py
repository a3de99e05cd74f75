"""What can go wrong in commands that work with a database, a broker or the services."""

import psycopg2
import requests

from services.plumbing.broker import FAULTS
from services.plumbing.broker_management import BrokerNotManaged
from services.plumbing.broker_users import BrokerUserUnusable
from services.plumbing.clock import ClockMismatch
from services.plumbing.logins import LoginUnusable
from services.plumbing.resources import MissingSetting

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
