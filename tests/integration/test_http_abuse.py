"""What one client can try with whole and well-formed requests: ask twice in one, use odd keys, claim addresses."""

import pytest

from tests.stack.sample_house import SampleHouse, token, write
from tests.stack.services import ServiceProcess


@pytest.mark.parametrize("query", ["text=a&text=b", "text=a&text=a", "text=a&tex=b"])
def test_a_query_says_each_thing_once_and_nothing_unheard_of(service: ServiceProcess, query: str) -> None:
    response = service.ask("GET", f"/notes?{query}", headers=token())
    assert response.status_code == 422
    assert len(response.json()["errors"]) == 1


@pytest.mark.parametrize("key", ["k" * 8000, "\xff" * 100, "a" * 201])
def test_a_key_too_long_or_strange_costs_nothing(house: SampleHouse, service: ServiceProcess, key: str) -> None:
    headers = token() | {"Idempotency-Key": key}
    assert service.ask("POST", "/notes", json={"text": "abused"}, headers=headers).status_code in (400, 422, 431)
    assert house.count("notes", "text = 'abused'") == 0


@pytest.mark.parametrize("offset", ["+23:59", "-23:59", "+16:00", "-16:00"])
def test_an_offset_from_nowhere_on_earth_is_refused(service: ServiceProcess, offset: str) -> None:
    """PostgreSQL knows none of 16 hours and more."""
    response = write(service, at=f"2025-01-24T09:00:00{offset}")
    assert response.status_code == 422, response.text
    assert list(response.json()["errors"]) == ["at"]


def _knock(service: ServiceProcess, forwarded: str) -> int:
    return service.ask("POST", "/knocks", headers={"X-Forwarded-For": forwarded}).status_code


def test_an_address_that_clients_give_themselves_is_not_believed(service: ServiceProcess) -> None:
    assert [_knock(service, f"10.0.0.{number}") for number in range(4)] == [200, 200, 200, 429]


def test_behind_a_proxy_everybody_has_an_allowance(house: SampleHouse) -> None:
    """Three knocks a minute are allowed."""
    process = house.process()
    process.environment["BANCHENG_TRUSTED_PROXIES"] = "127.0.0.0/8"
    with process:
        assert [_knock(process, f"1.1.1.{number}, 2.0.0.1") for number in range(4)] == [200, 200, 200, 429]
        assert _knock(process, "10.0.0.1, 10.0.0.2") == 200
        assert [_knock(process, f"::ffff:3.1.1.{number}") for number in range(4)] == [200] * 4
        assert [_knock(process, f"4.1.1.{number}:40112") for number in range(4)] == [200] * 4
        assert [_knock(process, f"2001:db8::{number}") for number in range(4)] == [200, 200, 200, 429]
        assert _knock(process, "2001:db8:0:1::1") == 200
        assert [_knock(process, f"nobody-{number}") for number in range(4)] == [200, 200, 200, 429]
