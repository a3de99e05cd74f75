"""What many clients, or one that means harm, can do to the door: nothing that others notice."""

import contextlib
import resource
import socket
import threading

import psutil
import pytest

from tests.stack.eventually import eventually
from tests.stack.raw_http import ask_raw, request, status_of
from tests.stack.sample_house import token, write
from tests.stack.services import ServiceProcess
from tests.stack.slow_clients import SlowClients, slow_kinds

CROWD = 500
HEADERS = {"Host": "here", "Content-Type": "application/json"} | token()
KINDS = slow_kinds(request(headers=HEADERS, close=False).removesuffix(b"\r\n"))
OPEN = "/naps"
"""An operation that asks nobody who they are."""


def _accepted(service: ServiceProcess, times: int) -> int:
    return sum(write(service, f"note {number}").status_code == 201 for number in range(times))


def test_five_hundred_slow_clients_do_not_keep_others_from_being_served(service: ServiceProcess) -> None:
    with SlowClients(service.port, CROWD, KINDS) as crowd:
        assert _accepted(service, 50) == 50
        assert eventually(lambda: set(crowd.hung_up) == set(KINDS), seconds=30), "every kind is hung up on"
        assert _accepted(service, 50) == 50
        assert eventually(lambda: crowd.hanging == CROWD), "who is hung up on comes back"
        crowd.stay_away()
        assert eventually(lambda: crowd.hanging == 0, seconds=30), crowd.hanging
    assert service.metric("bancheng_http_hung_up_total") == 0, "there was room for all"


def test_who_has_waited_longest_makes_room_for_who_comes(poor: ServiceProcess) -> None:
    with SlowClients(poor.port, 62, {"silent": (b"", b"")}) as crowd:
        crowd.stay_away()  # 42 who come back before a request is read make it the one that has waited longest
        assert _accepted(poor, 20) == 20
        assert crowd.hung_up
        assert poor.metric("bancheng_http_hung_up_total") >= 20


def test_having_no_file_left_is_survived(service: ServiceProcess) -> None:
    """nameko's loop ends with the first connection that cannot be accepted, and the service with it."""
    process = psutil.Process(service.pid)
    before = resource.prlimit(service.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(service.pid, resource.RLIMIT_NOFILE, (process.num_fds(), before[1]))
    crowd = [socket.create_connection(("127.0.0.1", service.port), timeout=5) for _ in range(20)]
    assert eventually(lambda: "EMFILE" in service.log, seconds=10)
    resource.prlimit(service.pid, resource.RLIMIT_NOFILE, before)
    assert _accepted(service, 5) == 5
    for each in crowd:
        each.close()


def test_a_connection_that_breaks_anywhere_breaks_nothing_else(service: ServiceProcess) -> None:
    """What a connection raises would end the service (nameko: managed threads)."""
    begun = request(headers=HEADERS | {"Content-Length": "100"}, body=b'{"text": ', close=False)
    chunks = request(headers=HEADERS | {"Transfer-Encoding": "chunked"}, body=b"5\r\nab", close=False)
    pipelined = request("GET", "/openapi.json", headers=HEADERS, close=False) * 100
    for raw in (b"", b"GET /now HTTP/1.1\r\nHost: h\r\nX: ", begun, chunks, pipelined):
        for _ in range(10):
            client = socket.create_connection(("127.0.0.1", service.port))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # a reset, not an end
            client.sendall(raw)
            client.close()
    assert _accepted(service, 5) == 5
    assert service.runs


def _is_reset(client: socket.socket) -> bool:
    """Take another hundred bytes. What the system has received before a reset is still handed out after it."""
    try:
        return not client.recv(100)
    except ConnectionError:
        return True


def test_who_takes_a_reply_slowly_is_hung_up_on(service: ServiceProcess) -> None:
    with contextlib.closing(socket.socket()) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(("127.0.0.1", service.port))
        client.sendall(request("GET", "/openapi.json", headers=HEADERS, close=False) * 600)
        assert eventually(lambda: _is_reset(client), seconds=60, pause=0.2)


def test_a_body_in_a_million_pieces_holds_up_nobody(service: ServiceProcess) -> None:
    pieces = request(path=OPEN, headers=HEADERS | {"Transfer-Encoding": "chunked"}, body=b"1\r\n \r\n" * 1_000_000)
    replies: list[bytes] = []
    attack = threading.Thread(target=lambda: replies.append(ask_raw(service.port, pieces)[0]), daemon=True)
    attack.start()
    assert _accepted(service, 5) == 5
    attack.join(30)
    assert status_of(replies[0]) == 411


def test_who_need_not_say_who_they_are_may_not_say_much(service: ServiceProcess) -> None:
    body = b'{"seconds": 0.0}'.ljust(70_000)
    assert service.ask("POST", OPEN, data=body, headers=HEADERS).status_code == 413
    assert service.ask("POST", OPEN, data=body[:60_000], headers=HEADERS).status_code == 200


_NOW = request("GET", "/now", headers=HEADERS)


TWO_WAYS = [
    _NOW.replace(b"Host", b"Content-Length : 5\r\nHost"),
    _NOW.replace(b"Host", b"Content Length: 5\r\nHost"),
    _NOW.replace(b"Host", b"X\xff: 5\r\nHost"),
    _NOW.replace(b"Host", b"X: a\x00b\r\nHost"),
    _NOW.replace(b"Host", b"X: a\rb\r\nHost"),
    _NOW.replace(b"Host", b"X: a\x1b[31mb\r\nHost"),
    _NOW.replace(b"Host", b"X: a\rY: b\r\nHost"),
    _NOW.replace(b"Host", b"X: a\rContent-Length: 0\r\nHost"),
    _NOW.replace(b"Host", b"X: a\r\r\nHost"),
    _NOW.replace(b"Host", b"X: a\nHost"),
    _NOW.replace(b"Host", b"X: a\r\n b\r\nHost"),
    _NOW.replace(b"Host", b"Transfer-Encoding:\r\n identity\r\nHost"),
    _NOW.replace(b"Host", b"Content-Length:\r\n\t0\r\nHost"),
    _NOW.replace(b"Host: here", b"Host: here\r\n "),
    _NOW.replace(b" HTTP/1.1\r\n", b" HTTP/1.1\n"),
    _NOW.replace(b"GET /now HTTP", b"GET\r/now HTTP"),
    _NOW.replace(b"GET /now HTTP", b"GET\x0b/now\x0cHTTP"),
    _NOW.replace(b"GET /now HTTP", b"GET  /now\tHTTP"),
    _NOW.replace(b"/now", b"/now\xa0"),
    _NOW.replace(b"/now", b"//now"),
    _NOW.replace(b"/now", b"//evil/now"),
    _NOW.replace(b"/now", b"/titles%2Fnow"),
    _NOW.replace(b"/now", b"/titles/..%2fnow"),
    _NOW.replace(b"GET", b"get"),
    _NOW.replace(b"GET", b"Get"),
    _NOW.replace(b"HTTP/1.1", b"HTTP/1.2"),
    _NOW.replace(b"HTTP/1.1", b"HTTP/1.1.1"),
    _NOW.replace(b"HTTP/1.1", b"HTTP/1." + b"1" * 5000),
    _NOW.replace(b"Host", b"Content-Length: " + b"9" * 5000 + b"\r\nHost"),
]
"""What a proxy could read in one way, and a service in another."""


@pytest.mark.parametrize("raw", TWO_WAYS, ids=lambda raw: repr(raw.replace(b"\r\n", b" ")[:60]))
def test_what_can_be_read_in_two_ways_is_refused(service: ServiceProcess, raw: bytes) -> None:
    assert status_of(ask_raw(service.port, raw)[0]) in (400, 404)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (_NOW.replace(b"Host", b"X: y\r\n" * 150 + b"Host"), 431),
        (_NOW.replace(b"Host", b"X: y\r\n" * 10_000 + b"Host"), 431),
        (_NOW.replace(b"Host", b"X: " + b"y" * 8200 + b"\r\nHost"), 431),
        (_NOW.replace(b"Host", b"".join(b"X-%d: %s\r\n" % (n, b"y" * 8000) for n in range(9)) + b"Host"), 431),
        (_NOW.replace(b"/now", b"/" + b"a" * 8000), 404),
        (_NOW.replace(b"GET", b"TRACE"), 405),
        (_NOW.replace(b"GET", b"OPTIONS"), 405),
        (_NOW.replace(b"GET", b"G" * 5000), 405),
        (_NOW.replace(b"GET /now", b"OPTIONS *"), 404),
        (_NOW.replace(b"GET /now", b"CONNECT example.com:443"), 404),
        (_NOW.replace(b"/now", b"http://[evil/now"), 404),
        (_NOW.replace(b"Host", b"Upgrade: h2c, websocket\r\nHost"), 200),
        (_NOW.replace(b"Host", b"Expect: 200-perhaps\r\nHost"), 200),
        (_NOW.replace(b"Host", b"Cookie: " + b"a=b;" * 2000 + b"\r\nHost"), 200),
        (_NOW.replace(b"Host", b"X-Forwarded-Host: evil\r\nX-Original-Url: /metrics\r\nHost"), 200),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_odd_requests_have_dull_answers(service: ServiceProcess, raw: bytes, status: int) -> None:
    assert status_of(ask_raw(service.port, raw)[0]) == status
