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
import typing
from datetime import date, datetime, time, tzinfo
from typing import Any, ClassVar, Self, dataclass_transform

import marshmallow
import orjson

from schemas.record.fast_path import FallBack, Reader, reader_for
from schemas.record.fields import field_for

_UNKNOWN_NAMED = 20
"""How many unknown fields are still named one by one."""


def _refuse_too_many(schema: marshmallow.Schema, data: Any, **_more: Any) -> Any:
    """Marshmallow would name each field that it does not know: a megabyte of them makes a reply of three."""
    if isinstance(data, dict) and len(data) > len(schema.fields) + _UNKNOWN_NAMED:
        raise marshmallow.ValidationError("Has too many fields.")
    return data


def _default_of(declared: "dataclasses.Field[Any]") -> dict[str, Any]:
    """Whether the wire may leave the field out, and what it then is."""
    if declared.default is not dataclasses.MISSING:
        return {"load_default": declared.default}
    if declared.default_factory is not dataclasses.MISSING:
        return {"load_default": declared.default_factory}
    return {"required": True}


def _is_record(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Record)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
class Record:
    """A frozen value with a marshmallow schema read off its annotations.

    ``unknown="exclude"`` ignores fields that the class does not know (events: a newer writer may say more);
    the default refuses them (HTTP bodies and the center file: a misspelt field must not be lost in silence).
    """

    schema: ClassVar[type[marshmallow.Schema]]
    _loader: ClassVar[marshmallow.Schema]
    _readers: ClassVar[dict[str, Reader]]
    _required: ClassVar[frozenset[str]]

    def __init_subclass__(cls, *, unknown: str | None = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        if unknown is not None:
            cls._unknown = unknown
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        hints = typing.get_type_hints(cls, include_extras=True)
        members: dict[str, Any] = {
            declared.name: field_for(hints[declared.name], _is_record, **_default_of(declared))
            for declared in dataclasses.fields(cls)  # type: ignore[arg-type]
        }
        members["record_class"] = cls
        members["Meta"] = type("Meta", (), {"unknown": cls._unknown})
        members["make"] = marshmallow.post_load(lambda _schema, data, **_more: cls(**data))
        if cls._unknown == marshmallow.RAISE:
            members["refuse_too_many"] = marshmallow.pre_load(_refuse_too_many)
        cls.schema = type(f"{cls.__name__}Schema", (marshmallow.Schema,), members)
        cls._loader = cls.schema()
        cls._readers = {name: reader_for(hints[name], _is_record) for name in cls._loader.fields}
        cls._required = frozenset(name for name, field in cls._loader.fields.items() if field.required)

    _unknown: ClassVar[str] = marshmallow.RAISE

    @classmethod
    def load(cls, data: Any) -> Self:
        """The record that plain JSON types describe. Raises marshmallow.ValidationError, naming each bad field."""
        try:
            return cls._load_plain(data)
        except (FallBack, ValueError, marshmallow.ValidationError):  # marshmallow names every field that is wrong
            loaded: Self = cls._loader.load(data)
            return loaded

    @classmethod
    def _load_plain(cls, data: Any) -> Self:
        """The record in ``data`` if it is plainly right (`schemas.record.fast_path`).

        Raises FallBack, or what its readers and validators raise: ValueError or ValidationError.
        """
        if type(data) is not dict or not cls._required <= data.keys():
            raise FallBack
        if cls._unknown == marshmallow.RAISE and not data.keys() <= cls._readers.keys():
            raise FallBack
        values = {name: read(data[name]) for name, read in cls._readers.items() if name in data}
        return cls(**values)

    def dump(self, zone: tzinfo | None = None) -> dict[str, Any]:
        """Plain JSON types, every field present; ``zone`` as in `json`."""
        plain: dict[str, Any] = orjson.loads(self.json(zone))
        return plain

    def json(self, zone: tzinfo | None = None) -> bytes:
        """The same as JSON in UTF-8. Instants have the offset of ``zone``, if given, else their own."""
        if zone is None:
            return orjson.dumps(self, option=orjson.OPT_NON_STR_KEYS)

        def in_zone(value: date | time) -> str:
            return (value.astimezone(zone) if isinstance(value, datetime) else value).isoformat()

        return orjson.dumps(self, in_zone, orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME)


class Reply(Record):
    """What a service answers: each field is written, also one that a reader could leave out.

    The OpenAPI document says so. Records within a reply are replies too.
    """
