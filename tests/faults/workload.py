"""What goes on while things break: tickets are registered, and departments, leaders and citizens act on them.

Whoever works picks a ticket and a step by chance, so that steps of many tickets interleave. A third of all tickets is
left alone, so that its deadlines are broken.
"""

import queue
import random
import threading
import time
import zlib
from typing import Any

from schemas.enums import Role
from tests.bench.tickets import ticket
from tests.faults.caller import Caller
from tests.faults.house import House
from tests.faults.journal import Journal, registered

CLERKS = 4
MARKED = "号〕"  # how the marks in the titles of the tickets registered here end; those of probes and racers do not
_TROUBLES = (  # beside those of the benchmark: complex ones, and one that no rule fits
    ("医保年限认定两家说法不一", "医保窗口说我缴费年限不够，人社窗口说视同缴费年限已认定，医保不认。"),
    ("户口簿与医保姓名不一致", "户口簿和身份证姓名写法不一致，社保和医保都不给办。"),
    ("企业迁移办不下来", "公司跨区迁移，两边窗口都说要对方先办，来回跑了五趟。"),
    ("这件事说不清楚归谁", "窗口之间来回推，谁也说不清楚该由谁来办。"),
)
WORKERS = 3
BREATH_S = 0.04
REPORT = "关于此事的专题报告：各部门已核对，按牵头部门意见办理，并建立长效机制。"


class Registrations:
    """Tickets are posted, one by one and in batches, from `start` on over ``seconds``, until all is answered."""

    def __init__(self, house: House, caller: Caller, chance: random.Random, *, tickets: int, seconds: float) -> None:
        self._caller, self._seconds = caller, seconds
        self._token = house.token(Role.CLERK)
        self._posts: queue.SimpleQueue[tuple[float, list[dict[str, Any]], tuple[str, ...]]] = queue.SimpleQueue()
        bodies = [_body(number, chance) for number in range(tickets)]
        first = 0
        while first < tickets:
            size = 1 if chance.random() < 0.8 else chance.randint(2, 12)
            some = bodies[first : first + size]
            self._posts.put((seconds * first / tickets, [body for body, _ in some], tuple(mark for _, mark in some)))
            first += size
        self._clerks = [threading.Thread(target=self._work, name="clerk", daemon=True) for _ in range(CLERKS)]

    def start(self) -> None:
        """Begin."""
        self._opened = time.monotonic()
        for clerk in self._clerks:
            clerk.start()

    def join(self, seconds: float) -> bool:
        """Whether all was answered in time."""
        give_up = time.monotonic() + seconds
        for clerk in self._clerks:
            clerk.join(max(0.0, give_up - time.monotonic()))
        return not any(clerk.is_alive() for clerk in self._clerks)

    def _work(self) -> None:
        while True:
            try:
                when, bodies, marks = self._posts.get_nowait()
            except queue.Empty:
                return
            time.sleep(max(0.0, self._opened + when - time.monotonic()))
            if len(bodies) == 1:
                self._caller.insist("intake", "/tickets", self._token, bodies[0], act="register", about=marks)
            else:
                body = {"tickets": bodies}
                self._caller.insist("intake", "/tickets:batch", self._token, body, act="register", about=marks)


def _body(number: int, chance: random.Random) -> tuple[dict[str, Any], str]:
    """A ticket and the mark in its title, by which the database tells it from all others."""
    body = ticket(number)
    if chance.random() < 0.4:
        body["title"], body["text"] = chance.choice(_TROUBLES)
    mark = f"〔{number}{MARKED}"
    body["title"] += mark
    return body, mark


class Actions:
    """People at work from `start` to `stop`."""

    def __init__(self, house: House, journal: Journal, caller: Caller, seed: int) -> None:
        self._house, self._journal, self._caller = house, journal, caller
        self._rated: set[tuple[str, int]] = set()
        self._stopping = threading.Event()
        self._workers = [
            threading.Thread(target=self._work, args=(random.Random(f"{seed}/{nth}"),), name="worker", daemon=True)
            for nth in range(WORKERS)
        ]

    def start(self) -> None:
        """Begin."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Finish what is in hand."""
        self._stopping.set()
        for worker in self._workers:
            worker.join(60)

    def _work(self, chance: random.Random) -> None:
        clerk = self._house.token(Role.CLERK)
        while not self._stopping.wait(BREATH_S):
            posted = registered(self._journal.entries).items()
            tickets = sorted(id_ for mark, ids in posted if mark.endswith(MARKED) for id_ in ids)
            tickets = [id_ for id_ in tickets if zlib.crc32(id_.encode()) % 3]
            if not tickets:
                continue
            view = self._caller.look(f"/tickets/{chance.choice(tickets)}", clerk)
            if view is None:
                time.sleep(0.2)
            else:
                self._take_a_step(view, chance)

    def _take_a_step(self, view: dict[str, Any], chance: random.Random) -> None:
        state, id_ = view["state"], view["id"]
        if state == "in_arbitration":
            lead = chance.choice(sorted(self._house.centers[0].departments))
            self._lead(id_, "arbitrate", {"lead": lead, "why": "由该部门牵头办理"})
        elif state in ("answered", "closed"):
            self._after_the_answer(view, chance)
        elif state == "awaiting_materials" and chance.random() < 0.5:
            self._window(id_, "supply", "/materials/supply", {})
        elif chance.random() < 0.08:
            self._something_else(id_, chance)
        elif parts := [each for each in view["assignments"] if each["state"] in ("made", "accepted")]:
            self._department(view, chance.choice(parts), chance)

    def _department(self, view: dict[str, Any], part: dict[str, Any], chance: random.Random) -> None:
        token = self._house.liaison(part["department"])
        if part["state"] == "made" or chance.random() < 0.05:
            returns = chance.random() < 0.12 and not part["final"]
            act = "return" if returns else "accept"
            body = {"reason": "not_our_duty", "explanation": "这件事不属于我局职责"} if returns else {}
            self._assignment(part["id"], act, body, token)
        elif part["role"] == "assisting":
            self._assignment(part["id"], "complete", {"result": "已核对并向牵头部门反馈"}, token)
        elif view["complexity"] == "complex" and not view.get("report"):
            self._ticket(view["id"], "report", {"report": REPORT}, token)
        elif chance.random() < 0.5:
            self._ticket(view["id"], "answer", {"answer": "事情已经办妥，请查收。"}, token)

    def _after_the_answer(self, view: dict[str, Any], chance: random.Random) -> None:
        id_, round_ = view["id"], (view["id"], view["round"])
        if chance.random() < 0.3 and round_ not in self._rated:
            self._rated.add(round_)
            rating = chance.choice(("satisfied", "very_satisfied", "dissatisfied"))
            self._window(id_, "rate", "/rating", {"rating": rating})
        elif view["state"] == "answered" and chance.random() < 0.5:
            self._ticket(id_, "close", {"outcome": "resolved"}, self._house.token(Role.CLERK))

    def _something_else(self, id_: str, chance: random.Random) -> None:
        match chance.choice(("materials", "withdraw", "extend", "reclassify")):
            case "materials":
                self._window(id_, "materials", "/materials", {"items": ["收入证明"]})
            case "withdraw":
                self._window(id_, "withdraw", "/withdraw", {})
            case "extend":
                body = {"working_days": 2, "reason": "需要现场测绘", "legal_basis": "服务规范第十二条"}
                self._lead(id_, "extend", body, path="extension")
            case "reclassify":
                self._lead(id_, "reclassify", {"complexity": "complex", "why": "涉及历史遗留问题"})

    def _window(self, id_: str, act: str, path: str, body: dict[str, Any]) -> None:
        token = self._house.token(Role.CLERK)
        if act == "materials":
            token = self._house.token(Role.DUTY_LEADER, "gu-yan")
        self._caller.insist("intake", f"/tickets/{id_}{path}", token, body, act=act, about=(id_,))

    def _lead(self, id_: str, act: str, body: dict[str, Any], path: str = "") -> None:
        self._ticket(id_, act, body, self._house.token(Role.DUTY_LEADER, "gu-yan"), path)

    def _ticket(self, id_: str, act: str, body: dict[str, Any], token: str, path: str = "") -> None:
        self._caller.insist("routing", f"/tickets/{id_}/{path or act}", token, body, act=act, about=(id_,))

    def _assignment(self, id_: str, act: str, body: dict[str, Any], token: str) -> None:
        self._caller.insist("routing", f"/assignments/{id_}/{act}", token, body, act=act, about=(id_,))
