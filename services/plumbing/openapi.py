"""The OpenAPI 3.1 document of a service, read off its routes."""

import re
from collections.abc import Iterable
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_CONVERTED = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer", "minimum": 0}}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object"},
    },
}


def _name(schema: Any) -> str:
    """A record's name: the class of its schema without the ending."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


def document(service: str, routes: Iterable[Any]) -> dict[str, Any]:
    """The whole document. ``routes`` are the `@route` entrypoints of the service."""
    spec = APISpec(
        title=f"Bancheng {service}",
        version="1",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
    )
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", _PROBLEM)
    for route in sorted(routes, key=lambda route: (route.url, route.method)):
        spec.path(
            path=_PARAMETER.sub(r"{\2}", route.url),
            operations={route.method.lower(): _operation(route)},
        )
    found: dict[str, Any] = spec.to_dict()
    return found


def _operation(route: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.method_name,
        "summary": _summary(route),
        "parameters": [_in_path(kind, name) for kind, name in _PARAMETER.findall(route.url)],
        "responses": {
            str(route.status): {
                "description": "Done.",
                "content": {"application/json": {"schema": route.reply.schema}},
            }
        },
    }
    for status in _failures(route):
        operation["responses"][str(status)] = {
            "description": "See the problem's detail.",
            "content": {"application/problem+json": {"schema": "Problem"}},
        }
    if route.roles is not None:
        operation["security"] = [{"bearer": []}]
        operation["description"] = "Roles: " + ", ".join(sorted(route.roles)) + "."
    if route.query is not None:
        operation["parameters"].append({"in": "query", "schema": route.query.schema})
    if route.method == "POST":
        operation["parameters"].append(
            {"in": "header", "name": "Idempotency-Key", "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
        )
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": route.body.schema}},
        }
    return operation


def _summary(route: Any) -> str:
    method = getattr(route.container.service_cls, route.method_name)
    return str(method.__doc__ or route.method_name).strip().splitlines()[0]


def _in_path(kind: str, name: str) -> dict[str, Any]:
    return {"in": "path", "name": name, "required": True, "schema": _CONVERTED.get(kind, {"type": "string"})}


def _failures(route: Any) -> list[int]:
    failures = {400, 404, 409, 422, 503}
    if route.roles is not None:
        failures |= {401, 403}
    if route.method != "GET":
        failures |= {408, 413}
    if route.body is not None:
        failures.add(415)
    if route.limited:
        failures.add(429)
    return sorted(failures)
