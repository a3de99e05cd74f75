"""The OpenAPI 3.1 document of a service, read off its routes."""

import re
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from schemas.record.record import Reply
from schemas.values import distinct, not_blank

CODE = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
"""A code such as a center's, wherever it stands in an address."""

_ABOUT = """\
Besides what each operation says: a request that is not HTTP/1.1 is answered with 400, a header that is too large with
414 or 431, a body in chunks with 411, an address that does not exist with 404, a method that an address does not have
with 405. Texts never hold the character U+0000. A query parameter is given once. Replies are problem details (RFC 9457)
unless they are a success.
"""
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_CONVERTED = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
    "code": {"type": "string", "pattern": f"^{CODE}$"},
}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "The same request with the same key takes effect once, and has the same reply.",
    "schema": {"type": "string", "pattern": "^[!-~]([ -~]{0,198}[!-~])?$"},
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {"type": "object", "description": "What is wrong, by the names of fields."},
    },
}
_TEXT, _SECONDS = {"schema": {"type": "string"}}, {"schema": {"type": "integer", "minimum": 1}}
_HEADERS = {401: {"WWW-Authenticate": _TEXT}, 429: {"Retry-After": _SECONDS}, 503: {"Retry-After": _SECONDS}}
_IN_JSON_SCHEMA: dict[Callable[..., Any], dict[str, Any]] = {
    not_blank: {"pattern": r"\S"},
    distinct: {"uniqueItems": True},
}
"""What JSON Schema has words for, of the validators that are functions."""


def document(service: str, routes: Iterable[Any]) -> dict[str, Any]:
    """The whole document. ``routes`` are the `@route` entrypoints of the service."""
    spec, converter = specification(f"Bancheng {service}", _ABOUT)
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", _PROBLEM)
    for route in sorted(routes, key=lambda route: (route.url, route.method)):
        operation = _operation(route)
        if route.query is not None:
            found = converter.schema2parameters(route.query.schema(), location="query")
            operation["parameters"] += map(_without_null, found)
        spec.path(path=_PARAMETER.sub(r"{\2}", route.url), operations={route.method.lower(): operation})
    whole: dict[str, Any] = spec.to_dict()
    return whole


def specification(title: str, description: str) -> tuple[APISpec, Any]:
    """A document without routes, and what turns the schemas of Records into its components as JSON Schema.

    `bancheng events --asyncapi` describes the events with it, so that both documents mean the same by a field.
    """
    marshmallow = _RecordPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title=title,
        version="1",
        openapi_version="3.1.0",
        info={"description": description},
        plugins=[marshmallow],
    )
    converter: Any = marshmallow.converter  # made by APISpec
    converter.add_attribute_function(_validators)
    return spec, converter


class _Converter(OpenAPIConverter):
    """What a record may leave out when it is read, it still says when it is written: replies have every field."""

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        describe: Any = super().schema2jsonschema  # it has no types
        described: dict[str, Any] = describe(schema)
        if issubclass(schema.record_class, Reply):
            described["required"] = sorted(described["properties"])
        return described


def _name(schema: Any) -> str:
    name: str = schema.record_class.__name__
    return name


class _RecordPlugin(MarshmallowPlugin):
    Converter = _Converter


def _validators(_converter: Any, field: Any, **_more: Any) -> dict[str, Any]:
    """What the validators that are functions say: in JSON Schema where it has words for it, else in a sentence."""
    words: dict[str, Any] = {}
    for validator in field.validators:
        if isinstance(validator, FunctionType):
            words |= _IN_JSON_SCHEMA.get(validator) or {"description": validator.__doc__}
    return words


def _without_null(parameter: dict[str, Any]) -> dict[str, Any]:
    """An address has no way to say null: what is not asked for is left out."""
    schema = parameter["schema"]
    if isinstance(schema.get("type"), list):
        (schema["type"],) = [kind for kind in schema["type"] if kind != "null"]
    if "enum" in schema:
        schema["enum"] = [each for each in schema["enum"] if each is not None]
        schema["type"] = "string"
    if schema.get("default", 0) is None:
        del schema["default"]
    return parameter


def _operation(route: Any) -> dict[str, Any]:
    method = getattr(route.container.service_cls, route.method_name)
    operation: dict[str, Any] = {
        "operationId": route.method_name,
        "summary": str(method.__doc__ or route.method_name).strip().splitlines()[0],
        "parameters": [
            {"in": "path", "name": name, "required": True, "schema": _CONVERTED.get(kind, {"type": "string"})}
            for kind, name in _PARAMETER.findall(route.url)
        ],
        "responses": {
            str(route.status): {
                "description": "Done.",
                "content": _content(route.files_out, route.reply),
            }
        },
    }
    for status in _failures(route):
        operation["responses"][str(status)] = {
            "description": "See the problem's detail.",
            "content": {"application/problem+json": {"schema": "Problem"}},
        } | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
    if route.roles is not None:
        anybody: list[dict[str, Any]] = [{}] if route.open_too else []
        operation["security"] = anybody + [{"bearer": [str(role)]} for role in sorted(route.roles)]
        operation["description"] = "Roles: " + ", ".join(sorted(route.roles)) + (", or no token." if anybody else ".")
    if route.keyed:
        operation["parameters"].append(_IDEMPOTENCY_KEY)
    operation["parameters"] += route.headers
    if route.body is not None or route.files_in:
        operation["requestBody"] = {"required": True, "content": _content(route.files_in, route.body)}
    return operation


def _content(media_types: Iterable[str], record: Any) -> dict[str, Any]:
    """A file of one of the media types, or the record where there are none."""
    files = {each: {"schema": {"type": "string", "format": "binary"}} for each in media_types}
    return files or {"application/json": {"schema": record.schema}}


def _failures(route: Any) -> list[int]:
    failures = {400, 404, 409, 422, 503}
    if route.roles is not None:
        failures |= {401, 403}
    if route.method != "GET":
        failures |= {408, 413}
    if route.body is not None or route.files_in:
        failures.add(415)
    if route.limited:
        failures.add(429)
    return sorted(failures)
