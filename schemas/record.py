"""A fact said once: a class with annotated fields is a frozen dataclass and a marshmallow schema at the same time.

    class Swap(Record):
        date: date
        leader: Annotated[str, Length(min=1, max=40)]

    Swap.load({"date": "2025-01-23", "leader": "li-min"})     # raises marshmallow.ValidationError, naming the field
    swap.dump()                                               # plain JSON types

Understood annotations: str, int, float, bool, UUID, aware datetime, date, time, StrEnum, Record, X | None,
tuple[X, ...], dict[K, X], Any; ``Annotated[X, validator, ...]`` adds marshmallow validators.
"""

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from operator import methodcaller
from typing import Annotated, Any, ClassVar, Self, Union, dataclass_transform
from uuid import UUID

import marshmallow
from marshmallow import fields

from schemas.instants import is_placed
from schemas.swift import NotPlain, Reader, reader_for

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
        if not is_placed(moment):
            raise marshmallow.ValidationError("Must have an offset of less than 16 hours.")
        return moment


class _Text(fields.String):
    """A string that PostgreSQL and UTF-8 can hold: no NUL, no lone surrogate."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        if isinstance(text, str) and ("\x00" in text or not _is_encodable(text)):
            raise marshmallow.ValidationError("Holds a character that is not allowed.")
        return text


class _TupleOf(fields.List[Any]):
    """A list on the wire, a tuple in the program, so that a frozen record stays frozen."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **more))


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _field_for(annotation: Any, **options: Any) -> fields.Field[Any]:
    """The marshmallow field that an annotation stands for."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        validators = [*arguments[1:], *options.pop("validate", [])]
        return _field_for(arguments[0], validate=validators, **options)
    if origin in (Union, types.UnionType):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        return _field_for(inner, allow_none=True, **options)
    if origin is tuple:
        return _TupleOf(_field_for(arguments[0]), **options)
    if origin is dict:
        return fields.Dict(keys=_field_for(arguments[0]), values=_field_for(arguments[1]), **options)
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
    if _is_record(annotation):
        return fields.Nested(annotation.schema, **options)
    return _PLAIN[annotation](**options)


def _plain_for(annotation: Any) -> Callable[[Any], Any] | None:
    """How a value of that annotation is written in plain JSON types, as its field would; None where it is one already.

    Dumping through marshmallow costs five times as much, and every event of a burst is dumped.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _plain_for(arguments[0])
    if origin in (Union, types.UnionType):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        return _plain_for(inner)
    if origin is tuple:
        return _list_of(_plain_for(arguments[0]))
    if origin is dict:
        return _dict_of(_plain_for(arguments[0]), _plain_for(arguments[1]))
    if annotation in (date, datetime, time):
        return methodcaller("isoformat")
    if annotation is UUID or (isinstance(annotation, type) and issubclass(annotation, StrEnum)):
        return str
    if _is_record(annotation):
        return methodcaller("dump")
    return None


def _list_of(plain: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    return list if plain is None else lambda values: [plain(value) for value in values]


def _dict_of(key: Callable[[Any], Any] | None, plain: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    key, plain = key or _same, plain or _same
    return lambda values: {key(name): plain(value) for name, value in values.items()}


def _same(value: Any) -> Any:
    return value


def _default_of(declared: "dataclasses.Field[Any]") -> dict[str, Any]:
    """Whether the wire may leave the field out, and what it then is."""
    if declared.default is not dataclasses.MISSING:
        return {"load_default": declared.default}
    if declared.default_factory is not dataclasses.MISSING:
        return {"load_default": declared.default_factory}
    return {"required": True}


def _is_record(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Record)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record:
    """A frozen value with a marshmallow schema read off its annotations.

    ``unknown="exclude"`` ignores fields that the class does not know (events: a newer writer may say more);
    the default refuses them (HTTP bodies and the center file: a misspelt field must not be lost in silence).
    """

    schema: ClassVar[type[marshmallow.Schema]]
    _loader: ClassVar[marshmallow.Schema]
    _plain: ClassVar[tuple[tuple[str, Callable[[Any], Any] | None], ...]]
    _readers: ClassVar[dict[str, Reader]]

    def __init_subclass__(cls, *, unknown: str | None = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        if unknown is not None:
            cls._unknown = unknown
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        hints = typing.get_type_hints(cls, include_extras=True)
        members: dict[str, Any] = {
            declared.name: _field_for(hints[declared.name], **_default_of(declared))
            for declared in dataclasses.fields(cls)  # type: ignore[arg-type]
        }
        members["Meta"] = type("Meta", (), {"unknown": cls._unknown})
        members["make"] = marshmallow.post_load(lambda _schema, data, **_more: cls(**data))
        cls.schema = type(f"{cls.__name__}Schema", (marshmallow.Schema,), members)
        cls._loader = cls.schema()
        cls._plain = tuple((name, _plain_for(hints[name])) for name in cls._loader.fields)
        cls._readers = {name: reader_for(hints[name], _is_record) for name in cls._loader.fields}

    _unknown: ClassVar[str] = marshmallow.RAISE

    @classmethod
    def load(cls, data: Any) -> Self:
        """The record that plain JSON types describe. Raises marshmallow.ValidationError, naming each bad field."""
        try:
            return cls._load_plain(data)
        except Exception:  # whatever it is, marshmallow says it better
            loaded: Self = cls._loader.load(data)
            return loaded

    @classmethod
    def _load_plain(cls, data: Any) -> Self:
        """The record in ``data`` that is plainly right (`schemas.swift`). Raises anything otherwise."""
        if type(data) is not dict or (cls._unknown == marshmallow.RAISE and not data.keys() <= cls._readers.keys()):
            raise NotPlain
        values = {name: read(data[name]) for name, read in cls._readers.items() if name in data}
        return cls(**values)

    def dump(self) -> dict[str, Any]:
        """Plain JSON types, every field present."""
        said: dict[str, Any] = {}
        for name, plain in self._plain:
            value = getattr(self, name)
            said[name] = value if plain is None or value is None else plain(value)
        return said
