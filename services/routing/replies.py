"""Rows of the store as records of a reply: with times in the center's offset, in pages, as far as the actor sees."""

import typing
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from schemas.enums import Role
from schemas.record.record import Record
from services.access import centers
from services.access.tokens import Actor
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.plumbing.http.replies import page_length
from services.routing.rules.ticket import Scope

_R = TypeVar("_R", bound=Record)


def scope_of(actor: Actor) -> Scope:
    """How far an actor sees, which every query carries in its SQL: the center's own people everything of the center, a
    liaison and a head what the own department has to do with, one of no department nothing.
    """
    of_center = actor.has(Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR)
    return Scope(actor.center, None if of_center else actor.department or "")


def page_of(rows: list[Row], limit: int) -> tuple[list[Row], UUID | None]:
    """The rows of a page, of which one more was asked for than it holds, and its last one's id (the first column)
    if more follow."""
    count = page_length(rows, limit)
    return rows[:count], rows[count - 1][0] if len(rows) > count else None


def zone_of(call: Call) -> tzinfo:
    """The time zone of the actor's center, in which replies give times; UTC while it is unknown and has no tickets."""
    try:
        return work_calendar(centers.current(call.tx, call.actor.center).calendar).zone
    except centers.UnknownCenter:
        return UTC


def shown(record: type[_R], row: Row, zone: tzinfo, **more: Any) -> _R:
    """What ``record`` wants of a row: codes become members of their enum, arrays tuples, times those of ``zone``."""
    kind: Any = record
    values, fields = {}, _fields_of(kind)
    for name, value in row._asdict().items():
        if name not in fields:
            continue
        if isinstance(value, datetime):
            value = value.astimezone(zone)
        elif isinstance(value, list):
            value = tuple(value)
        elif value and (enum := fields[name]) is not None:
            value = enum(value)
        values[name] = value
    return record(**values, **more)


@cache
def _fields_of(record: Any) -> dict[str, type[StrEnum] | None]:
    """The fields of a record, with the enum of those that hold a code."""
    found: dict[str, type[StrEnum] | None] = {}
    for name, hint in typing.get_type_hints(record).items():
        if name in record.schema().fields:
            hints = (hint, *typing.get_args(hint))
            found[name] = next((each for each in hints if isinstance(each, type) and issubclass(each, StrEnum)), None)
    return found
