"""Sends letters through the public HTTP interface, each at the time when it was really received and answered."""

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from schemas.center.center import Center, FeedingSystem, Step
from schemas.enums import DeadlineKind, Role
from services.replay.letters import Letter
from services.sandbox.client import CallRefused, Client
from services.sandbox.sandbox import Sandbox

ROUTED_SECONDS = 30.0
AFTER_THE_LAST = timedelta(days=45)
"""How long the deadline goes on after the last letter, so that what nobody answered climbs to the top of the ladder."""


@dataclass
class Passage:
    """What became of one letter."""

    letter: Letter
    ticket_id: str
    number: str
    complexity: str = ""
    lead: str = ""
    due_at: datetime | None = None
    breached: bool = False
    marks: list[dict[str, Any]] = field(default_factory=list)


REPLAY = "replay"
"""The channel that the letters come by."""


def with_channel(center: Center) -> Center:
    """The center, taking in what the replay sends."""
    return dataclasses.replace(center, channels=center.channels | {REPLAY: FeedingSystem(name="replayed letters")})


class NeverRouted(Exception):
    """A ticket stayed without a department or without a deadline, which must not happen."""


class Replay:
    """Drives a sandbox through letters. ``fallback`` leads what no rule fits, as the duty leader would decide."""

    def __init__(self, sandbox: Sandbox, *, clerk: str, leader: str, fallback: str) -> None:
        self._sandbox, self._fallback, self._leader = sandbox, fallback, leader
        self._intake = sandbox.client("intake", sandbox.token(REPLAY, Role.CHANNEL))
        self._routing = sandbox.client("routing", sandbox.token(leader, Role.DUTY_LEADER))
        self._watch = sandbox.client("deadline_watch", sandbox.token(sandbox.center.director, Role.DIRECTOR))
        self._clerk = clerk
        self._liaisons: dict[str, Client] = {}

    def run(self, letters: Sequence[Letter], moved: Callable[[], None]) -> list[Passage]:
        """Register and answer every letter in the order of time; ``moved`` is called after each step."""
        passages: dict[int, Passage] = {}
        for instant, index, is_answer in _moments(letters):
            self._sandbox.step(instant)
            # Days may lie between two letters; what fell due in them happened before this one.
            self._sandbox.let_marks_fire()
            if is_answer:
                self._answer(passages[index])
            else:
                passages[index] = self._register(letters[index], index)
            moved()
        last = max(letter.answered_at or letter.received_at for letter in letters)
        self._sandbox.step(last + AFTER_THE_LAST)
        self._sandbox.settle()
        for passage in passages.values():
            self._look_up(passage)
        return [passages[index] for index in range(len(letters))]

    def _register(self, letter: Letter, index: int) -> Passage:
        receipt = self._intake.post(
            "/tickets",
            {
                "title": letter.title[:200] or letter.text[:50],
                "text": letter.text,
                "channel": "transfer",
                "first_responsible": self._clerk,
                "applicant": {"kind": "person", "name": "来信人", "phone": f"139{index:08d}"},
            },
        )
        passage = Passage(letter, receipt["id"], receipt["number"])
        ticket = self._routed(passage.ticket_id)
        if ticket["state"] == "in_arbitration":
            self._routing.post(
                f"/tickets/{passage.ticket_id}/arbitrate", {"lead": self._fallback, "why": "没有规则适用,由窗口牵头"}
            )
            ticket = self._routed(passage.ticket_id)
        for assignment in ticket["assignments"]:
            self._liaison(assignment["department"]).post(f"/assignments/{assignment['id']}/accept")
        self._until(lambda: self._watch.get(f"/deadlines/{passage.ticket_id}")["deadlines"], passage.ticket_id)
        return passage

    def _routed(self, ticket_id: str) -> Any:
        """The ticket as routing sees it, once it has decided."""

        def decided() -> Any:
            ticket = self._routing.get(f"/tickets/{ticket_id}")
            return ticket if ticket["state"] != "registered" else None

        return self._until(decided, ticket_id)

    def _until(self, ask: Callable[[], Any], ticket_id: str) -> Any:
        """What a service says of a new ticket, as soon as the service knows the ticket. Raises NeverRouted."""
        give_up = time.monotonic() + ROUTED_SECONDS
        while time.monotonic() < give_up:
            try:
                if reply := ask():
                    return reply
            except CallRefused as refusal:
                if refusal.status != 404:
                    raise
            time.sleep(0.003)
        raise NeverRouted(ticket_id)

    def _answer(self, passage: Passage) -> None:
        ticket = self._routing.get(f"/tickets/{passage.ticket_id}")
        reply = (passage.letter.reply or "").strip()[:20_000] or "已答复来信人。"
        reply = reply if len(reply) >= 5 else f"答复:{reply}"
        lead = self._liaison(ticket["lead"])
        if ticket["complexity"] == "complex":
            for assignment in ticket["assignments"]:
                if assignment["role"] == "assisting" and assignment["state"] == "accepted":
                    liaison = self._liaison(assignment["department"])
                    liaison.post(f"/assignments/{assignment['id']}/complete", {"result": "已向牵头部门反馈"})
            lead.post(
                f"/tickets/{passage.ticket_id}/report",
                {"report": f"关于来信 {passage.letter.letter} 的专题报告:{reply}"},
            )
        lead.post(f"/tickets/{passage.ticket_id}/answer", {"answer": reply})

    def _liaison(self, department: str) -> Client:
        if department not in self._liaisons:
            staff = self._sandbox.center.departments[department].liaisons[0]
            token = self._sandbox.token(staff, Role.LIAISON, department=department)
            self._liaisons[department] = self._sandbox.client("routing", token)
        return self._liaisons[department]

    def _look_up(self, passage: Passage) -> None:
        ticket = self._routing.get(f"/tickets/{passage.ticket_id}")
        passage.complexity, passage.lead = ticket["complexity"], ticket["lead"]
        kind = DeadlineKind.REPORT if ticket["complexity"] == "complex" else DeadlineKind.ANSWER
        deadlines = self._watch.get(f"/deadlines/{passage.ticket_id}")["deadlines"]
        (promise,) = [deadline for deadline in deadlines if deadline["kind"] == kind]
        passage.due_at = datetime.fromisoformat(promise["due_at"])
        passage.breached = promise["state"] == "breached"
        passage.marks = marks_reached(ticket["escalations"], kind, self._sandbox.center.ladder[kind])


def marks_reached(
    escalations: Iterable[dict[str, Any]], kind: DeadlineKind, ladder: Sequence[Step]
) -> list[dict[str, Any]]:
    """The marks that a deadline of ``kind`` reached, as rows of the report. One that was taken back was not reached."""
    return [
        {"mark": ladder[each["level"] - 1].mark.value, "level": each["level"]}
        for each in escalations
        if each["kind"] == kind and each["voided_at"] is None
    ]


def _moments(letters: Sequence[Letter]) -> Iterator[tuple[datetime, int, bool]]:
    """Every receipt and every answer, in the order of time; at the same instant receipts come first."""
    moments = [(letter.received_at, False, index) for index, letter in enumerate(letters)]
    moments += [(letter.answered_at, True, index) for index, letter in enumerate(letters) if letter.answered_at]
    for instant, is_answer, index in sorted(moments):
        yield instant, index, is_answer
