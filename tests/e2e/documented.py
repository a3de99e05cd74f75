"""A house that is asked what its own OpenAPI documents allow to ask, about tickets that exist, by who may ask it."""

import re
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import requests
import schemathesis
import yaml
from hypothesis import assume
from nameko.containers import ServiceContainer
from requests.adapters import HTTPAdapter

from schemas.center.access import holders_of
from schemas.center.center import Center
from schemas.enums import Role
from services.composition import SERVICES
from services.plumbing.http import openapi
from services.plumbing.http.routes import Route
from services.sandbox.sandbox import Sandbox
from tests.e2e.actors import Actors, at
from tests.e2e.document_rules import ACCEPTED, only_rules_refuse, replace
from tests.stack.broker_users import broker_of

DEMO = Path(__file__).parents[2] / "deploy" / "centers" / "demo.yml"
PUBLIC_CALLS = 25
"""An address may ask a public operation 30 times a minute."""


def schema_of(service: str) -> schemathesis.BaseSchema:
    """A service's document as Schemathesis sees it, read off its class: tests are collected before anything runs."""
    container = ServiceContainer(SERVICES[service].service, {})
    document = openapi.document(service, [each for each in container.entrypoints if isinstance(each, Route)])
    schema = schemathesis.openapi.from_dict(document)
    schema.config.generation.update(allow_x00=False)  # the document says so in words: no text holds U+0000
    # 422 may follow on what the document allows, where a rule judges it: `only_rules_refuse` sees to that.
    schema.config.checks.positive_data_acceptance.expected_statuses += ["422"]
    # What is too large is refused as well as what is malformed.
    schema.config.checks.negative_data_rejection.expected_statuses += ["413", "431"]
    return schema


class Documented:
    """The services of a sandbox with some tickets in them, ready from `__enter__` to `__exit__`."""

    def __init__(self, amqp_uri: str) -> None:
        center = Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
        self.sandbox = Sandbox(center, at("2025-03-03 09:00"), broker=broker_of(amqp_uri))
        self._asked = count()

    def __enter__(self) -> Self:
        self.sandbox.__enter__()
        actors = Actors(self.sandbox)
        texts = ("公积金提取申请被退回", "发票一直开不出来,税务说等通知。", "户口簿和身份证姓名写法不一致")
        self._tickets = [actors.register(text[:6], text) for text in texts]
        found = [actors.ticket(ticket)["assignments"] for ticket in self._tickets]
        self._assignments = [each["id"] for assignments in found for each in assignments]
        department = found[0][0]["department"]
        own = self.sandbox.center.departments[department]
        of_department = {Role.LIAISON: own.liaisons[0], Role.DEPARTMENT_HEAD: own.head}
        holders = of_department | {Role.NOTIFIER: "notify"}  # no person's role
        self._tokens = {
            role: self.sandbox.token(
                holders.get(role) or holders_of(self.sandbox.center, role)[0],
                role,
                department=department if role in of_department else None,
            )
            for role in Role
        }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.__exit__(kind, error, trace)

    def document(self, service: str) -> dict[str, Any]:
        """A service's document."""
        found: dict[str, Any] = requests.get(f"{self._base(service)}/openapi.json", timeout=30).json()
        return found

    def ask(self, service: str, case: schemathesis.Case[Any]) -> None:
        """Ask it with the token of one of the roles that may, about what exists, and have every check on the reply."""
        # A parameter whose value is an empty list is not sent: then nothing is wrong with what is.
        assume(not any(value in ([], {}) for value in dict(case.query or {}).values()))
        number = next(self._asked)
        self._about_what_exists(case, number)
        roles = _roles(case.operation.definition.raw)
        headers = {"Authorization": f"Bearer {self._tokens[roles[number % len(roles)]]}"} if roles else {}
        with requests.Session() as session:
            if not roles:
                session.mount("http://", _From(f"127.0.0.{2 + number // PUBLIC_CALLS % 250}"))
            case.call_and_validate(
                base_url=self._base(service),
                session=session,
                headers=headers,
                additional_checks=[only_rules_refuse],
                timeout=30,
            )

    def _about_what_exists(self, case: schemathesis.Case[Any], number: int) -> None:
        """Two times in three, a valid id becomes that of something that exists, and valid data what rules accept."""
        if number % 3 == 0:
            return
        ticket = self._tickets[number % len(self._tickets)]
        given = case.path_parameters or {}
        existing = {"ticket_id": ticket.id, "assignment_id": self._assignments[number % len(self._assignments)]}
        for name in given.keys() & existing.keys():
            with suppress(ValueError, AttributeError, TypeError):
                UUID(given[name])
                given[name] = existing[name]
        if case.meta is None or not case.meta.generation.mode.is_positive:
            return
        if "sequence" in given:
            given |= dict(zip(("center", "day", "sequence"), ticket.number.split("-"), strict=True))
        accepted = ACCEPTED | {"code": ticket.code}
        for values in (case.query, case.body):
            replace(values, accepted)

    def operations(self, service: str) -> list[tuple[str, str, list[Role], bool]]:
        """Method, path and roles of every operation (no roles: everybody), and whether it takes who has no token."""
        return [
            (method, path, _roles(operation), {} in operation.get("security", [{}]))
            for path, operations in self.document(service)["paths"].items()
            for method, operation in operations.items()
        ]

    def status(self, service: str, method: str, path: str, role: Role | None) -> int:
        """What somebody with this role and nothing to say is answered; None has no token."""
        headers = {"Authorization": f"Bearer {self._tokens[role]}"} if role else {}
        filled = path.replace("{center}-{day}-{sequence}", "BC-20250303-9999")
        filled = filled.replace("{version}", "9999")
        filled = re.sub(r"\{\w+\}", "01a20baa-0dba-76c3-b1f9-36f9701e8a2a", filled)
        return requests.request(method, self._base(service) + filled, headers=headers, json={}, timeout=30).status_code

    def get(self, service: str, path: str, role: Role, **query: str) -> requests.Response:
        """The reply to a GET by somebody with this role."""
        headers = {"Authorization": f"Bearer {self._tokens[role]}"}
        return requests.get(self._base(service) + path, params=query, headers=headers, timeout=30)

    def _base(self, service: str) -> str:
        return f"http://{self.sandbox.addresses[service]}"


def _roles(operation: dict[str, Any]) -> list[Role]:
    return [Role(role) for requirement in operation.get("security", []) for role in requirement.get("bearer", [])]


class _From(HTTPAdapter):
    """Asks from another address of this machine, since who asks too often is refused."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(self._address, 0), **options)
