"""A loop of a service: it goes on after what passes, ends with what does not, and stops in order."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import eventlet
import psycopg2
import pytest

from services.deadline_watch.watch import Watch
from services.plumbing.runtime import loop, telemetry
from services.plumbing.runtime.loop import Loop


class _Container:
    service_name = "sample"

    def spawn_managed_thread(self, work: Callable[[], None], identifier: str) -> Any:
        return eventlet.spawn(work)


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(loop, "RETRY_SECONDS", 0.001)
    monkeypatch.setattr(loop, "BEAT_SECONDS", 0.001)
    monkeypatch.setattr(
        loop, "telemetry", SimpleNamespace(beat=lambda service, name: heard.append(f"{service}/{name}"))
    )
    return heard


@pytest.fixture(autouse=True)
def no_loop_hangs() -> Iterator[None]:
    with eventlet.Timeout(20):
        yield


def test_a_loop_goes_on_after_an_interruption_and_after_a_pause(beats: list[str]) -> None:
    outcomes: Iterator[Any] = iter([psycopg2.OperationalError(), 0.0, 0.001, psycopg2.InterfaceError(), 3600.0])
    reached_the_end = eventlet.event.Event()

    def turn() -> float:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        if outcome == 3600.0:
            reached_the_end.send()
        return float(outcome)

    running = Loop(_Container(), "turning", turn)
    reached_the_end.wait()
    running.stop()
    assert set(beats) == {"sample/turning"}


def test_an_error_that_does_not_pass_ends_the_loop(beats: list[str]) -> None:
    def turn() -> float:
        raise ZeroDivisionError

    running = Loop(_Container(), "turning", turn)
    with pytest.raises(ZeroDivisionError):
        running._greenlet.wait()


def test_a_stop_waits_for_the_turn_under_way_and_for_no_pause(beats: list[str]) -> None:
    done = []

    def turn() -> float:
        eventlet.sleep(0.01)
        done.append("turn")
        return 3600.0

    running = Loop(_Container(), "turning", turn)
    eventlet.sleep()
    running.stop()
    assert done == ["turn"]


def test_who_is_woken_during_a_turn_does_not_rest_after_it(beats: list[str]) -> None:
    woken: list[bool] = []

    def turn() -> float:
        running.wake()
        woken.append(running.rest(3600.0))
        woken.append(running.rest(0.002))
        running.is_stopping = True
        return 0.0

    running = Loop(_Container(), "turning", turn)
    running._greenlet.wait()
    assert woken == [True, False]


def test_a_pause_between_turns_is_not_cut_short_by_waking(beats: list[str]) -> None:
    turns: list[float] = []

    def turn() -> float:
        turns.append(time.monotonic())
        return 0.02

    running = Loop(_Container(), "turning", turn)
    while len(turns) < 2:
        running.wake()
        eventlet.sleep()
    running.stop()
    assert turns[1] - turns[0] >= 0.02


def test_a_loop_that_pauses_for_long_goes_on_beating(beats: list[str]) -> None:
    running = Loop(_Container(), "turning", lambda: 3600.0)
    while len(beats) < 5:
        eventlet.sleep(0.001)
    running.stop()
    assert loop.BEAT_SECONDS < telemetry.STALLED_AFTER_SECONDS


def test_a_mark_that_falls_due_beside_endless_work_in_bulk_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publishing of the calendar recounts all open deadlines; marks are announced between its batches."""
    watch, batches, due, announced_after = Watch(), 0, False, list[int]()
    watch._loop = loop_of_the_watch = Mock(is_stopping=False)
    watch.tasks = ["marks", "bulk"]  # type: ignore[list-item]

    def run_once(task: Any) -> int:
        nonlocal batches, due
        if task == "bulk":
            batches += 1
            due = batches in (3, 5)
            loop_of_the_watch.is_stopping = batches == 20
            return 1
        if not due:
            return 0
        due = False
        announced_after.append(batches)
        return 1

    monkeypatch.setattr(watch, "_run_once", run_once)
    watch._do_what_is_due()
    assert announced_after == [3, 5]
