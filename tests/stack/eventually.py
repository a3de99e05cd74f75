"""Waiting for what will be, without sleeping longer than it takes."""

import time
from collections.abc import Callable


def eventually(holds: Callable[[], object], *, seconds: float = 15.0, pause: float = 0.05) -> bool:
    """Ask until `holds` says yes: True; or until `seconds` have passed: False."""
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(pause)
    return True
