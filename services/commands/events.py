"""`bancheng events`: every event, who announces it and who subscribes to it, for a person or as AsyncAPI 3.0.

All of it is read off the declarations in `schemas/events` and the `@subscribe` of the services; no server is asked.
"""

import inspect
import json
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from schemas.events.event import BATCH_CONTENT_TYPE, CONTENT_TYPE, Envelope, Event
from schemas.registry import VOCABULARY
from services.composition import subscriptions
from services.plumbing.http.openapi import specification
from services.plumbing.messaging.broker import EXCHANGE

_ABOUT = """\
What the services of Bancheng announce: CloudEvents 1.0 in JSON, structured mode, on one topic exchange of RabbitMQ. The
type is the routing key. Under load up to a hundred events of one type travel in one message (batch mode), so whoever
listens must be ready for both. Delivery is at least once: by the id of an event a repetition is known. New optional
fields may appear within a version; an event of a breaking change gets a type with the next version.
"""

NARROWEST, WIDE = 110, 360
"""Columns of the table on a terminal at least, and where the output goes to none: there nothing is cut off."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--asyncapi", "as_asyncapi", is_flag=True, help="Print an AsyncAPI 3.0 document, with schemas.")
def events(as_json: bool, as_asyncapi: bool) -> None:
    """List every event: who announces it, who subscribes to it, and its fields."""
    if as_json and as_asyncapi:
        raise click.UsageError("--json or --asyncapi, not both")
    if as_asyncapi:
        click.echo(json.dumps(asyncapi(), ensure_ascii=False, indent=2))
        return
    listed = catalog()
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    table = Table("type", "from", "subscribers", "fields", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.no_wrap = True  # a line an event: what a terminal cuts off the fields, --json has
    for row in listed:
        fields = ", ".join(name for name in row["fields"] if name != "center")
        table.add_row(row["type"], ", ".join(row["from"]), ", ".join(row["subscribers"]) or "-", fields)
    for column in table.columns[:3]:
        column.min_width = max(len(str(cell)) for cell in column.cells)
    table.caption, table.caption_justify = "Each has the field center besides. --json shows all of each.", "left"
    console = Console()
    console.width = max(console.width, NARROWEST) if console.is_terminal else WIDE
    console.print(table)


def catalog() -> list[dict[str, Any]]:
    """Every event as plain JSON types, by type: ``type``, ``from``, ``subscribers``, ``fields``, ``about``."""
    subscribed = subscriptions()
    return [
        {
            "type": type_,
            "from": list(event.ANNOUNCED_BY),
            "subscribers": [service for service, types in subscribed.items() if type_ in types],
            "fields": list(event.schema().fields),
            "about": _about(event),
        }
        for type_, event in sorted(VOCABULARY.items())
    ]


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document: a channel for each type, an operation for each service that sends or receives it.

    In structured mode the attributes of CloudEvents stand in the body, so a message's payload is the envelope around
    the event; its AMQP headers are empty.
    """
    spec, _ = specification("Bancheng", _ABOUT)
    spec.components.schema("Envelope", schema=Envelope.schema)
    for type_ in sorted(VOCABULARY):
        spec.components.schema(VOCABULARY[type_].__name__, schema=VOCABULARY[type_].schema)
    described: dict[str, Any] = spec.to_dict()
    document: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": described["info"],
        "defaultContentType": CONTENT_TYPE,
        "channels": {},
        "operations": {},
        "components": {"messages": {}, "schemas": described["components"]["schemas"]},
    }
    for row in catalog():
        type_, event = row["type"], VOCABULARY[row["type"]]
        document["components"]["messages"] |= _messages(event)
        document["channels"][type_] = {
            "address": type_,
            "description": row["about"],
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in (type_, f"{type_}.batch")},
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {"name": EXCHANGE.name, "type": "topic", "durable": True, "autoDelete": False},
                    "bindingVersion": "0.3.0",
                }
            },
        }
        for action, services in (("send", row["from"]), ("receive", row["subscribers"])):
            for service in services:
                document["operations"][f"{service}.{action}.{type_}"] = {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{type_}"},
                    "tags": [{"name": service}],
                }
    return document


def _messages(event: type[Event]) -> dict[str, Any]:
    """The two messages in which an event may come: alone, and in a list of its type."""
    envelope = {
        "allOf": [
            {"$ref": "#/components/schemas/Envelope"},
            {
                "type": "object",
                "properties": {
                    "type": {"const": event.TYPE},
                    "source": {"enum": [f"/bancheng/{service}" for service in event.ANNOUNCED_BY]},
                    "data": {"$ref": f"#/components/schemas/{event.__name__}"},
                },
            },
        ]
    }
    common = {"title": event.__name__, "summary": _about(event), "headers": {"type": "object", "maxProperties": 0}}
    return {
        event.TYPE: {**common, "name": event.TYPE, "contentType": CONTENT_TYPE, "payload": envelope},
        f"{event.TYPE}.batch": {
            **common,
            "name": f"{event.TYPE}.batch",
            "contentType": BATCH_CONTENT_TYPE,
            "payload": {"type": "array", "minItems": 1, "items": envelope},
        },
    }


def _about(event: type[Event]) -> str:
    """The docstring of an event, which is its documentation."""
    return inspect.getdoc(event) or event.__name__
