"""Whatever is done to a ticket in whatever order: every reply, state, deadline and rung is as the state machine says.

Checked in the manner of Jepsen, with a model (tests.histories.oracle) that shares no code with the house. The examples
are the same every time; BANCHENG_HISTORIES=500 looks at so many others.
"""

import os
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from schemas.center.center import Center
from services.sandbox.sandbox import Sandbox
from tests.histories.oracle.center import CenterRules
from tests.histories.three_centers import CAUSES, CENTERS, DEPARTMENTS, MATTERS
from tests.histories.witness import Act, Witness
from tests.stack.broker_users import broker_of

HOUSES = [CenterRules(center) for center in CENTERS]
STARTS = [
    datetime.fromisoformat(f"{start}+08:00")
    for start in (
        "2025-01-24T10:00",
        "2025-01-26T09:30",
        "2025-01-29T11:00",
        "2025-04-30T16:59",
        "2025-09-30T17:00",
        "2025-11-12T12:30",
        "2026-02-13T08:31",
        "2026-10-10T15:00",
        "2026-12-22T10:00",
    )
]
"""Among them a make-up Sunday and Saturday, days of festivals, and instants at which windows open or close."""

A_MINUTE = timedelta(minutes=1)
ACTS: list[Act] = [
    *((act, {"department": each}) for act in ("accept", "complete", "give_back") for each in DEPARTMENTS),
    *((act, {}) for act in ("report", "answer", "close", "reclassify", "materials", "supply")),
    *(("arbitrate", {"lead": lead, "assisting": assisting}) for lead in DEPARTMENTS for assisting in ((), ("RSJ",))),
    ("extension", {"working_days": 2}),
    ("rate", {"good": False}),
]
"""What keeps a ticket going; most of what is drawn blindly is refused, which has to be seen too."""

NAMED = st.sampled_from(DEPARTMENTS)


def a_sandbox(amqp_uri: str) -> Sandbox:
    """The three centers in one house."""
    first, *others = (Center.load(center) for center in CENTERS)
    return Sandbox(first, STARTS[0], *others, broker=broker_of(amqp_uri))


@pytest.fixture(scope="module")
def in_process() -> Iterator[Sandbox]:
    with a_sandbox("memory://") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def on_rabbitmq(amqp_uri: str) -> Iterator[Sandbox]:
    with a_sandbox(amqp_uri) as sandbox:
        yield sandbox


class Histories(RuleBasedStateMachine):
    """The lives of one ticket after another."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self.sandbox = sandbox

    @initialize(
        house=st.sampled_from(HOUSES),
        matter=st.sampled_from(MATTERS),
        cause=st.sampled_from(CAUSES),
        start=st.sampled_from(STARTS),
    )
    def register(self, house: CenterRules, matter: str, cause: str | None, start: datetime) -> None:
        self.witness = Witness(self.sandbox, house, matter, cause, start)

    def _do(self, act: str, **given: object) -> None:
        self.witness.at(self.witness.now + A_MINUTE)
        self.witness.do(act, **given)

    @rule(minutes=st.sampled_from([1, 59, 240, 24 * 60, 3 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.witness.at(self.witness.now + minutes * A_MINUTE)

    @rule(off=st.sampled_from([-1, 0, 1]), late=st.sampled_from([0, 0, 1, 5]))
    def the_promise_falls_due(self, off: int, late: int) -> None:
        promise = self.witness.ticket.promise
        due = promise.pause_ends or promise.due
        due = promise.house.days.after(due, late) if late else due
        self.witness.at(max(self.witness.now, due + off * A_MINUTE))

    @rule(act=st.sampled_from(["accept", "accept", "complete", "give_back"]), department=NAMED)
    def a_department_acts(self, act: str, department: str) -> None:
        self._do(act, department=department)

    @rule(act=st.sampled_from(["accept", "complete", "give_back"]))
    def the_lead_acts(self, act: str) -> None:
        self._do(act, department=self.witness.ticket.lead or "SWJ")

    @rule(data=st.data())
    def something_allowed_is_done(self, data: st.DataObject) -> None:
        now = self.witness.now + A_MINUTE
        allowed = [each for each in ACTS if deepcopy(self.witness.ticket).do(each[0], now, **each[1]) == 200]
        if allowed:
            act, given = data.draw(st.sampled_from(allowed))
            self._do(act, **given)

    @rule()
    def everybody_signs_and_completes(self) -> None:
        for department in list(self.witness.ticket.parts.open(self.witness.ticket.round)):
            self._do("accept", department=department)
            if department != self.witness.ticket.lead:
                self._do("complete", department=department)

    @rule(act=st.sampled_from(["report", "answer", "answer", "close", "reclassify", "materials", "supply"]))
    def somebody_acts(self, act: str) -> None:
        self._do(act)

    @rule(act=st.sampled_from(["decline", "withdraw"]))
    def it_is_over(self, act: str) -> None:
        if self.witness.ticket.at + timedelta(days=3) < self.witness.now:
            self._do(act)

    @rule(lead=st.sampled_from([*DEPARTMENTS, "NOBODY"]), assisting=st.lists(NAMED, max_size=2, unique=True))
    def the_leader_decides(self, lead: str, assisting: list[str]) -> None:
        self._do("arbitrate", lead=lead, assisting=tuple(assisting))

    @rule(working_days=st.sampled_from([1, 3, 6]))
    def more_time_is_asked_for(self, working_days: int) -> None:
        self._do("extension", working_days=working_days)

    @rule(good=st.booleans())
    def the_citizen_rates(self, good: bool) -> None:
        self._do("rate", good=good)

    @invariant()
    def all_agree(self) -> None:
        if hasattr(self, "witness"):
            self.witness.agree()

    def teardown(self) -> None:
        if hasattr(self, "witness"):
            self.witness.send(self.witness.staff, "withdraw", {})


def _look_at(sandbox: Sandbox, examples: int) -> None:
    asked = int(os.environ.get("BANCHENG_HISTORIES", "0"))
    profile = settings(
        max_examples=asked or examples,
        stateful_step_count=25,
        derandomize=not asked,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # over a whole house shrinking takes longer than reading the history
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(partial(Histories, sandbox), settings=profile)  # type: ignore[arg-type]


def test_every_history_of_a_ticket_is_one_that_the_state_machine_allows(in_process: Sandbox) -> None:
    _look_at(in_process, examples=12)


def test_it_is_the_same_on_a_real_broker(on_rabbitmq: Sandbox) -> None:
    _look_at(on_rabbitmq, examples=5)
