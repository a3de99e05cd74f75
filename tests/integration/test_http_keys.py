"""Who may see a kept reply again, and that nobody else keeps one."""

import dataclasses
from uuid import uuid4

import pytest

from schemas.center.center import CenterPublished
from schemas.enums import Role
from services.access import centers, tokens
from tests.builders import a_center
from tests.stack.eventually import eventually
from tests.stack.sample_house import SampleHouse, token, write
from tests.stack.services import SECRET, ServiceProcess


def _bearer(*roles: Role, department: str | None = None) -> dict[str, str]:
    actor = tokens.Actor(staff="xu", roles=roles, center="BC", department=department)
    return {"Authorization": f"Bearer {tokens.issue(SECRET, actor, seconds=3600)}"}


@pytest.mark.parametrize(
    "moved",
    [_bearer(Role.CLERK, department="GJJ"), _bearer(Role.CLERK), _bearer(Role.CLERK, Role.DIRECTOR, department="SWJ")],
    ids=["another department", "no department", "more roles"],
)
def test_a_kept_reply_is_not_shown_to_who_has_moved_on(
    house: SampleHouse, service: ServiceProcess, moved: dict[str, str]
) -> None:
    note, key = {"text": f"for SWJ {uuid4()}"}, {"Idempotency-Key": str(uuid4())}
    before = _bearer(Role.CLERK, department="SWJ")
    replies = [service.ask("POST", "/notes", json=note, headers=who | key) for who in (before, before, moved)]
    assert [reply.status_code for reply in replies] == [201, 201, 409]
    assert house.count("notes", "text = %(text)s", text=note["text"]) == 1


def test_a_kept_reply_is_not_shown_where_the_center_file_now_gives_less(
    house: SampleHouse, service: ServiceProcess
) -> None:
    actor = tokens.Actor(staff="he-jing", roles=(Role.CLERK, Role.OPS), center="KEYS")
    headers = {"Authorization": f"Bearer {tokens.issue(SECRET, actor, seconds=3600)}", "Idempotency-Key": str(uuid4())}

    def status() -> int:
        return service.ask("POST", "/notes", json={"text": "for CLERK and OPS"}, headers=headers).status_code

    def publish(version: int, *roles: Role) -> None:
        staff = a_center().staff
        center = a_center(staff=staff | {"he-jing": dataclasses.replace(staff["he-jing"], roles=roles)})
        with house.database.transaction() as tx:
            centers.keep(tx, CenterPublished(center="KEYS", version=version, body=center))

    publish(1, Role.CLERK, Role.OPS)
    assert [status(), status()] == [201, 201]
    publish(2, Role.CLERK)
    assert eventually(lambda: status() == 409, seconds=10)


def test_no_cache_keeps_a_reply(service: ServiceProcess) -> None:
    replies = [
        write(service),
        service.ask("GET", "/now"),
        service.ask("GET", "/nothing"),
        service.ask("GET", "/notes?text=a"),
        service.ask("GET", "/notes?text=a", headers=token()),
        service.ask_operations("/metrics"),
        service.ask_operations("/health/ready"),
    ]
    assert [reply.status_code for reply in replies] == [201, 200, 404, 401, 200, 200, 200]
    assert {reply.headers.get("Cache-Control") for reply in replies} == {"no-store"}
