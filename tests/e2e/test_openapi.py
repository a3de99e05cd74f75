"""Each service keeps to its own OpenAPI document, whatever is asked of it: Schemathesis makes examples of the document.

Every check is on. What is asked goes out with the token of a role that may ask it, and about tickets that exist.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import OpenAPIV31SpecValidator

from schemas.words import Role
from services.house import ROOMS
from tests.e2e.documented import Documented, schema_of

INTAKE, ROUTING, DEADLINE_WATCH = (schema_of(name) for name in ("intake", "routing", "deadline_watch"))
SCHEMAS = {"intake": INTAKE, "routing": ROUTING, "deadline_watch": DEADLINE_WATCH}
BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def house(amqp_uri: str) -> Iterator[Documented]:
    with Documented(amqp_uri) as ready:
        yield ready
        print(ready.stage.log()[-4000:])  # pytest shows it when the test failed


@INTAKE.parametrize()
@BOUNDED
def test_intake_keeps_to_its_document(case: schemathesis.Case[Any], house: Documented) -> None:
    house.ask("intake", case)


@ROUTING.parametrize()
@BOUNDED
def test_routing_keeps_to_its_document(case: schemathesis.Case[Any], house: Documented) -> None:
    house.ask("routing", case)


@DEADLINE_WATCH.parametrize()
@BOUNDED
def test_deadline_watch_keeps_to_its_document(case: schemathesis.Case[Any], house: Documented) -> None:
    house.ask("deadline_watch", case)


@pytest.mark.parametrize("service", ROOMS)
def test_the_document_is_openapi(house: Documented, service: str) -> None:
    document = house.document(service)
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document == SCHEMAS[service].raw_schema, "what was tested is what is served"


@pytest.mark.parametrize("service", ROOMS)
def test_only_the_roles_of_the_document_are_let_in(house: Documented, service: str) -> None:
    """Every operation is asked with every role, and without a token."""
    for method, path, roles in house.operations(service):
        for role in Role:
            refused = house.status(service, method, path, role) == 403
            assert refused == (bool(roles) and role not in roles), f"{method} {path} as {role}"
        assert (house.status(service, method, path, None) == 401) == bool(roles), f"{method} {path} as nobody"
