import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import marshmallow
import pytest
from marshmallow import ValidationError
from marshmallow.validate import Length

import schemas.requests.applicants
import schemas.requests.assignments
import schemas.requests.deadlines
import schemas.requests.docket
import schemas.requests.intake
import schemas.requests.timeline  # noqa: F401
from schemas.enums import Mark
from schemas.events.tickets import TicketWithdrawn
from schemas.record.record import Record, Reply
from tests.stack.envelopes import the_event

SAMPLES = sorted((Path(__file__).parents[1] / "contract" / "samples").glob("*.json"))


class Inner(Record):
    mark: Mark
    on: date


class Everything(Record):
    id: UUID
    at: time
    short: Annotated[str, Length(max=3)] | None = None
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    by_mark: dict[Mark, tuple[UUID, ...]]
    anything: Any = None


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_an_event_is_dumped_as_its_schema_would(sample: Path) -> None:
    event = the_event(sample.read_bytes()).event
    assert event.dump() == event.schema().dump(event)


def test_what_holds_other_records_is_dumped_as_its_schema_would() -> None:
    inner = {"mark": "breached", "on": "2025-01-27"}
    id_ = "00000000-0000-7000-8000-000000000001"
    said = {
        "id": id_,
        "at": "09:00:00",
        "inner": inner,
        "many": [inner, inner],
        "by_mark": {"overdue": [id_]},
        "anything": {"x": [1]},
    }
    record = Everything.load(said)
    assert record.dump() == record.schema().dump(record) == said | {"short": None}
    json.dumps(record.dump())


def test_a_dump_in_a_zone_changes_the_offset_of_instants_and_nothing_else() -> None:
    said = {"center": "BC", "ticket_id": "0194973f-7c00-7000-8000-000000000001"}
    event = TicketWithdrawn.load(said | {"withdrawn_at": "2025-01-24T02:00:00.000120+00:00"})
    shown = event.dump(ZoneInfo("Asia/Shanghai"))
    assert shown == event.dump() | {"withdrawn_at": "2025-01-24T10:00:00.000120+08:00"}
    dated = Everything.load(
        {"id": said["ticket_id"], "at": "09:00:00", "by_mark": {}, "inner": {"mark": "overdue", "on": "2025-01-27"}}
    )
    assert dated.dump(ZoneInfo("Asia/Shanghai")) == dated.dump()


def test_a_fault_of_a_validator_is_not_hidden_by_marshmallow() -> None:
    calls = []

    def breaks_once(_text: str) -> None:
        calls.append(_text)
        if len(calls) == 1:
            raise KeyError("a fault in our own program")

    class Judged(Record):
        text: Annotated[str, breaks_once]

    with pytest.raises(KeyError):
        Judged.load({"text": "x"})


@pytest.mark.parametrize("offset", ["+08:05:43", "-05:00:30", "+00:00:01"])
def test_an_offset_that_is_not_in_whole_minutes_is_refused(offset: str) -> None:
    """RFC 3339 has none, and JSON writers round it: the instant would be another one."""
    said = {"center": "BC", "ticket_id": "0194973f-7c00-7000-8000-000000000001"}
    with pytest.raises(ValidationError) as refused:
        TicketWithdrawn.load(said | {"withdrawn_at": f"2025-01-24T09:00:00{offset}"})
    assert list(refused.value.normalized_messages()) == ["withdrawn_at"]


def test_an_instant_is_dumped_as_the_same_instant() -> None:
    said = {"center": "BC", "ticket_id": "0194973f-7c00-7000-8000-000000000001"}
    for offset in ("+08:00", "-03:30", "+00:00", "+05:45"):
        event = TicketWithdrawn.load(said | {"withdrawn_at": f"2025-01-24T09:00:00.000120{offset}"})
        assert datetime.fromisoformat(event.dump()["withdrawn_at"]) == event.withdrawn_at


def test_the_records_within_a_reply_are_replies() -> None:
    """Otherwise the OpenAPI document would not promise their fields."""
    to_see = list(Reply.__subclasses__())
    assert to_see
    for reply in to_see:
        to_see += reply.__subclasses__()
        for field in reply.schema().fields.values():
            within = field.inner if isinstance(field, marshmallow.fields.List) else field
            if isinstance(within, marshmallow.fields.Nested):
                nested: Any = within.schema
                assert issubclass(nested.record_class, Reply), reply.__name__
