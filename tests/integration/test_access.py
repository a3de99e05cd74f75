"""A token holds for as long as the center file names its bearer with that role, and nobody has revoked it."""

import dataclasses
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from schemas.center.center import Center, Department
from schemas.enums import Role
from schemas.events.access import AccessRevoked
from services.access import tokens
from services.cli import main
from services.plumbing.ciphers import generate_keys
from services.plumbing.database.logins import setting_of
from services.routing.actions.publishing import publish
from tests.builders import a_center
from tests.stack.access import bearer
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.services import SECRET, ServiceProcess, login_url
from tests.stack.tap import Tap

READ = {"intake": "/tickets", "deadline_watch": "/board"}
"""What a duty leader may read of each service."""


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    made = OneService("routing", amqp_uri, database_url)
    publish_now(made, a_center())
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def service(house: OneService) -> Iterator[ServiceProcess]:
    with house.process() as process:
        yield process
        print(process.log[-4000:])


def publish_now(house: OneService, center: Center) -> None:
    with house.database.transaction() as tx:
        publish(tx, center)


def status(service: ServiceProcess, header: dict[str, str], path: str = "/tickets") -> int:
    return service.ask("GET", path, headers=header).status_code


def bancheng(house: OneService, *arguments: str) -> Result:
    environment = {setting_of("routing"): login_url(house.database_url, "routing"), "BANCHENG_SECRET": SECRET}
    return CliRunner().invoke(main, arguments, env=environment)


def issued(house: OneService, staff: str) -> dict[str, str]:
    """The header of somebody who was given a token by the command."""
    result = bancheng(house, "token", "issue", "--staff", staff, "--center", "BC")
    assert result.exit_code == 0, result.output
    return {"Authorization": f"Bearer {result.stdout.strip()}"}


def test_who_is_in_the_center_file_gets_in(house: OneService, service: ServiceProcess) -> None:
    assert status(service, issued(house, "he-jing")) == 200
    assert status(service, issued(house, "tax-clerk"), "/assignments") == 200


def test_a_person_who_does_not_exist_does_not_get_in(service: ServiceProcess) -> None:
    reply = service.ask("GET", "/tickets", headers=bearer("no-such-person", Role.DIRECTOR))
    assert (reply.status_code, reply.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert reply.json()["detail"] == "the token names nobody in the center file"


@pytest.mark.parametrize(
    ("staff", "role", "department"),
    [("he-jing", Role.DIRECTOR, None), ("gu", Role.CLERK, None), ("tax-clerk", Role.LIAISON, "ZJJ")],
)
def test_a_role_that_the_file_does_not_give_counts_for_nothing(
    service: ServiceProcess, staff: str, role: Role, department: str | None
) -> None:
    path = "/assignments" if role is Role.LIAISON else "/tickets"
    assert status(service, bearer(staff, role, department=department), path) == 403


def test_who_moves_to_another_department_has_lost_the_old_one(house: OneService, service: ServiceProcess) -> None:
    before = bearer("home-clerk", Role.LIAISON, department="ZJJ")
    assert status(service, before, "/assignments") == 200
    center = a_center()
    moved = center.departments | {"ZJJ": Department(name="Housing", liaisons=("tax-head",))}
    publish_now(house, dataclasses.replace(center, departments=moved))
    assert eventually(lambda: status(service, before, "/assignments") == 403, seconds=5)
    publish_now(house, center)
    assert eventually(lambda: status(service, before, "/assignments") == 200, seconds=5)


def test_a_revoked_token_is_refused_and_a_new_one_is_not(house: OneService, service: ServiceProcess) -> None:
    before, another = issued(house, "he-jing"), issued(house, "fang")
    assert status(service, before) == 200
    with house.tap(AccessRevoked.TYPE) as tap:
        assert bancheng(house, "token", "revoke", "--staff", "he-jing", "--center", "BC").exit_code == 0
        assert [each.staff for each in told(tap)] == ["he-jing"]
    assert eventually(lambda: status(service, before) == 401, seconds=5)
    assert status(service, another) == 200
    assert status(service, issued(house, "he-jing")) == 200


def told(tap: Tap) -> list[AccessRevoked]:
    return tap.wait_for(AccessRevoked, "BC")


def test_a_replayed_reply_is_not_for_a_revoked_token(house: OneService, service: ServiceProcess) -> None:
    header = issued(house, "peng") | {"Idempotency-Key": "once"}
    body = {"lead": "SWJ", "why": "it is theirs"}
    path = "/tickets/00000000-0000-7000-8000-000000000001/arbitrate"
    assert service.ask("POST", path, headers=header, json=body).status_code == 404
    bancheng(house, "token", "revoke", "--staff", "peng", "--center", "BC")
    assert eventually(lambda: service.ask("POST", path, headers=header, json=body).status_code == 401, seconds=5)


@pytest.mark.parametrize("name", ["intake", "deadline_watch"])
def test_every_service_hears_of_a_revocation(amqp_uri: str, database_url: str, name: str) -> None:
    house, path = OneService(name, amqp_uri, database_url), READ[name]
    token, process = bearer("gu", Role.DUTY_LEADER), house.process()
    process.environment["BANCHENG_DATA_KEY"] = generate_keys()
    with process as service:
        assert status(service, token, path) in (200, 404)
        with OneService("routing", amqp_uri, database_url).database.transaction() as tx:
            (now,) = tx.rows("SELECT clock_timestamp() AS at")
        house.announce(AccessRevoked(center="BC", staff="gu", not_before=now.at), source="routing")
        assert eventually(lambda: status(service, token, path) == 401)
        assert status(service, bearer("gu", Role.DUTY_LEADER), path) in (200, 404)
    house.database.close()


def test_a_late_revocation_does_not_undo_a_later_one(amqp_uri: str, database_url: str) -> None:
    house = OneService("deadline_watch", amqp_uri, database_url)
    with house.database.transaction() as tx:
        (times,) = tx.rows("SELECT clock_timestamp() AS new, clock_timestamp() - interval '1 day' AS old")
    with house.process():
        for at in (times.new, times.old):
            house.announce(AccessRevoked(center="BC", staff="liang", not_before=at), source="routing")
        assert eventually(lambda: house.rows("SELECT count(*) FROM inbox")[0][0] >= 2)
        assert eventually(lambda: bool(house.rows("SELECT * FROM revocations WHERE staff = 'liang'")))
    assert house.rows("SELECT not_before FROM revocations WHERE staff = 'liang'")[0].not_before == times.new
    house.database.close()


def test_a_token_is_issued_for_nobody_but_who_is_in_the_file(house: OneService) -> None:
    result = bancheng(house, "token", "issue", "--staff", "no-such-person", "--center", "BC")
    assert result.exit_code != 0
    assert "--staff" in result.output
    result = bancheng(house, "token", "issue", "--staff", "he-jing", "--center", "BC", "--hours", "25")
    assert result.exit_code != 0
    assert "24 at most" in result.output


def test_a_channels_key_lives_for_months_and_can_be_revoked(house: OneService) -> None:
    header = issued(house, "hotline-feed")["Authorization"]
    actor = tokens.verify(SECRET, header)
    assert actor.roles == (Role.CHANNEL,)
    assert actor.expires - actor.issued // 1000 == 90 * 24 * 3600


@pytest.mark.parametrize("secret", ["x", "e" * 31])
def test_a_short_secret_is_refused_by_name(house: OneService, secret: str) -> None:
    process = house.process()
    process.environment["BANCHENG_SECRET"] = secret
    process.launch()
    assert process.wait(30) != 0
    assert f"BANCHENG_SECRET has {len(secret)} bytes, 32 are needed" in process.log
    process.close()
