"""Departments that a new version of the center file leaves out: their open tickets go to the duty leader's docket.

Nobody could sign for them or answer them any more. Looked for from time to time and not when the file is published,
since a replica that went by the version before may route a ticket there a moment later.
"""

from collections import defaultdict
from collections.abc import Collection

from schemas.center.center import Center
from schemas.enums import ArbitrationReason
from services.plumbing.database.transaction import Transaction
from services.plumbing.security import centers
from services.routing import store
from services.routing.actions.distribution import put_on_docket, replace_assignments
from services.routing.rules.ticket import Ticket

BATCH = 100
"""How many tickets are moved in one transaction."""


def move_to_docket(tx: Transaction) -> int:
    """Move a batch of such tickets; how many. What another replica holds is left to it."""
    in_use: dict[str, set[str]] = defaultdict(set)
    for code, department in store.assignments.departments_at_work(tx):
        in_use[code].add(department)
    moved = 0
    for code, departments in in_use.items():
        # Read after the departments, and past what this process remembers: whoever got a ticket is in this version.
        version = centers.newest_version(tx, code)
        if version == 0:
            continue
        center = centers.at_version(tx, code, version)
        gone = departments - center.departments.keys()
        tickets = store.tickets.held_with_departments(tx, code, gone, limit=BATCH) if gone else []
        for ticket in tickets:
            _move(tx, center, ticket, gone)
        moved += len(tickets)
    return moved


def _move(tx: Transaction, center: Center, ticket: Ticket, gone: Collection[str]) -> None:
    """The departments that are left keep their parts until the leader has decided."""
    parts = store.assignments.of_round(tx, ticket)
    replace_assignments(tx, ticket, [each for each in parts if each.is_open and each.department in gone])
    if ticket.is_assigned:
        put_on_docket(tx, center, ticket, ArbitrationReason.DEPARTMENT_GONE)
