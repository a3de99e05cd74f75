"""What the door makes of bodies: bad ones refused and not repeated, strange ones kept exactly."""

import gzip
import json
from uuid import uuid4

import pytest
import requests

from tests.stack.sample_house import SampleHouse, token, write, written
from tests.stack.services import ServiceProcess

JSON = {"Content-Type": "application/json"}


def _post(service: ServiceProcess, body: bytes, **headers: str) -> requests.Response:
    return service.ask("POST", "/notes", data=body, headers=token() | JSON | headers)


def _is_problem(response: requests.Response, status: int) -> bool:
    return (
        response.status_code == status
        and response.headers["Content-Type"] == "application/problem+json"
        and response.json()["status"] == status
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"canary",
        b'{"text": "canary"',
        b'{"text": "canary\xff"}',
        b'\xef\xbb\xbf{"text": "canary"}',
        '{"text": "canary"}'.encode("utf-16"),
        b'{"text": "canary", "weight": NaN}',
        b'{"text": "canary", "weight": -Infinity}',
        b'{"text": "canary", "weight": 1e999}',
        b'{"text": "canary", "text": "other"}',
        b'{"text": "canary", "events": 9223372036854775808}',
        b'{"text": "canary", "events": ' + b"1" * 5000 + b"}",
        b'{"text": "canary", "weight": ' + b"1" * 400 + b"}",
        b'{"text": ' + b"[" * 100_000 + b'"canary"' + b"]" * 100_000 + b"}",
        b'{"canary":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"text": "canary\x00"}',
        b'{"text": "canary\\u0000"}',
        b'{"text": "canary\\ud83d"}',
        b'{"text": "canary\\ude00\\ud83d"}',
        b'{"canary\\u0000": 1}',
        b'{"canary\\udc00": 1}',
        b'{"text": ["canary\\u0000"]}',
    ],
    ids=lambda body: repr(body[:48]),
)
def test_what_is_not_strict_json_is_a_bad_request_and_not_repeated(service: ServiceProcess, body: bytes) -> None:
    """nameko answers with the exception's text (pitfalls, nameko); NUL and half pairs raise deep inside psycopg2."""
    response = _post(service, body)
    assert _is_problem(response, 400), response.text
    assert "canary" not in response.text


@pytest.mark.parametrize("depth", [20, 60, 200, 900, 990, 1010, 5000])
def test_no_depth_of_nesting_is_an_accident(service: ServiceProcess, depth: int) -> None:
    response = _post(service, b'{"text": ' + b"[" * depth + b"]" * depth + b"}")
    assert response.status_code in (400, 422)


@pytest.mark.parametrize(
    "body",
    [
        "7",
        "null",
        "[]",
        "[[]]",
        '"text"',
        "{}",
        '{"text": 7}',
        '{"text": null}',
        '{"text": ""}',
        '{"text": "a", "b": 1}',
    ],
)
def test_json_of_another_shape_is_refused_naming_the_field(service: ServiceProcess, body: str) -> None:
    response = _post(service, body.encode())
    assert _is_problem(response, 422)
    assert response.json()["errors"]


def test_a_backslash_before_u0000_is_only_text(house: SampleHouse, service: ServiceProcess) -> None:
    response = _post(service, b'{"text": "\\\\u0000 \\\\ud83d"}')
    assert response.status_code == 201
    assert response.json()["text"] == "\\u0000 \\ud83d"


@pytest.mark.parametrize(
    "at", ["2025-01-24T09:00:00", "2025-01-24", "1999-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "soon", 7]
)
def test_a_naive_or_far_time_is_refused_naming_the_field(service: ServiceProcess, at: object) -> None:
    response = write(service, at=at)
    assert _is_problem(response, 422)
    assert list(response.json()["errors"]) == ["at"]


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx"],
)
def test_another_content_type_or_none_is_unsupported(service: ServiceProcess, content_type: str | None) -> None:
    headers = token() | ({"Content-Type": content_type} if content_type else {})
    response = service.ask("POST", "/notes", data=b'{"text": "a"}', headers=headers)
    assert _is_problem(response, 415)


def test_the_content_type_may_name_utf8(service: ServiceProcess) -> None:
    assert _post(service, b'{"text": "a"}', **{"Content-Type": "application/json; charset=utf-8"}).status_code == 201


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "x-unheard-of"])
def test_a_compressed_body_is_unsupported_however_small_it_is(service: ServiceProcess, encoding: str) -> None:
    bomb = gzip.compress(b'{"text": "' + b"a" * 50_000_000 + b'"}')
    assert _is_problem(_post(service, bomb, **{"Content-Encoding": encoding}), 415)


def test_a_body_over_one_mebibyte_is_too_large(service: ServiceProcess) -> None:
    """nameko has no limit (pitfalls, nameko, HTTP: 60 MB accepted)."""
    assert _is_problem(_post(service, b" " * ((1 << 20) + 1)), 413)
    assert _is_problem(_post(service, b" " * (8 << 20)), 413)
    fits = b'{"text": "a"}'.ljust(1 << 20)
    assert _post(service, fits).status_code == 201


def test_a_body_in_chunks_is_for_the_front_server_to_collect(service: ServiceProcess) -> None:
    """`test_http_front` sends one through it."""
    response = service.ask("POST", "/notes", data=iter([b'{"text": ', b'"in pieces"}']), headers=token() | JSON)
    assert _is_problem(response, 411)


_STRANGE = {
    "emoji": "👨‍👩‍👧‍👦 ❤️ 🇨🇳",
    "right to left": "‮مرحبا‬ שלום",
    "zero width": "a\u200bb\u200c\u200d\ufeffc\u2060",
    "rare Han": "𠀀𪚥㐀𰻞 龘 \U0003134a",
    "combining": "Z̸̢̛a̷͝ e\u0301 é",
    "other planes and noncharacters": "\U0010ffff\ufffe\ufdd0",
    "line ends": "a\r\nb\u2028c\u2029d\x85e\tf",
    "controls": "\x01\x1b[31m\x7f",
    "SQL": "'; DROP TABLE notes; -- %s %(text)s $1 {0}",
    "HTML": "<script>alert(1)</script>&amp;<img src=x onerror=alert(1)>",
    "spreadsheet": '=HYPERLINK("http://x","y")|+1@-',
    "paths": "../../etc/passwd ..\\..\\boot.ini file:///etc/passwd ${jndi:ldap://x}",
    "long": "长" * 100_000,
}


@pytest.mark.parametrize("text", _STRANGE.values(), ids=_STRANGE)
def test_strange_text_is_kept_exactly_and_does_nothing(house: SampleHouse, service: ServiceProcess, text: str) -> None:
    note_id = written(service, text)
    assert service.ask("GET", f"/notes/{note_id}", headers=token()).json() == {"id": note_id, "text": text}
    assert house.rows("SELECT text FROM notes WHERE id = %(id)s", id=note_id)[0].text == text
    if len(text) < 1000:
        found = service.ask("GET", "/notes", params={"text": text}, headers=token()).json()["notes"]
        assert {"id": note_id, "text": text} in found
    assert house.hears(note_id)


def test_a_reply_is_never_taken_for_a_page(service: ServiceProcess) -> None:
    response = write(service, "<script>")
    assert response.headers["Content-Type"] == "application/json"
    assert json.loads(response.text)["text"] == "<script>"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/titles/a%00b", "/notes?text=a%00b", "/notes?text=%ff%fe", "/titles/%ff%fe", "/titles/%ED%A0%80"]
)
def test_a_nul_or_bad_utf8_in_the_address_is_harmless(service: ServiceProcess, path: str) -> None:
    response = service.ask("GET", path, headers=token())
    assert response.status_code == (400 if "%00" in path else 200)


@pytest.mark.parametrize("path", ["/notes/42", f"/notes/{uuid4()}/x", "/nothing", "/titles/a/b"])
def test_an_address_that_leads_nowhere_is_not_found(service: ServiceProcess, path: str) -> None:
    assert _is_problem(service.ask("GET", path, headers=token(), allow_redirects=False), 404)
