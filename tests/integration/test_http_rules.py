"""What the door asks of who comes in, and what it keeps of what they did: roles, keys, allowances, problems."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import requests

from schemas.enums import Role
from services.access import tokens
from tests.stack.sample_house import SampleHouse, token, write
from tests.stack.services import SECRET, ServiceProcess


def _asked_with(service: ServiceProcess, authorization: str | None) -> requests.Response:
    headers = {"Authorization": authorization} if authorization is not None else {}
    return service.ask("GET", f"/notes/{uuid4()}", headers=headers)


def _token(secret: str = SECRET, seconds: int = 60) -> str:
    return tokens.issue(secret, tokens.Actor(staff="xu", roles=(Role.CLERK,), center="BC"), seconds=seconds)


def test_a_bearer_is_let_in(service: ServiceProcess) -> None:
    assert _asked_with(service, f"Bearer {_token()}").status_code == 404
    assert _asked_with(service, f"bearer  {_token()} ").status_code == 404


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer " + "x" * 5000,
        "Bearer ......",
        "Bearer \xe9\xff",
        f"Basic {_token()}",
        f"Bearer {_token('another secret')}",
        f"Bearer {_token(seconds=-1)}",
        f"Bearer {_token()[:-1]}",
        f"Bearer {_token()}x",
        f"Bearer x{_token()}",
        "Bearer " + ".".join((_token().split(".")[0], _token("another secret").split(".")[1])),
    ],
)
def test_a_missing_forged_or_expired_token_is_refused(service: ServiceProcess, authorization: str | None) -> None:
    response = _asked_with(service, authorization)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_another_role_is_forbidden(service: ServiceProcess) -> None:
    response = service.ask("GET", f"/notes/{uuid4()}", headers=token(Role.LIAISON, Role.DIRECTOR))
    assert (response.status_code, response.json()["title"]) == (403, "Forbidden")


def test_an_accident_says_nothing_of_itself(service: ServiceProcess) -> None:
    """A connection string leaked through an exception's text (pitfalls, nameko, HTTP)."""
    response = service.ask("POST", "/accidents")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in response.text
    assert "RuntimeError" in service.log


def test_a_refusal_says_why(service: ServiceProcess) -> None:
    response = service.ask("POST", "/quarrels", headers=token(Role.DIRECTOR))
    assert (response.status_code, response.json()["detail"]) == (409, "somebody else was first")


def test_another_method_is_not_allowed(service: ServiceProcess) -> None:
    response = service.ask("PUT", "/notes")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_who_asks_too_often_is_told_to_wait_and_others_are_not(service: ServiceProcess) -> None:
    statuses = [service.ask("POST", "/knocks").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert service.ask("POST", "/knocks").headers["Retry-After"] == "60"
    assert service.ask("GET", "/now").status_code == 200


def test_the_same_request_with_the_same_key_takes_effect_once(house: SampleHouse, service: ServiceProcess) -> None:
    key = str(uuid4())
    replies = [write(service, "once", key=key) for _ in range(3)]
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.text for reply in replies}) == 1
    assert house.count("notes", "text = 'once'") == 1
    assert house.hears(replies[0].json()["id"])


def test_another_request_with_the_same_key_is_a_conflict(house: SampleHouse, service: ServiceProcess) -> None:
    key = str(uuid4())
    assert write(service, "first", key=key).status_code == 201
    assert write(service, "second", key=key).status_code == 409
    assert house.count("notes", "text = 'second'") == 0


def test_a_refused_request_leaves_its_key_free(service: ServiceProcess) -> None:
    key = str(uuid4())
    assert write(service, "", key=key).status_code == 422
    assert write(service, "better", key=key).status_code == 201


def test_the_same_key_of_two_people_is_two_keys(house: SampleHouse, service: ServiceProcess) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    for center in ("BC", "XC"):
        headers = token(center=center) | key
        assert service.ask("POST", "/notes", json={"text": f"in {center}"}, headers=headers).status_code == 201
    assert house.count("notes", "text IN ('in BC', 'in XC')") == 2


def test_the_same_key_twenty_times_at_once_takes_effect_once(house: SampleHouse, service: ServiceProcess) -> None:
    key = str(uuid4())
    with ThreadPoolExecutor(20) as crowd:
        replies = list(crowd.map(lambda _: write(service, "at once", key=key), range(20)))
    done = [reply.json()["id"] for reply in replies if reply.status_code == 201]
    assert len(set(done)) == 1
    assert len(done) == 20
    assert house.count("notes", "text = 'at once'") == 1


@pytest.mark.parametrize("key", ["", "k" * 201, "caf\xe9", "a\tb"])
def test_a_key_that_is_none_is_refused(house: SampleHouse, service: ServiceProcess, key: str) -> None:
    headers = token() | {"Idempotency-Key": key}
    response = service.ask("POST", "/notes", json={"text": "keyless"}, headers=headers)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["Idempotency-Key"]
    assert house.count("notes", "text = 'keyless'") == 0


def test_every_failure_is_declared(service: ServiceProcess) -> None:
    document = service.ask("GET", "/openapi.json").json()
    declared = document["paths"]["/notes"]["post"]["responses"]
    assert set(declared) == {"201", "400", "401", "403", "404", "408", "409", "413", "415", "422", "503"}
