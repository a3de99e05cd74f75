"""The deployed front server before a service: what it keeps from the service, and what citizens reach through it."""

import contextlib
from collections.abc import Iterator

import pytest
import requests

from tests.integration.test_http_hostile import HEADERS, TWO_WAYS
from tests.stack.front import FrontServer
from tests.stack.raw_http import ask_raw, connect, request, status_of
from tests.stack.sample_house import SampleHouse, token, write
from tests.stack.services import ServiceProcess
from tests.stack.slow_clients import SlowClients, slow_kinds

JSON = {"Content-Type": "application/json"}
CHUNKS = {"Transfer-Encoding": "chunked"}


@pytest.fixture(scope="module")
def service(house: SampleHouse) -> Iterator[ServiceProcess]:
    process = house.process()
    process.environment["BANCHENG_TRUSTED_PROXIES"] = "127.0.0.0/8"
    with process:
        yield process


@pytest.fixture(scope="module")
def front(service: ServiceProcess) -> Iterator[FrontServer]:
    with FrontServer(service.port) as server:
        yield server


def _ask(front: FrontServer, method: str, path: str, *, citizen: bool = False, **more: object) -> requests.Response:
    port = front.citizens if citizen else front.staff
    verify = str(front.certificate)
    return requests.request(method, f"https://localhost:{port}{path}", verify=verify, timeout=30, **more)  # type: ignore[arg-type]


def test_staff_reach_a_service_under_its_name(front: FrontServer) -> None:
    response = _ask(front, "POST", "/intake/notes", json={"text": "through"}, headers=token())
    assert response.status_code == 201
    assert response.headers["Strict-Transport-Security"]


def test_staff_reach_the_pages_of_the_desk_and_citizens_their_own(front: FrontServer) -> None:
    """The sample service has no pages, and says so itself: what matters is who is asked, and with which headers."""
    for path, citizen in (("/inbox", False), ("/stream", False), ("/status", True), ("/static/desk.css", True)):
        response = _ask(front, "GET", path, citizen=citizen)
        assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")
        assert "Content-Security-Policy" not in response.headers, "the page has its own"
        assert response.headers["Strict-Transport-Security"]
    assert "nginx" in _ask(front, "GET", "/inbox", citizen=True).text


def test_http_2_is_spoken(front: FrontServer) -> None:
    tls = front.tls
    tls.set_alpn_protocols(["h2", "http/1.1"])
    with contextlib.closing(connect(front.staff, tls)) as client:
        assert client.selected_alpn_protocol() == "h2"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/now"),
        ("GET", "/intake/now"),
        ("POST", "/tickets"),
        ("GET", "/tickets"),
        ("GET", "/openapi.json"),
        ("POST", "/tickets/BC-20260428-0003/status/../../../notes"),
        ("POST", "/tickets/BC-20260428-0003%2Fmaterials"),
    ],
)
def test_citizens_reach_only_what_their_code_opens(front: FrontServer, method: str, path: str) -> None:
    raw = request(method, path, headers={"Host": "here", "Content-Length": "0"})
    reply, _ = ask_raw(front.citizens, raw, tls=front.tls)
    assert status_of(reply) == 404
    assert b"nginx" in reply, "the service was not asked"


def test_a_citizens_own_addresses_lead_to_the_service(front: FrontServer) -> None:
    """The sample service knows none of them, and says so itself."""
    response = _ask(front, "POST", "/tickets/BC-20260428-0003/status", citizen=True, json={})
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert _ask(front, "GET", "/tickets/BC-20260428-0003/status", citizen=True).status_code == 403


def test_a_body_in_chunks_is_collected_within_the_limit(front: FrontServer) -> None:
    headers = token() | JSON
    pieces = [b'{"text": "in pieces"}', *[b" " * 65536] * 3]
    assert _ask(front, "POST", "/intake/notes", data=iter(pieces), headers=headers).status_code == 201
    head = HEADERS | CHUNKS
    body = b"10000\r\n" + b" " * 65536 + b"\r\n"
    reply, _ = ask_raw(front.staff, request(path="/intake/notes", headers=head, body=body * 17), tls=front.tls)
    assert status_of(reply) == 413


def test_a_body_in_a_million_pieces_holds_up_nobody(front: FrontServer, service: ServiceProcess) -> None:
    pieces = request(path="/intake/naps", headers=HEADERS | CHUNKS, body=b"1\r\n \r\n" * 1_100_000)
    reply, _ = ask_raw(front.staff, pieces, tls=front.tls)
    assert status_of(reply) in (0, 413)
    assert write(service).status_code == 201


@pytest.mark.parametrize("raw", TWO_WAYS, ids=lambda raw: repr(raw.replace(b"\r\n", b" ")[:60]))
def test_what_can_be_read_in_two_ways_is_read_in_one(front: FrontServer, raw: bytes) -> None:
    """nginx writes each request anew; what it does not understand, it refuses."""
    reply, _ = ask_raw(front.staff, raw.replace(b"/now", b"/intake/now"), tls=front.tls, patience=3)
    assert reply.count(b"HTTP/1.1 ") <= 1
    assert status_of(reply) in (0, 200, 400, 404, 405, 411, 414, 431, 501, 505)


def test_an_address_that_clients_give_themselves_is_not_believed(front: FrontServer) -> None:
    """Three knocks a minute are allowed, and the service believes the front server."""
    knocks = [
        _ask(front, "POST", "/intake/knocks", headers={"X-Forwarded-For": f"1.1.1.{number}"}).status_code
        for number in range(4)
    ]
    assert knocks == [200, 200, 200, 429]


def test_slow_clients_are_the_front_servers_affair(front: FrontServer, service: ServiceProcess) -> None:
    kinds = slow_kinds(request(path="/intake/notes", headers=HEADERS, close=False).removesuffix(b"\r\n"))
    with SlowClients(front.staff, 100, kinds, front.tls):
        for number in range(20):
            response = _ask(front, "POST", "/intake/notes", json={"text": f"note {number}"}, headers=token())
            assert response.status_code == 201
        assert service.metric("bancheng_http_hung_up_total") == 0
