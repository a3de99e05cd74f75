"""Two things at once to one ticket: the outcome is that of one after the other, in one order or the other.

Where the two are done at different services each may be accepted before the news of the other has come. Then too there
is one lawful outcome, the same in all services, which is said here. BANCHENG_RACES=50 runs each so many times.
"""

import os
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial

import pytest

from services.sandbox.sandbox import Sandbox
from tests.histories.oracle.center import CenterRules
from tests.histories.oracle.history import History
from tests.histories.remembered import differences, expected
from tests.histories.staff import Staff
from tests.histories.test_histories import a_sandbox
from tests.histories.three_centers import ORDINARY
from tests.histories.witness import Act, Witness
from tests.stack.at_once import at_once

HOUSE = CenterRules(ORDINARY)
START = datetime.fromisoformat("2025-01-24T10:00+08:00")
TIMES = int(os.environ.get("BANCHENG_RACES", "3"))
A_MINUTE = timedelta(minutes=1)

Outcome = tuple[tuple[int, int], History]

LEAD = {"department": "SWJ"}
ACCEPT: Act = ("accept", LEAD)
COMPLETE: Act = ("complete", LEAD)
GIVE_BACK: Act = ("give_back", LEAD)
ANSWER: Act = ("answer", {})
WITHDRAW: Act = ("withdraw", {})
CLOSE: Act = ("close", {})
MATERIALS: Act = ("materials", {})
RECLASSIFY: Act = ("reclassify", {})
EXTENSION: Act = ("extension", {"working_days": 2})
BAD: Act = ("rate", {"good": False})
GOOD: Act = ("rate", {"good": True})
ONE: Act = ("arbitrate", {"lead": "SJJ"})
OTHER: Act = ("arbitrate", {"lead": "YBJ", "assisting": ("RSJ",)})


@pytest.fixture(scope="module")
def sandbox(amqp_uri: str) -> Iterator[Sandbox]:
    with a_sandbox(amqp_uri) as sandbox:
        yield sandbox


def _prepared(sandbox: Sandbox, before: list[Act], matter: str = "tax") -> Witness:
    witness = Witness(sandbox, HOUSE, matter, None, START)
    for act, given in before:
        witness.at(witness.now + A_MINUTE)
        witness.do(act, **given)
    return witness


def _lawful(witness: Witness, statuses: tuple[int, ...], outcomes: list[Outcome]) -> None:
    """Raises AssertionError unless the house remembers one of the outcomes, and replied as in that."""
    found = witness.account()
    wrong = [(each, differences(expected(ticket), found)) for each, ticket in outcomes]
    said = "\n".join(f"or {each}: {line}" for each, lines in wrong for line in lines or ["agreed"])
    assert any(each == statuses and not lines for each, lines in wrong), f"{statuses} came, it should have been\n{said}"
    witness.staff.do(witness.id, "withdraw")


def _serially(ticket: History, now: datetime, first: Act, second: Act) -> Outcome:
    ticket = deepcopy(ticket)
    return (ticket.do(first[0], now, **first[1]), ticket.do(second[0], now, **second[1])), ticket


def _crossing(ticket: History, now: datetime, first: Act, second: Act) -> Iterator[Outcome]:
    """Both were accepted by different services, each before it heard of the other."""
    answered_first = deepcopy(ticket)
    answered_first.do("answer", now)
    if second is WITHDRAW:
        cancelled_first = deepcopy(ticket)
        for deadline in cancelled_first.deadlines:
            deadline.cancel(now)
        cancelled_first.do("answer", now)
        for each in (answered_first, cancelled_first):
            each.end("withdrawn", now)
            yield (200, 200), each
    if second is MATERIALS:
        answered_first.awaiting = True
        yield (200, 200), answered_first


PAIRS: dict[str, tuple[list[Act], Act, Act]] = {
    "return racing complete": ([ACCEPT], GIVE_BACK, COMPLETE),
    "return racing accept": ([], GIVE_BACK, ACCEPT),
    "two acceptances": ([], ACCEPT, ACCEPT),
    "answer racing withdraw": ([ACCEPT], ANSWER, WITHDRAW),
    "answer racing materials": ([ACCEPT], ANSWER, MATERIALS),
    "answer racing return": ([ACCEPT], ANSWER, GIVE_BACK),
    "answer racing reclassify": ([ACCEPT], ANSWER, RECLASSIFY),
    "answer racing extension": ([ACCEPT], ANSWER, EXTENSION),
    "two extensions": ([ACCEPT], EXTENSION, EXTENSION),
    "a bad rating racing close": ([ACCEPT, ANSWER], BAD, CLOSE),
    "a good rating racing a bad one": ([ACCEPT, ANSWER], GOOD, BAD),
    "two requests for materials": ([], MATERIALS, MATERIALS),
    "materials racing withdraw": ([], MATERIALS, WITHDRAW),
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_at_once_are_one_after_the_other(sandbox: Sandbox, name: str) -> None:
    before, first, second = PAIRS[name]
    for _ in range(TIMES):
        _race(_prepared(sandbox, before), first, second)


def test_of_two_decisions_on_one_docket_one_counts(sandbox: Sandbox) -> None:
    for _ in range(TIMES):
        _race(_prepared(sandbox, [], matter="unknown"), ONE, OTHER)


def _race(witness: Witness, first: Act, second: Act) -> None:
    witness.at(witness.now + A_MINUTE)
    now = witness.now
    statuses = at_once(*(partial(witness.send, Staff(witness.sandbox, HOUSE.code), *act) for act in (first, second)))
    witness.sandbox.settle()
    forth = _serially(witness.ticket, now, first, second)
    (reply, other), back = _serially(witness.ticket, now, second, first)
    outcomes = [forth, ((other, reply), back), *_crossing(witness.ticket, now, first, second)]
    _lawful(witness, statuses, outcomes)


def _step(sandbox: Sandbox, instant: datetime) -> int:
    sandbox.step(instant)
    return 0


def _untold(ticket: History, at: datetime) -> History:
    """Nobody is told any more that a promise broke when it is known by then that the citizen has withdrawn."""
    ticket = deepcopy(ticket)
    for deadline in ticket.deadlines:
        deadline.reached = [each for each in deadline.reached if each.at < at]
    return ticket


@pytest.mark.parametrize(("before", "act"), [([], ACCEPT), ([ACCEPT], ANSWER), ([], WITHDRAW), ([], MATERIALS)])
def test_what_is_done_while_it_breaks_was_done_before_or_after(sandbox: Sandbox, before: list[Act], act: Act) -> None:
    """The third outcome: it was done in time, and heard of after the breach was told. Then it counts as kept."""
    for _ in range(TIMES):
        witness = _prepared(sandbox, before)
        due = witness.ticket.parts.all[0].deadline.due if act is ACCEPT else witness.ticket.promise.due
        early, late = due - A_MINUTE, due + A_MINUTE
        witness.at(early)
        done, _ = at_once(partial(witness.send, Staff(sandbox, HOUSE.code), *act), partial(_step, sandbox, late))
        sandbox.settle()
        before_it, after_it, told = (deepcopy(witness.ticket) for _ in range(3))
        in_time = before_it.do(act[0], early, **act[1])
        before_it.advance(late)
        too_late = after_it.do(act[0], late, **act[1])
        told.advance(late)
        kept = told.do(act[0], early, **act[1])
        outcomes = [((in_time, 0), before_it), ((too_late, 0), after_it), ((kept, 0), told)]
        if act is WITHDRAW:
            outcomes.append(((too_late, 0), _untold(after_it, late)))
        _lawful(witness, (done, 0), outcomes)
