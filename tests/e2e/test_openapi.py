"""Each service keeps to its own OpenAPI document, whatever is asked of it: Schemathesis makes examples of the document.

Every check is on. What is asked goes out with the token of a role that may ask it, and about tickets that exist.
"""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import OpenAPIV31SpecValidator

from schemas.enums import Role
from services.composition import SERVICES
from tests.e2e.documented import Documented, schema_of

INTAKE, ROUTING, DEADLINE_WATCH, NOTIFY = (
    schema_of(name) for name in ("intake", "routing", "deadline_watch", "notify")
)
SCHEMAS = {
    "intake": INTAKE,
    "routing": ROUTING,
    "deadline_watch": DEADLINE_WATCH,
    "notify": NOTIFY,
    "desk": schema_of("desk"),
    "knowledge": schema_of("knowledge"),
}
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
        print(ready.sandbox.log()[-4000:])  # pytest shows it when the test failed


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


@NOTIFY.parametrize()
@BOUNDED
def test_notify_keeps_to_its_document(case: schemathesis.Case[Any], house: Documented) -> None:
    house.ask("notify", case)


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_openapi(house: Documented, service: str) -> None:
    document = house.document(service)
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document == SCHEMAS[service].raw_schema, "what was tested is what is served"


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_roles_of_the_document_are_let_in(house: Documented, service: str) -> None:
    """Every operation is asked with every role, and without a token."""
    for method, path, roles, is_open in house.operations(service):
        for role in Role:
            refused = house.status(service, method, path, role) == 403
            assert refused == (bool(roles) and role not in roles), f"{method} {path} as {role}"
        assert (house.status(service, method, path, None) != 401) == is_open, f"{method} {path} as nobody"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "0",
        "\u957f",
        "2025-01-24T09:00:00+23:59 01a20baa-0dba-76c3-b1f9-36f9701e8a2a",
        "2025-01-24T09:00:00 01a20baa-0dba-76c3-b1f9-36f9701e8a2a",
        "0001-01-01T00:00:00+15:00 01a20baa-0dba-76c3-b1f9-36f9701e8a2a",
        "9999-12-31T23:59:59-15:00 01a20baa-0dba-76c3-b1f9-36f9701e8a2a",
    ],
)
def test_a_cursor_of_ones_own_making_does_no_harm(house: Documented, cursor: str) -> None:
    made = base64.urlsafe_b64encode(cursor.encode()).decode()
    for after in (made, cursor):
        assert house.get("deadline_watch", "/deadlines", Role.OPS, after=after).status_code in (200, 422)
        assert house.get("intake", "/tickets", Role.CLERK, after=after).status_code in (200, 422)


@pytest.mark.parametrize("year", [1, 2000, 2001, 2050, 2099, 2100, 9999])
def test_a_roster_is_told_for_any_year_that_has_a_calendar(house: Documented, year: int) -> None:
    span = {"since": f"{year:04d}-01-01", "until": f"{year:04d}-12-31"}
    expected = 200 if 2001 <= year <= 2099 else 422
    assert house.get("routing", "/roster", Role.CLERK, **span).status_code == expected
