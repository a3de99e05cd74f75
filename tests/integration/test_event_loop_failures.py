"""What goes wrong in the event loop ends a process for its supervisor, but does not spoil a stop that has begun."""

from pathlib import Path

from tests.stack.sample_house import SampleHouse

_BROKEN_LOOP = """
import errno
import signal

from eventlet.hubs import poll

failures_left = []
really = signal.signal


def watched(number, handler):
    if number != signal.SIGTERM or not callable(handler):
        return really(number, handler)
    return really(number, lambda *given: (handler(*given), failures_left.extend("..."))[0])


def wait(hub, seconds=None, really=poll.Hub.wait):
    if failures_left:
        failures_left.pop()
        raise OSError(errno.EINVAL, "Invalid argument")
    return really(hub, seconds)


signal.signal = watched
poll.Hub.wait = wait
"""


def test_an_event_loop_that_fails_while_stopping_does_not_spoil_the_stop(house: SampleHouse, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_BROKEN_LOOP)
    process = house.process()
    process.environment["PYTHONPATH"] = str(tmp_path)
    with process:
        code, _ = process.stop()
        assert code == 0, process.log
        assert process.log.count("went wrong while stopping") == 3
        assert '"event": "stopped"' in process.log


def test_an_event_loop_that_fails_otherwise_ends_the_process(house: SampleHouse, tmp_path: Path) -> None:
    fails = tmp_path / "fails"
    (tmp_path / "sitecustomize.py").write_text(
        _BROKEN_LOOP
        + f"""
import os


def wait(hub, seconds=None, really=wait):
    if os.path.exists({str(fails)!r}):
        raise OSError(errno.EINVAL, "Invalid argument")
    return really(hub, seconds)


poll.Hub.wait = wait
"""
    )
    process = house.process()
    process.environment["PYTHONPATH"] = str(tmp_path)
    with process:
        fails.touch()
        assert process.wait(20) == 1
