"""The two weeks in numbers, from what routing and deadline_watch hold at the end."""

from collections import Counter
from typing import Any, NamedTuple

from rich.console import Group
from rich.table import Table

from schemas.enums import PROMISES, AssignmentState, DeadlineState, Light, Outcome, Role, TicketState
from services.demo.sentence import Reply, Words
from services.sandbox.client import Client
from services.sandbox.sandbox import Sandbox
from services.wording import Wording

_SHOWN_STATES = (DeadlineState.RUNNING, DeadlineState.PAUSED, DeadlineState.MET, DeadlineState.BREACHED)
_NOTICES = ("notice.requested.v1", "ticket.escalated.v1", "escalation.passed_up.v1", "escalation.voided.v1")


FATES = (*Outcome, TicketState.ANSWERED, *Light, "no deadline", TicketState.DECLINED, TicketState.WITHDRAWN)
"""How a ticket ended; of one that goes on, the light of its promise."""

_WIDE = 90


class Ledger(NamedTuple):
    """Every ticket as routing shows it, every promise that was not cancelled, and how many notices were asked for."""

    tickets: tuple[Reply, ...]
    promises: tuple[Reply, ...]
    notices: int


def ledger(sandbox: Sandbox) -> Ledger:
    """Ask the system for all of it."""
    reader = sandbox.token(sandbox.center.director, Role.DIRECTOR)
    routing, watch = sandbox.client("routing", reader), sandbox.client("deadline_watch", reader)
    tickets = [routing.get(f"/tickets/{each['id']}") for each in _all(routing, "/tickets")]
    promises = [
        deadline
        for kind in sorted(PROMISES)
        for state in _SHOWN_STATES
        for deadline in _all(watch, "/deadlines", kind=kind, state=state)
    ]
    published = sandbox.published()
    notices = sum(published[each] for each in _NOTICES)
    return Ledger(tuple(tickets), tuple(promises), notices)


def _all(client: Client, path: str, **query: Any) -> list[Any]:
    """The items of all pages."""
    items: list[Any] = []
    page: dict[str, Any] = {"next": None}
    while not items or page["next"] is not None:
        after = {"after": page["next"]} if page["next"] else {}
        page = client.get(path, limit=200, **query, **after)
        items += page["items"]
        if not page["items"]:
            break
    return items


def summary(kept: Ledger, words: Words, width: int) -> Group:
    """The tables; two of them side by side where ``width`` columns are enough."""
    right = Group(_promises(kept, words.say), "", _escalations(kept, words.say))
    beside = Table.grid(padding=(0, 3, 0, 0))
    if width >= _WIDE:
        beside.add_row(_departments(kept, words), right)
    else:
        beside.add_row(_departments(kept, words))
        beside.add_row(Group("", right))
    notices = words.say("{notices} notices were asked for.", notices=kept.notices)
    return Group(_tickets(kept, words.say), "", beside, "", notices)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(columns[0], no_wrap=True)
    for column in columns[1:]:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _counted(*counts: int) -> list[str]:
    return [str(count) if count else "·" for count in counts]


def _tickets(kept: Ledger, say: Wording) -> Table:
    """By complexity: how they ended, or which light they show."""
    lights = {deadline["ticket_id"]: deadline["light"] for deadline in kept.promises if deadline["ended_at"] is None}
    rows: dict[str, Counter[str]] = {}
    for ticket in kept.tickets:
        is_over = ticket["state"] in (TicketState.ANSWERED, TicketState.DECLINED, TicketState.WITHDRAWN)
        fate = ticket["outcome"] or (ticket["state"] if is_over else lights.get(ticket["id"], "no deadline"))
        rows.setdefault(ticket["complexity"] or "not routed", Counter())[fate] += 1
    columns = [str(fate) for fate in FATES if any(fates[fate] for fates in rows.values())]
    table = _table(say("Tickets"), "", say("all"), *map(say.word, columns))
    for complexity in sorted(rows, key=["ordinary", "complex", "not routed"].index):
        fates = rows[complexity]
        table.add_row(say.word(complexity), str(fates.total()), *_counted(*(fates[column] for column in columns)))
    return table


def _promises(kept: Ledger, say: Wording) -> Table:
    table = _table(say("Promises"), "", say("all"), say("met"), say("breached"), say("running"))
    for kind in sorted(PROMISES):
        states = Counter(deadline["state"] for deadline in kept.promises if deadline["kind"] == kind)
        running = states[DeadlineState.RUNNING] + states[DeadlineState.PAUSED]
        counts = (states[DeadlineState.MET], states[DeadlineState.BREACHED], running)
        table.add_row(say.word(kind), str(states.total()), *_counted(*counts))
    return table


def _escalations(kept: Ledger, say: Wording) -> Table:
    reached = Counter(
        (str(each["kind"]), int(each["level"]))
        for ticket in kept.tickets
        for each in ticket["escalations"]
        if each["voided_at"] is None  # it had not been reached, and whoever was told of it was told so
    )
    levels = range(1, max((level for _, level in reached), default=0) + 1)
    table = _table(say("Escalations"), say("to level"), *map(str, levels))
    for kind in sorted({kind for kind, _ in reached}):
        table.add_row(say.word(kind), *_counted(*(reached[kind, level] for level in levels)))
    return table


def _departments(kept: Ledger, words: Words) -> Table:
    say = words.say
    table = _table(say("Departments"), "", say("led"), say("met"), say("breached"), say("sent back"))
    led = Counter(ticket["lead"] for ticket in kept.tickets if ticket["lead"])
    states = Counter((deadline["department"], deadline["state"]) for deadline in kept.promises)
    sent_back = Counter(
        part["department"]
        for ticket in kept.tickets
        for part in ticket["assignments"]
        if part["state"] == AssignmentState.RETURNED
    )
    for code in sorted({*led, *sent_back}, key=lambda code: (-led[code], code)):
        met, breached = states[code, DeadlineState.MET], states[code, DeadlineState.BREACHED]
        table.add_row(words.department(code), *_counted(led[code], met, breached, sent_back[code]))
    return table
