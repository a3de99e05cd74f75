"""No single request, whatever it holds, keeps others waiting for more than a quarter of a second or ends a process.

One real intake process is sent the worst that its limits let in, while a second client asks it for something cheap.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.intake_desk import CLERK, FEED, Desk, Header, a_ticket, an_applicant, opened_desk
from tests.stack.at_once import at_once
from tests.stack.eventually import eventually
from tests.stack.others import Others
from tests.stack.raw_http import ask_raw, request, status_of

pytestmark = [pytest.mark.alone, pytest.mark.usefixtures("nothing_to_collect")]

LONGEST_SECONDS = 0.25
MEBIBYTE = 1 << 20
SEVEN_KIB = 7 << 10
CHEAP = "/nothing"
ONE = an_applicant()


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url, BANCHENG_TRUSTED_PROXIES="127.0.0.0/8, ::1") as opened:
        yield opened


def full_of(item: bytes, *, before: bytes = b"[", after: bytes = b"1]", size: int = MEBIBYTE) -> bytes:
    """A body with as many items as fit into ``size`` bytes."""
    return before + item * ((size - len(before) - len(after)) // len(item)) + after


def named(count: int, item: bytes = b'"%x":1') -> bytes:
    """An object with so many fields that nobody knows."""
    return b"{" + b",".join(item % number for number in range(count)) + b"}"


def feed(*tickets: dict[str, Any]) -> bytes:
    """A feed's body."""
    return json.dumps({"tickets": tickets}, ensure_ascii=False).encode()


def of_one_phone(*texts: str) -> bytes:
    """A feed of one citizen's letters, which are compared with one another."""
    return feed(*(a_ticket(text=text, applicant=ONE) for text in texts))


_HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 620)))
_BAD = {"channel": "x" * 1500, "cause": "x", "applicant": {"kind": 1, "phone": "1" * 40, "id_number": "x"}}

BODIES = {
    "deep lists": b"[" * 500_000 + b"]" * 500_000,
    "deep objects": b'{"a":' * 170_000 + b"1" + b"}" * 170_000,
    "commas": full_of(b","),
    "integers": full_of(b"1,"),
    "fractions": full_of(b"1e9,"),
    "long integers": full_of(b"9" * 19 + b","),
    "one long integer": full_of(b"9"),
    "one long fraction": full_of(b"9", before=b"[0."),
    "lists": full_of(b"[],"),
    "lists in lists": full_of(b"[" * 30 + b"]" * 30 + b","),
    "objects": full_of(b'{"a":1},'),
    "texts": full_of(b'"",'),
    "texts without commas": full_of(b'"'),
    "one long text": full_of(b"\\u0041", before=b'["', after=b'"]'),
    "a text without an end": full_of(b"\\n,", before=b'["', after=b""),
    "one name many times": b"{" + b",".join([b'"a":1'] * 170_000) + b"}",
    "unknown fields": named(105_000),
    "unknown fields, just not too many": named(19_000),
    "unknown fields of an applicant": b'{"tickets":[{"applicant":' + named(19_000) + b"}]}",
    "unknown fields in every ticket": b'{"tickets":[' + b",".join([named(26)] * 500) + b"]}",
    "empty tickets": full_of(b"{},", before=b'{"tickets":[', after=b"{}]}"),
    "numbers for tickets": full_of(b"1,", before=b'{"tickets":[', after=b"1]}", size=75_000),
    "bad fields in every ticket": feed(*(a_ticket(**_BAD) for _ in range(500))),
    "a full feed": feed(*(a_ticket(text="长" * 500) for _ in range(500))),
    "characters that expand": of_one_phone(*["\ufdfa" * 560] * 500),
    "Han, all alike": of_one_phone(*(f"{number}{_HAN}" for number in range(480))),
    "groups of one digit": of_one_phone(*["0 " * 10_000] * 2),
}


def test_an_idle_house_is_within_the_bar(desk: Desk) -> None:
    with Others(desk.service, CHEAP) as others:
        assert eventually(lambda: others.calls > 20)
    assert others.longest < LONGEST_SECONDS / 5


@pytest.mark.parametrize("what", BODIES)
def test_a_body_of_any_kind_holds_up_nobody(desk: Desk, what: str) -> None:
    assert len(BODIES[what]) <= MEBIBYTE
    headers = FEED | {"Content-Type": "application/json"}
    with Others(desk.service, CHEAP) as others:
        reply = desk.service.ask("POST", "/tickets:batch", headers=headers, data=BODIES[what], timeout=120)
    assert reply.status_code in (200, 400, 422), reply.text[:500]
    assert len(reply.content) < MEBIBYTE, "a reply to a bad request is no larger than what it answers"
    _is_harmless(desk, others)


@pytest.mark.parametrize(
    ("method", "path", "headers", "who"),
    [
        ("GET", "/tickets", {f"X-{number}": "y" * 580 for number in range(90)}, CLERK),
        ("GET", "/tickets", {"X-Forwarded-For": "::1," * (SEVEN_KIB // 4)}, CLERK),
        ("GET", "/tickets", {"Authorization": "Bearer " + "A" * SEVEN_KIB}, {}),
        ("GET", "/tickets", {"Cookie": "a=b;" * (SEVEN_KIB // 4)}, CLERK),
        ("GET", "/tickets?" + "a=1&" * (SEVEN_KIB // 4), {}, CLERK),
        ("GET", "/tickets?" + "&".join(f"{number:x}" for number in range(1500)), {}, CLERK),
        ("GET", "/tickets?after=" + "%41" * (SEVEN_KIB // 3), {}, CLERK),
        ("GET", "/tickets/BC-" + "9" * SEVEN_KIB + "-1", {}, {}),
        ("GET", "/tickets/BC-1-" + "%D9%A3" * (SEVEN_KIB // 6), {}, {}),
        ("GET", "/" + "a/" * (SEVEN_KIB // 2), {}, {}),
        ("POST", "/tickets", {"Content-Type": 'application/json;a="' + "\\" * SEVEN_KIB}, CLERK),
        ("POST", "/tickets", {"Idempotency-Key": "k" * SEVEN_KIB}, CLERK),
    ],
)
def test_a_header_of_any_kind_holds_up_nobody(
    desk: Desk, method: str, path: str, headers: dict[str, str], who: Header
) -> None:
    body = json.dumps(a_ticket()).encode()
    length = {"Content-Length": str(len(body))} if method == "POST" else {}
    given = {"Host": "here", "Content-Type": "application/json"} | who | length | headers
    with Others(desk.service, CHEAP) as others:
        reply, _ = ask_raw(desk.service.port, request(method, path, headers=given, body=body if length else b""))
    assert status_of(reply) in (200, 201, 401, 404, 422), reply[:500]
    _is_harmless(desk, others)


def test_a_body_in_many_pieces_holds_up_nobody(desk: Desk) -> None:
    headers = {"Host": "here", "Content-Type": "application/json", "Transfer-Encoding": "chunked"} | FEED
    pieces = request(path="/tickets:batch", headers=headers, body=b"1\r\n \r\n" * 16_000 + b"0\r\n\r\n")
    with Others(desk.service, CHEAP) as others:
        reply, _ = ask_raw(desk.service.port, pieces)
    assert status_of(reply) == 411
    _is_harmless(desk, others)


def test_a_thousand_requests_sent_at_once_hold_up_nobody(desk: Desk) -> None:
    many = request("GET", CHEAP, headers={"Host": "here"}, close=False) * 2000
    with Others(desk.service, CHEAP) as others:
        reply, _ = ask_raw(desk.service.port, many + request("GET", CHEAP, headers={"Host": "here"}), patience=30)
    assert reply.count(b"HTTP/1.1 404 ") == 2001
    _is_harmless(desk, others)


def test_a_large_reply_that_is_asked_for_again_holds_up_nobody(desk: Desk) -> None:
    body = {"tickets": [a_ticket() for _ in range(500)]}
    with Others(desk.service, CHEAP) as others:
        replies = [desk.ask("POST", "/tickets:batch", FEED, body, headers={"Idempotency-Key": "again"}) for _ in "abc"]
    assert len({reply.text for reply in replies}) == 1
    assert replies[0].status_code == 200
    _is_harmless(desk, others)


def test_forty_full_feeds_at_once_are_taken_and_leave_room_for_a_window(desk: Desk) -> None:
    """Each takes a connection of the database for as long as it is worked on, and there are fewer than forty."""
    feeds = [{"tickets": [a_ticket() for _ in range(500)]} for _ in range(40)]
    *batches, window = at_once(
        *(lambda body=body: [desk.ask("POST", "/tickets:batch", FEED, body)] for body in feeds),
        lambda: [desk.ask("POST", "/tickets", CLERK, a_ticket()) for _ in range(20)],
    )
    assert [reply.status_code for (reply,) in batches] == [200] * 40
    assert [reply.status_code for reply in window] == [201] * 20


def test_a_list_of_long_letters_holds_up_nobody(desk: Desk) -> None:
    letters = feed(*(a_ticket(text="长" * 8000) for _ in range(40)))
    raw = {"headers": {"Content-Type": "application/json"}, "data": letters}
    assert desk.ask("POST", "/tickets:batch", FEED, **raw).status_code == 200
    with Others(desk.service, CHEAP) as others:
        page = desk.ask("GET", "/tickets?limit=200", CLERK)
        following = desk.gets("/tickets", limit="200", after=page.json()["next"])
    assert len(page.content) < MEBIBYTE
    assert not {each["id"] for each in page.json()["items"]} & {each["id"] for each in following["items"]}
    _is_harmless(desk, others)


def _is_harmless(desk: Desk, others: Others) -> None:
    assert others.failure is None
    assert others.calls > 0
    assert others.longest < LONGEST_SECONDS, f"others waited for {others.longest * 1000:.0f} ms"
    assert desk.service.runs
