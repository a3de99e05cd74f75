"""Two who want different things at the same moment: row 26."""

import time
from collections.abc import Callable
from typing import Any

from schemas.enums import Role
from tests.bench.tickets import ticket
from tests.faults.house import House
from tests.faults.journal import Entry
from tests.faults.row import row
from tests.faults.run import Run
from tests.stack.at_once import at_once
from tests.stack.eventually import eventually

PAIRS = 24


@row(26, "concurrent calls: return against complete, accept against return, answer against answer; deeds at due time")
def who_is_first(run: Run) -> None:
    """Accept races breach, answer races breach, return races complete. There is one legal outcome."""
    with run.house() as house:
        racers = _Racers(run, house)
        racers.race("return", "complete", accepted=True)
        racers.race("answer", "answer", accepted=True)
        racers.race("return", "accept", accepted=False, both=True)
        with run.fault("deeds at the due time"):
            racers.at_the_due_time("accept", accepted=False)
            racers.at_the_due_time("answer", accepted=True)


class _Racers:
    def __init__(self, run: Run, house: House) -> None:
        self._run, self._house = run, house
        self._posted = 0

    def race(self, one: str, other: str, *, accepted: bool, both: bool = False) -> None:
        """Ask for both at once, many times; exactly one may be done, the other is told that it is too late.

        With ``both``, the first is always done, and the other as well if it was quicker.
        """
        parts = self._parts(PAIRS, accepted=accepted)
        answers = at_once(*(self._deed(act, part) for part in parts for act in (one, other)))
        for first, second in zip(answers[::2], answers[1::2], strict=True):
            statuses = (first.status, second.status)
            legal = {(200, 409), (200, 200) if both else (409, 200)}
            self._run.expect(statuses in legal, f"B {one} and {other} at once were answered {statuses}")

    def at_the_due_time(self, act: str, *, accepted: bool) -> None:
        """Ask within the second around the instant at which the deed is due; `deadlines_agree` judges the outcome."""
        parts = self._parts(PAIRS, accepted=accepted)
        kind, about = ("acknowledge", "id") if act == "accept" else ("answer", "ticket_id")
        seconds = {
            str(row.about): float(row.seconds)
            for row in self._house.rows(
                "SELECT about, bancheng.real_seconds_until(due_at) AS seconds FROM deadline_watch.deadlines"
                " WHERE kind = %(kind)s AND round = 1 AND about = ANY(%(about)s::uuid[])",
                kind=kind,
                about=[part[about] for part in parts],
            )
        }
        now = time.monotonic()
        deeds = []
        for part in parts:
            due = now + seconds[part[about]] + self._run.chance.uniform(-0.3, 0.3)
            deeds.append(self._deed(act, part, not_before=due))
        answers = at_once(*deeds)
        done = sum(answer.is_done for answer in answers)
        self._run.expect(done == len(parts), f"A {act} at the due time was done for {done} of {len(parts)}")

    def _parts(self, count: int, *, accepted: bool) -> list[dict[str, Any]]:
        """Parts of leads in ordinary tickets of their own; `workload` works on those of the window only."""
        marks, bodies = [], []
        for _ in range(count):
            self._posted += 1
            marks.append(f"〔赛{self._posted}〕")
            bodies.append(ticket(2_000_000 + self._posted) | {"title": f"发票开不出来{marks[-1]}"})
        clerk = self._house.token(Role.CLERK)
        entry = self._run.caller.insist(
            "intake", "/tickets:batch", clerk, {"tickets": bodies}, act="register", about=tuple(marks)
        )
        ids = [result["id"] for result in entry.reply["results"]]
        parts: list[dict[str, Any]] = []

        def are_there() -> bool:
            views = [self._run.caller.look(f"/tickets/{id_}", clerk) or {} for id_ in ids]
            parts[:] = [part for view in views for part in view.get("assignments", []) if view.get("deadlines")]
            return len(parts) == count

        self._run.expect(eventually(are_there, seconds=30), "F the racers' tickets were not routed")
        if accepted:
            at_once(*(self._deed("accept", part) for part in parts))
        return parts

    def _deed(self, act: str, part: dict[str, Any], *, not_before: float = 0.0) -> Callable[[], Entry]:
        token = self._house.liaison(part["department"])
        bodies: dict[str, dict[str, Any]] = {
            "return": {"reason": "not_our_duty", "explanation": "这件事不属于我局职责"},
            "complete": {"result": "已核对"},
            "answer": {"answer": "事情已经办妥，请查收。"},
        }
        path, about = f"/assignments/{part['id']}/{act}", part["id"]
        if act == "answer":
            path, about = f"/tickets/{part['ticket_id']}/answer", part["ticket_id"]

        def deed() -> Entry:
            time.sleep(max(0.0, not_before - time.monotonic()))
            return self._run.caller.ask("routing", path, token, bodies.get(act, {}), act=act, about=(about,))

        return deed
