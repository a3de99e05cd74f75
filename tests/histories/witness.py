"""One ticket in a whole house and the same in the oracle: whatever is done, both must say and remember the same."""

from contextlib import closing
from datetime import datetime
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg2

from services.sandbox.sandbox import Sandbox
from tests.histories.oracle.center import CenterRules
from tests.histories.oracle.history import History
from tests.histories.remembered import Account, accounts, differences, expected
from tests.histories.staff import Staff, newest_parts

_numbers = count(1)
Act = tuple[str, dict[str, Any]]


class Witness:
    """A ticket that was registered at ``now``, and the time, which only this witness moves."""

    def __init__(self, sandbox: Sandbox, house: CenterRules, matter: str, cause: str | None, now: datetime) -> None:
        self.sandbox, self.now = sandbox, now
        self.staff = Staff(sandbox, house.code)
        sandbox.step(now)
        sandbox.settle()
        (self.id,) = self.staff.register((matter, cause, next(_numbers)))
        sandbox.settle()
        self.ticket = History(house, matter, cause, "clerk", now)
        self.ticket.advance(now)

    def at(self, now: datetime) -> None:
        """Let it be ``now``."""
        self.sandbox.step(now)
        self.sandbox.settle()
        self.now = now
        self.ticket.advance(now)

    def do(self, act: str, **given: Any) -> None:
        """Do it in both. Raises AssertionError when the house replies what it must not."""
        status = self.send(self.staff, act, given)
        self.sandbox.settle()
        ought = self.ticket.do(act, self.now, **given)
        assert status == ought, f"{act} {given} was replied to with {status} instead of {ought}"

    def send(self, staff: Staff, act: str, given: dict[str, Any]) -> int:
        """Do it in the house alone; the status of its reply."""
        department = given.get("department", "")
        part = newest_parts(self.sandbox.database_url, [self.id]).get((self.id, department), str(uuid4()))
        return staff.do(self.id, act, part=part, **given)

    def account(self) -> Account:
        """What the house remembers."""
        with closing(psycopg2.connect(self.sandbox.database_url)) as connection, connection.cursor() as cursor:
            return accounts(cursor, [self.id])[self.id]

    def agree(self) -> None:
        """Raises AssertionError, line by line, when the services do not remember what they ought to."""
        wrong = differences(expected(self.ticket), self.account())
        assert not wrong, "\n".join(wrong)
