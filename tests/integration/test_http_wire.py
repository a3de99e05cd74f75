"""What the door makes of bytes that no decent client sends: 400 or hung up on, while others are served."""

import json
import time
from threading import Thread

import pytest

from tests.stack.raw_http import ask_raw, request, status_of
from tests.stack.sample_house import SampleHouse, token, written
from tests.stack.services import ServiceProcess

BODY = b'{"text": "canary"}'


def _headers(**more: str) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return {"Host": "here", "Content-Type": "application/json"} | token() | named


def _is_served(service: ServiceProcess) -> bool:
    """Whether a request is answered at once; of three, since a busy machine may stand still for a while."""
    return any(_seconds_to_write(service) < 2 for _ in range(3))


def _seconds_to_write(service: ServiceProcess) -> float:
    began = time.monotonic()
    assert written(service)
    return time.monotonic() - began


def test_a_whole_request_by_hand_is_served(service: ServiceProcess) -> None:
    reply, _ = ask_raw(service.port, request(headers=_headers(Content_Length=str(len(BODY))), body=BODY))
    assert status_of(reply) == 201


@pytest.mark.parametrize(
    "raw",
    [
        request(headers={"Content-Type": "application/json"} | token()),
        request(headers=_headers(Host="")),
        request(headers=_headers(Host="a b<canary>")),
        request(headers=_headers(Host="here:port")),
        request(headers=_headers(Host="a/b")),
        request(headers=_headers(), body=b"").replace(b"Host: here\r\n", b"Host: here\r\nHost: there\r\n"),
        request(headers=_headers(Content_Length="-1")),
        request(headers=_headers(Content_Length="canary")),
        request(headers=_headers(Content_Length="1_8"), body=BODY),
        request(headers=_headers(Content_Length="+18"), body=BODY),
        request(headers=_headers(Content_Length="18, 18"), body=BODY),
        request(headers=_headers(Content_Length="18"), body=BODY).replace(
            b"Content-Length: 18\r\n", b"Content-Length: 18\r\nContent-Length: 3\r\n"
        ),
        request(headers=_headers(Content_Length="18", Transfer_Encoding="chunked"), body=b"0\r\n\r\n"),
        request(headers=_headers(Content_Length="18", Transfer_Encoding="canary"), body=BODY),
        request(headers=_headers(Transfer_Encoding="gzip, chunked"), body=b"0\r\n\r\n"),
        request(headers=_headers(Transfer_Encoding="xchunked"), body=b"0\r\n\r\n"),
        request(headers=_headers(Transfer_Encoding="chunked"), body=b"canary\r\n"),
        request(headers=_headers(Transfer_Encoding="chunked"), body=b"-5\r\nabc\r\n"),
        request(headers=_headers(Transfer_Encoding="chunked"), body=b"0x12\r\n" + BODY + b"\r\n0\r\n\r\n"),
        request(headers=_headers(Transfer_Encoding="chunked"), body=b"12\r\n" + BODY + b"XX\r\n0\r\n\r\n"),
        request(path="canary", headers=_headers()),
        b"canary\r\n\r\n",
        b"POST /notes HTTP/canary\r\n\r\n",
        b"POST /notes HTTP/1.1\r\ncanary\r\n\r\n",
        b"POST /notes HTTP/1.1\r\nHost: here\r\n canary: folded\r\n\r\n",
        request(headers=_headers(Content_Length="18"), body=BODY).replace(
            b"Content-Length", b"canary\r\nContent-Length"
        ),
        b"GET /now\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n",
    ],
)
def test_a_request_that_two_readers_could_take_differently_is_refused(
    house: SampleHouse, service: ServiceProcess, raw: bytes
) -> None:
    """A bad Host becomes 500 in nameko (pitfalls, nameko, HTTP); the rest is how requests are smuggled."""
    before = house.count("notes")
    reply, seconds = ask_raw(service.port, raw)
    assert status_of(reply) in (400, 404, 411, 501, 505), reply
    assert b"Content-Type: application/problem+json" in reply
    assert b"Cache-Control: no-store" in reply
    assert b"canary" not in reply
    assert seconds < 6, "the rest of a body is waited for 8 s"
    assert house.count("notes") == before


@pytest.mark.parametrize("path", ["/notes/../notes", "/./notes", "/notes/"])
def test_an_address_is_taken_as_it_stands(service: ServiceProcess, path: str) -> None:
    reply, _ = ask_raw(service.port, request("GET", path, headers=_headers()))
    assert status_of(reply) == 404


_SLOW = {
    "idle": ([], 0.0),
    "half a line": ([b"POST /no"], 0.0),
    "slow header": ([b"POST /notes HTTP/1.1\r\n", *[b"X-Slow: yes\r\n"] * 40], 0.5),
    "no body": ([request(headers=_headers(Content_Length="18"), close=False)], 0.0),
    "slow body": ([request(headers=_headers(Content_Length="40")), *[b" "] * 40], 0.5),
    "slow chunks": ([request(headers=_headers(Transfer_Encoding="chunked")), *[b"1\r\n \r\n"] * 40], 0.5),
    "endless trailers": ([request(headers=_headers(Transfer_Encoding="chunked")), b"0\r\n", *[b"a: b\r\n"] * 40], 0.5),
    "unread chunks": (
        [request("GET", "/now", headers=_headers(Transfer_Encoding="chunked"), close=False), *[b"1\r\n \r\n"] * 40],
        0.5,
    ),
    "kept alive": ([request("GET", "/now", headers=_headers(), close=False)], 0.0),
}


def test_a_slow_client_is_cut_off_within_ten_seconds_others_are_served(service: ServiceProcess) -> None:
    """Slow bodies hold nameko's workers for ever (pitfalls, nameko, HTTP); 25 of each sort are more than it has."""
    took: list[tuple[float, str]] = []

    def be_slow(name: str, parts: list[bytes], pause: float) -> None:
        took.append((ask_raw(service.port, *parts, pause=pause)[1], name))

    slow = [Thread(target=be_slow, args=(name, *how), daemon=True) for name, how in _SLOW.items() for _ in range(25)]
    for each in slow:
        each.start()
    assert _is_served(service)
    for each in slow:
        each.join(15)
    assert len(took) == len(slow)
    assert max(took)[0] < 10, max(took)


def test_a_client_that_reads_nothing_costs_nobody_anything(service: ServiceProcess) -> None:
    pipelined = request("GET", "/openapi.json", headers=_headers(), close=False) * 300
    Thread(target=ask_raw, args=(service.port, pipelined), kwargs={"patience": 3.0}, daemon=True).start()
    assert _is_served(service)


def test_a_refused_body_does_not_become_the_next_request(house: SampleHouse, service: ServiceProcess) -> None:
    inner = request(headers=_headers(Content_Length=str(len(BODY))), body=BODY)
    outer = _headers(Content_Length=str(len(inner)), Content_Type="text/plain")
    before = house.count("notes")
    for headers in (outer, {name: value for name, value in outer.items() if name != "Authorization"}):
        reply, _ = ask_raw(service.port, request(headers=headers, body=inner, close=False), patience=1.0)
        assert reply.count(b"HTTP/1.1 ") == 1
        assert status_of(reply) in (401, 415)
    assert house.count("notes") == before


def test_many_requests_may_follow_on_one_connection(service: ServiceProcess) -> None:
    one = request(headers=_headers(Content_Length=str(len(BODY))), body=BODY, close=False)
    last = request(headers=_headers(Content_Length=str(len(BODY))), body=BODY)
    reply, _ = ask_raw(service.port, one * 9 + last)
    assert reply.count(b"HTTP/1.1 201 ") == 10


@pytest.mark.parametrize("size", [9_000, 70_000, 400_000])
def test_an_endless_line_is_refused(service: ServiceProcess, size: int) -> None:
    long = b"x" * size
    for raw in (b"GET /" + long + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: here\r\nX: " + long + b"\r\n\r\n"):
        reply, _ = ask_raw(service.port, raw)
        assert status_of(reply) in (0, 400, 404, 414, 431)  # 0: reset while it was still talking


def test_a_head_has_no_body(service: ServiceProcess) -> None:
    reply, _ = ask_raw(service.port, request("HEAD", "/now", headers=_headers()))
    assert status_of(reply) == 200
    assert reply.endswith(b"\r\n\r\n")


def test_who_asks_first_whether_to_go_on_is_told(service: ServiceProcess) -> None:
    headers = _headers(Content_Length=str(len(BODY)), Expect="100-continue")
    reply, _ = ask_raw(service.port, request(headers=headers, body=BODY))
    assert reply.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 201 " in reply
    assert json.loads(reply.rsplit(b"\r\n\r\n", 1)[1])["text"] == "canary"
