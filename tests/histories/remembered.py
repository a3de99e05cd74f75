"""What the three services remember of tickets, and what they ought to, in one plain form that can be compared."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tests.histories.oracle.deadlines import Deadline
from tests.histories.oracle.history import History

Account = dict[str, Any]
"""``intake``, ``routing``: how the ticket stands; ``parts``; ``deadlines`` with revisions and rungs; ``heard`` of them.
"""

_ROUTING = """
SELECT id::text, state, shown_state, round, complexity, lead, assisting FROM routing.tickets
WHERE id = ANY(%(ids)s::uuid[])
"""
_PARTS = """
SELECT ticket_id::text, department, role, round, final, made_at, state FROM routing.assignments
WHERE ticket_id = ANY(%(ids)s::uuid[])
"""
_CLOCKS = """
SELECT ticket_id::text, id, kind, round, department, started_at, state, light, ended_at, provisional
FROM deadline_watch.deadlines WHERE ticket_id = ANY(%(ids)s::uuid[])
"""
_REVISIONS = """
SELECT id, (entry ->> 'due_at')::timestamptz, (entry ->> 'at')::timestamptz, entry ->> 'why'
FROM deadline_watch.deadlines, jsonb_array_elements(announced_changes) WITH ORDINALITY AS said (entry, nth)
WHERE ticket_id = ANY(%(ids)s::uuid[]) AND entry ->> 'what' IN ('set', 'moved', 'resumed', 'ended')
ORDER BY id, nth
"""
_RUNGS = """
SELECT deadline_id, revision, level, escalated_at, recipients, skipped FROM routing.escalations
WHERE ticket_id = ANY(%(ids)s::uuid[]) AND voided_at IS NULL ORDER BY deadline_id, revision, level
"""
_HEARD = """
SELECT ticket_id::text, kind, round, state, due_at FROM routing.deadlines WHERE ticket_id = ANY(%(ids)s::uuid[])
"""
_INTAKE = "SELECT id::text, state, round, due_at FROM intake.tickets WHERE id = ANY(%(ids)s::uuid[])"


def accounts(cursor: Any, ticket_ids: Iterable[str]) -> dict[str, Account]:
    """What is remembered of each ticket."""
    ids = {"ids": list(ticket_ids)}

    def rows(query: str) -> list[tuple[Any, ...]]:
        cursor.execute(query, ids)
        return [tuple(map(_plain, row)) for row in cursor.fetchall()]

    found: dict[str, Account] = {id_: {"parts": [], "deadlines": [], "heard": []} for id_ in ids["ids"]}
    for id_, *standing in rows(_INTAKE):
        found[id_]["intake"] = tuple(standing)
    for id_, *standing in rows(_ROUTING):
        found[id_]["routing"] = tuple(standing)
    for id_, *part in rows(_PARTS):
        found[id_]["parts"].append(tuple(part))
    due_times, rungs = defaultdict(list), defaultdict(list)
    for deadline_id, *revision in rows(_REVISIONS):
        due_times[deadline_id].append(tuple(revision))
    for deadline_id, revision, level, at, to, skipped in rows(_RUNGS):
        rungs[deadline_id].append((revision, level, at, tuple(sorted(to)), skipped))
    for id_, deadline_id, *deadline in rows(_CLOCKS):
        whole = (*deadline, tuple(due_times[deadline_id]), tuple(rungs[deadline_id]))
        found[id_]["deadlines"].append(whole)
    for id_, *deadline in rows(_HEARD):
        found[id_]["heard"].append(tuple(deadline))
    return {id_: _sorted(account) for id_, account in found.items()}


def expected(ticket: History) -> Account:
    """What ought to be remembered."""
    standing = "awaiting_materials" if ticket.seen == "awaiting_materials" else ticket.state
    complexity = None if ticket.complex is None else "complex" if ticket.complex else "ordinary"
    due = next(revision.due for revision in reversed(ticket.promise.revisions) if revision.why != "ended")
    account = {
        "intake": (ticket.seen, ticket.round, _plain(due)),
        "routing": (ticket.state, standing, ticket.round, complexity, ticket.lead, ticket.assisting),
        "parts": [
            (part.department, part.role, part.round, part.final, _plain(part.made_at), part.state)
            for part in ticket.parts.all
        ],
        "deadlines": [_deadline(deadline) for deadline in ticket.deadlines],
        "heard": [
            (deadline.kind, deadline.round, deadline.state, _plain(deadline.due)) for deadline in ticket.deadlines
        ],
    }
    return _sorted(account)


def _deadline(deadline: Deadline) -> tuple[Any, ...]:
    revisions = tuple((_plain(each.due), _plain(each.since), each.why) for each in deadline.revisions)
    rungs = [(each.revision, each.level, _plain(each.at), *each.told) for each in deadline.reached]
    return (
        deadline.kind,
        deadline.round,
        deadline.department,
        _plain(deadline.start),
        deadline.state,
        deadline.light,
        _plain(deadline.ended),
        deadline.house.days.is_provisional(deadline.due),
        revisions,
        tuple(sorted(rungs)),
    )


def differences(expected: Account, found: Account) -> list[str]:
    """What is not as it ought to be, line by line."""
    lines = []
    for key, value in expected.items():
        other = found.get(key)
        if isinstance(value, list) and isinstance(other, list):
            lines += [f"{key}: missing {each}" for each in value if each not in other]
            lines += [f"{key}: too much {each}" for each in other if each not in value]
            if not lines and len(value) != len(other):
                lines.append(f"{key}: {len(value)} expected, {len(other)} found")
        elif value != other:
            lines.append(f"{key}: expected {value}, found {other}")
    return lines


def _sorted(account: Account) -> Account:
    return {key: sorted(value, key=repr) if isinstance(value, list) else value for key, value in account.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%m-%d %H:%M:%S %Y")
    return tuple(value) if isinstance(value, list) else value
