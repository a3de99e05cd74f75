"""Every event belongs to one service or to a few, and only they are believed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from schemas.events.event import UnreadableEvent
from schemas.registry import VOCABULARY
from services.composition import SERVICES
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.messages import MessageContents, Origin
from tests.deadline_builders import registered
from tests.stack.envelopes import the_event, wire

SAMPLES = Path(__file__).parents[1] / "contract" / "samples"
OURS = {type_: each for type_, each in VOCABULARY.items() if each.__module__.startswith("schemas.")}


@pytest.mark.parametrize("type_", OURS)
def test_every_event_says_which_services_announce_it(type_: str) -> None:
    assert OURS[type_].ANNOUNCED_BY
    assert set(OURS[type_].ANNOUNCED_BY) <= set(SERVICES)


def _sample(type_: str, **changes: Any) -> bytes:
    return json.dumps(json.loads((SAMPLES / f"{type_}.json").read_text(encoding="utf-8")) | changes).encode()


@pytest.mark.parametrize("source", ["/bancheng/routing", "/elsewhere/intake", "intake", "/bancheng/intake/"])
def test_an_event_from_a_service_that_does_not_announce_it_is_not_believed(source: str) -> None:
    with pytest.raises(UnreadableEvent, match="source"):
        the_event(_sample("ticket.registered.v1", source=source))


def test_an_event_that_came_by_another_types_routing_key_is_not_believed() -> None:
    """The broker lets each service publish by the keys of its own types alone; the body could claim anything."""
    found, body = MessageContents(), _sample("ticket.withdrawn.v1")
    for origin in (Origin("ticket.withdrawn.v1", None), None, Origin("ticket.routed.v1", None)):
        found.add(body, OURS, origin)
    assert len(found.deliveries) == 2
    assert [each.reason for each in found.unreadable] == ["type: it came by the routing key of another type"]


def test_an_event_that_another_services_user_sent_is_not_believed() -> None:
    found, body = MessageContents(), _sample("ticket.withdrawn.v1")
    for sender in ("intake", "routing", ""):
        found.add(body, OURS, Origin("ticket.withdrawn.v1", sender))
    assert len(found.deliveries) == 1
    assert [each.reason for each in found.unreadable] == [
        "source: it was not sent by this service's user of the broker"
    ] * 2


def test_a_type_of_tomorrow_comes_only_by_its_own_routing_key() -> None:
    found, body = MessageContents(), _sample("ticket.withdrawn.v1", type="ticket.withdrawn.v2")
    found.add(body, OURS, Origin("ticket.withdrawn.v2", "intake"))
    found.add(body, OURS, Origin("ticket.routed.v1", "intake"))
    found.add(body, OURS, Origin("ticket.withdrawn.v2", "routing"))
    assert (len(found.unknown), len(found.unreadable)) == (1, 2)


def test_a_service_says_how_far_its_own_news_have_come_and_nobody_elses() -> None:
    sample = json.loads(_sample("source.reached.v1"))
    own, other = (sample["source"].removeprefix("/bancheng/"), "deadline_watch")
    found = MessageContents()
    for source in (own, other):
        data = sample["data"] | {"source": source}
        found.add(_sample("source.reached.v1", data=data), OURS, Origin("source.reached.v1", own))
    assert len(found.deliveries) == 1
    assert [each.reason for each in found.unreadable] == [
        "data: source.reached.v1 speaks for another service than its source"
    ]


def test_a_service_does_not_announce_what_is_anothers() -> None:
    tx = Transaction(None, "routing", datetime.now(UTC))
    with pytest.raises(TypeError, match=r"ticket\.registered\.v1 is not announced by routing"):
        tx.announce(registered("2025-01-24 10:00"))
    assert tx.announced == []


def test_what_tests_say_comes_from_who_announces_it() -> None:
    event = registered("2025-01-24 10:00")
    assert the_event(wire(event, uuid4(), time=datetime.now(UTC))).envelope.source == "/bancheng/intake"
