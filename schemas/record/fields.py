"""The marshmallow field that an annotation stands for."""

import types
import typing
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Union
from uuid import UUID

import marshmallow
from marshmallow import fields
from marshmallow.validate import Length

from schemas.record.timestamps import has_valid_offset

_PLAIN: dict[Any, type[fields.Field[Any]]] = {
    float: fields.Float,
    UUID: fields.UUID,
    date: fields.Date,
    time: fields.Time,
    Any: fields.Raw,
}


class _AwareDateTime(fields.AwareDateTime):
    """An instant with its offset; a naive one is refused and anything but ISO 8601 too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        moment = super()._deserialize(value, attr, data, **more)
        if not has_valid_offset(moment):
            raise marshmallow.ValidationError("Must have an offset in whole minutes, of less than 16 hours.")
        return moment


class _Text(fields.String):
    """A string that PostgreSQL and UTF-8 can hold: no NUL, no lone surrogate."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        if isinstance(text, str) and ("\x00" in text or not _is_encodable(text)):
            raise marshmallow.ValidationError("Holds a character that is not allowed.")
        return text


class _TupleOf(fields.List[Any]):
    """A list on the wire, a tuple in the program, so that a frozen record stays frozen.

    One that is too long is refused before anybody looks into its items.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if isinstance(value, list):
            for validator in self.validators:
                if isinstance(validator, Length):
                    validator(value)
        return tuple(super()._deserialize(value, attr, data, **more))


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def field_for(annotation: Any, is_record: Callable[[Any], bool], **options: Any) -> fields.Field[Any]:
    """The field of an annotation; ``is_record`` tells classes with a ``schema`` of their own."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        validators = [*arguments[1:], *options.pop("validate", [])]
        return field_for(arguments[0], is_record, validate=validators, **options)
    if origin in (Union, types.UnionType):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        return field_for(inner, is_record, allow_none=True, **options)
    if origin is tuple:
        return _TupleOf(field_for(arguments[0], is_record), **options)
    if origin is dict:
        return fields.Dict(
            keys=field_for(arguments[0], is_record), values=field_for(arguments[1], is_record), **options
        )
    if annotation is str:
        return _Text(**options)
    if annotation is int:
        return fields.Integer(strict=True, **options)
    if annotation is bool:
        return fields.Boolean(truthy={True}, falsy={False}, **options)
    if annotation is datetime:
        return _AwareDateTime(**options)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return fields.Enum(annotation, by_value=True, **options)
    if is_record(annotation):
        return fields.Nested(annotation.schema, **options)
    return _PLAIN[annotation](**options)
