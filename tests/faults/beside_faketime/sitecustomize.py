"""Python runs this at its start in processes whose wall clock is faked: their event loop sleeps in `select`.

libfaketime (0.9.10) also rewrites the end of a sleep that is given in monotonic time, which it does not fake: Python's
`time.sleep` then fails with EINVAL. That is no fault of a machine with a wrong clock.
"""

import select
from types import SimpleNamespace

import eventlet.hubs.poll

eventlet.hubs.poll.time = SimpleNamespace(sleep=lambda seconds: select.select([], [], [], seconds))
