"""The window: citizens' tickets are posted, one by one and as batches of a feed, spread over the time of a run."""

import queue
import random
import threading
import time
from typing import Any

from schemas.enums import Role
from tests.bench.tickets import ticket
from tests.faults.caller import Caller
from tests.faults.house import House

CLERKS = 4
MARKED = "号〕"  # how the marks in the titles of the window's tickets end; those of probes and racers do not
_TROUBLES = (  # beside those of the benchmark: complex ones, and one that no rule fits
    ("医保年限认定两家说法不一", "医保窗口说我缴费年限不够，人社窗口说视同缴费年限已认定，医保不认。"),
    ("户口簿与医保姓名不一致", "户口簿和身份证姓名写法不一致，社保和医保都不给办。"),
    ("企业迁移办不下来", "公司跨区迁移，两边窗口都说要对方先办，来回跑了五趟。"),
    ("这件事说不清楚归谁", "窗口之间来回推，谁也说不清楚该由谁来办。"),
)


class Window:
    """Clerks at work from `start` until all is answered."""

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
        """Open the window."""
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
