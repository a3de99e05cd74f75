"""Center files with their calendars: which version applies to a decision."""

import re

from services.access import centers
from services.calendar.calendar import work_calendar
from services.deadline_watch.rules.deadline import Policy
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import NotYet

_EDITION = re.compile(r"holidays-([0-9.]+)")


def current(tx: Transaction, code: str) -> Policy:
    """The policy of the newest center file. Raises NotYet while no file of that center has arrived."""
    version = centers.current_version(tx, code)
    if version == 0:
        raise NotYet(f"no center file {code!r} has arrived")
    return at_version(tx, code, version)


def at_version(tx: Transaction, code: str, version: int) -> Policy:
    """The policy of one version of the center file. Raises centers.UnknownCenter."""
    center = centers.at_version(tx, code, version)
    key = ("calendar", code, version)
    if key not in tx.cache:
        tx.cache[key] = work_calendar(center.calendar)
    return Policy(center, version, tx.cache[key], earlier=lambda other: at_version(tx, code, other))


def is_newer(calendar_version: str, other: str) -> bool:
    """Whether a calendar was made from a newer edition of the ``holidays`` package than ``other``."""
    found = [_EDITION.match(each) for each in (calendar_version, other)]
    mine, others = ([int(part) for part in each[1].split(".") if part] if each else [] for each in found)
    return mine > others
