"""How the operations port keeps what it costs within bounds, whoever asks and however often."""

from collections.abc import Iterator

import eventlet
import pytest
from werkzeug.wrappers import Response

from services.plumbing.runtime.operations import CachedAnswer, Pace


def test_a_seconds_worth_passes_at_once_and_the_rest_at_the_pace() -> None:
    pace = Pace(10)
    assert [pace.wait(100.0) for _ in range(10)] == [0.0] * 10
    assert [pace.wait(100.0) for _ in range(3)] == pytest.approx([0.1, 0.2, 0.3])
    assert pace.wait(100.5) == 0.0
    assert [pace.wait(200.0) for _ in range(10)] == [0.0] * 10
    assert pace.wait(200.0) == pytest.approx(0.1)


def test_who_asks_while_an_answer_is_made_gets_the_same_one() -> None:
    made = []

    def make() -> Response:
        made.append(1)
        eventlet.sleep(0.01)
        return Response("ready")

    answer = CachedAnswer(make, 3600, patience=10)
    asked = [eventlet.spawn(answer.get) for _ in range(20)]
    assert {each.wait().get_data() for each in asked} == {b"ready"}
    assert answer.get().get_data() == b"ready"
    assert len(made) == 1


def test_who_would_wait_too_long_is_told_so() -> None:
    answer = CachedAnswer(lambda: eventlet.sleep(3600) or Response("ready"), 3600, patience=0.01)
    assert [answer.get().status_code for _ in range(2)] == [503, 503]


def test_what_went_wrong_is_told_to_all_and_tried_again() -> None:
    tries: Iterator[Response | Exception] = iter([RuntimeError("away"), Response("ready")])

    def make() -> Response:
        outcome = next(tries)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    answer = CachedAnswer(make, 3600, patience=10)
    with pytest.raises(RuntimeError):
        answer.get()
    assert answer.get().get_data() == b"ready"
