"""The stream that tells a page what to look at again."""

import re
import time
from collections.abc import Iterator

import pytest

from services.desk.live import REMEMBERED, Hub
from services.plumbing.http.protocol import WRITE_SECONDS
from tests.stack.desk_house import DeskHouse, Visitor, desk_house, found

_STREAM = re.compile(r'hx-sse:connect="([^"]+)"')


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture
def liaison(house: DeskHouse) -> Visitor:
    return house.person("luo-min")


def _first(visitor: Visitor, address: str) -> str:
    """What the stream says first: the kind of what has changed, or that nothing has."""
    with visitor.http.get(visitor.house.url + address, stream=True, timeout=30) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        lines = (str(line, "utf-8") for line in stream.iter_lines())
        return next(line for line in lines if line.startswith(("event: ", ": ")))


def test_a_stream_outlives_the_time_that_a_reply_may_take(house: DeskHouse, liaison: Visitor) -> None:
    with liaison.http.get(f"{house.url}/stream", stream=True, timeout=30) as stream:
        time.sleep(WRITE_SECONDS + 1)
        house.actors.register("退税没有结果", "退税材料交到税务窗口三个月。")
        lines = iter(stream.iter_lines())
        assert next(line for line in lines if line.startswith(b"event: ")) == b"event: department"


def test_a_stream_begins_with_what_changed_since_the_page_was_asked_for(house: DeskHouse, liaison: Visitor) -> None:
    address = found(_STREAM, liaison.get("/inbox").text)
    house.actors.register("退税还是没有结果", "退税材料交到税务窗口四个月。")
    assert _first(liaison, address) == "event: department"


def test_a_stream_is_silent_when_nothing_has_changed_since(liaison: Visitor) -> None:
    assert _first(liaison, found(_STREAM, liaison.get("/inbox").text)) == ": still here"


@pytest.mark.parametrize("since", ["another-3", "garbage", f"-{'9' * 400}"])
def test_a_position_that_this_process_does_not_know_means_everything(liaison: Visitor, since: str) -> None:
    assert _first(liaison, f"/stream?since={since}") == "event: department"


def _told(hub: Hub, since: str) -> bytes:
    """What a stream about the inbox says first."""
    events = hub.open("BC", "luo-min", ["department:SWJ", "person:luo-min"], since).events()
    assert next(events).startswith(b"retry: ")
    return next(events).partition(b"\n")[0]


def test_what_changed_in_another_center_is_not_told() -> None:
    hub = Hub()
    since = hub.position
    hub.publish('["YY", "department:SWJ"]')
    hub.publish('["BC", "person:luo-min"]')
    assert _told(hub, since) == b"event: person"


def test_what_was_forgotten_means_everything() -> None:
    hub = Hub()
    since = hub.position
    for _ in range(REMEMBERED + 1):
        hub.publish('["YY", "tickets"]')
    assert _told(hub, since) == b"event: department"


def test_what_may_have_been_missed_means_everything() -> None:
    hub = Hub()
    since = hub.position
    hub.publish_everything()
    hub.publish('["BC", "person:luo-min"]')
    assert _told(hub, since) == b"event: department"


def test_pages_catch_up_one_after_the_other_and_hear_at_once_what_is_new() -> None:
    hub = Hub()
    streams = [hub.open("BC", "luo-min", ["department:SWJ", "person:luo-min"], "another-3").events() for _ in range(20)]
    for events in streams:
        assert next(events).startswith(b"retry: ")
    began = time.monotonic()
    assert next(streams[0]).startswith(b"event: department")
    assert time.monotonic() - began < 0.1, "one page alone does not wait"
    hub.publish('["BC", "person:luo-min"]')
    assert next(streams[-1]).startswith(b"event: person")
    assert time.monotonic() - began < 0.2
    assert next(streams[-1]).startswith(b"event: department")
    assert 0.3 < time.monotonic() - began < 5, "the twentieth comes at its turn"
