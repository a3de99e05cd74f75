"""`bancheng events`: the catalogue says what the declarations say, and its AsyncAPI document is a valid one."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator, FormatChecker, ValidationError

from schemas.registry import VOCABULARY
from services.cli import main
from services.commands.events import asyncapi
from services.composition import SERVICES, subscriptions

HERE = Path(__file__).parent
SAMPLES = sorted((HERE / "samples").glob("*.json"))
SPECIFICATION = Draft7Validator(json.loads((HERE / "asyncapi-spec.json").read_text(encoding="utf-8")))
TYPES = {type_ for type_, event in VOCABULARY.items() if event.__module__.startswith("schemas.")}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi()


def printed(*options: str) -> str:
    done = CliRunner().invoke(main, ["events", *options])
    assert done.exit_code == 0, done.output
    return done.output


def payload_of(document: dict[str, Any], message: str) -> Draft7Validator:
    """Judges the body of a message."""
    schema = document["components"]["messages"][message]["payload"] | {"components": document["components"]}
    return Draft7Validator(schema, format_checker=FormatChecker())


def test_the_list_has_every_event_with_its_fields_on_a_line() -> None:
    lines = {line.split()[0]: line for line in printed().splitlines() if line.strip()}
    assert lines.keys() >= TYPES
    assert "from" in lines["type"]
    assert "subscribers" in lines["type"]
    assert lines["ticket.registered.v1"].split()[1] == "intake"
    for type_ in TYPES:
        assert all(name in lines[type_] for name in VOCABULARY[type_].schema().fields if name != "center")


def test_the_json_says_who_announces_and_who_subscribes() -> None:
    listed = {row["type"]: row for row in json.loads(printed("--json"))}
    for service, types in subscriptions().items():
        assert {type_ for type_, row in listed.items() if service in row["subscribers"]} == set(types)
    for type_ in TYPES:
        assert tuple(listed[type_]["from"]) == VOCABULARY[type_].ANNOUNCED_BY


def test_only_one_form_can_be_asked_for() -> None:
    assert CliRunner().invoke(main, ["events", "--json", "--asyncapi"]).exit_code == 2


def test_the_document_is_valid_asyncapi_3(document: dict[str, Any]) -> None:
    assert json.loads(printed("--asyncapi"))["asyncapi"] == "3.0.0"
    SPECIFICATION.validate(document)
    with pytest.raises(ValidationError):
        SPECIFICATION.validate(document | {"channels": {"x": {"adress": "x"}}})


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    to_see: list[Any] = [document]
    while to_see:
        match to_see.pop():
            case {"$ref": reference}:
                found: Any = document
                for part in reference.removeprefix("#/").split("/"):
                    found = found[part]
            case dict() as inner:
                to_see.extend(inner.values())
            case list() as inner:
                to_see.extend(inner)


def test_the_operations_are_the_services_that_send_and_receive(document: dict[str, Any]) -> None:
    operations = document["operations"]
    received = {name for name in operations if operations[name]["action"] == "receive"}
    assert received == {f"{name}.receive.{type_}" for name, types in subscriptions().items() for type_ in types}
    sent = {name for name, event in VOCABULARY.items() for _ in event.ANNOUNCED_BY}
    channel_of = {name: operation["channel"]["$ref"].rpartition("/")[2] for name, operation in operations.items()}
    assert {channel_of[name] for name in operations.keys() - received} == sent
    tags = {tag["name"] for name in operations if channel_of[name] in TYPES for tag in operations[name]["tags"]}
    assert tags == SERVICES.keys()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_stored_sample_is_what_the_document_promises(sample: Path, document: dict[str, Any]) -> None:
    said = json.loads(sample.read_text(encoding="utf-8"))
    payload_of(document, said["type"]).validate(said)
    payload_of(document, f"{said['type']}.batch").validate([said, said])
    bad = said | {"source": "/bancheng/elsewhere"}
    assert not payload_of(document, said["type"]).is_valid(bad), "another's name"
    assert not payload_of(document, said["type"]).is_valid(said | {"data": {}}), "no center"
