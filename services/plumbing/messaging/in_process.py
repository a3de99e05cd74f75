"""Events that travel inside the process (`memory://`): who waits for one is woken when one was published.

kombu's own waiting looks into the queues every few milliseconds, which cost an idle demonstration most of its time.
"""

import threading
import time
from typing import Any


class Arrivals:
    """Tells those who wait that something was published since they last looked."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.count = 0

    def tell(self) -> None:
        """Something was published."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Return when more was published than ``seen``, or after so many seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self.count != seen, seconds)


ARRIVALS = Arrivals()
"""Of this process, whose queues all connections share."""


def drain_events(link: Any, *, timeout: float) -> None:
    """As kombu's: deliver one message. Raises TimeoutError when none comes within ``timeout`` seconds."""
    give_up = time.monotonic() + timeout
    while True:
        seen = ARRIVALS.count
        try:
            link.drain_events(timeout=0)
            return
        except TimeoutError:
            left = give_up - time.monotonic()
            if left <= 0:
                raise
            ARRIVALS.wait(seen, left)
