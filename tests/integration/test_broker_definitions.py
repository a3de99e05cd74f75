"""The definitions that a deployed broker starts with: a deadly message cannot end a service for ever."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import amqp
import pytest

from services.plumbing import broker
from tests.stack.rabbit import PrivateRabbit
from tests.stack.waiting import amqp_connection

DEFINITIONS = Path(__file__).parents[2] / "deploy/rabbitmq/definitions.json"
TYPE = "ticket.registered.v1"


@pytest.fixture(scope="module")
def rabbit() -> Iterator[PrivateRabbit]:
    with PrivateRabbit() as node:
        node.ctl("import_definitions", str(DEFINITIONS))
        with broker.connected(node.uri) as link:
            broker.declare(link, {"intake": [], "routing": [TYPE]})
        yield node


def test_the_policy_is_on_every_queue_but_the_dead_ones(rabbit: PrivateRabbit) -> None:
    lines = rabbit.ctl("list_queues", "name", "policy", "type", "--no-table-headers").splitlines()
    assert sorted(line.split("\t") for line in lines) == [
        ["bancheng.dead", "", "quorum"],
        ["bancheng.intake", "bancheng", "quorum"],
        ["bancheng.routing", "bancheng", "quorum"],
    ]


def test_a_message_that_ends_its_consumer_twenty_times_over_is_put_aside(rabbit: PrivateRabbit) -> None:
    limit = json.loads(DEFINITIONS.read_text())["policies"][0]["definition"]["delivery-limit"]
    deliveries = 0
    with amqp_connection(rabbit.uri) as connection:
        channel = connection.channel()
        channel.confirm_select()
        channel.basic_publish_confirm(amqp.Message("{}", delivery_mode=2), broker.EXCHANGE.name, TYPE)
        give_up = time.monotonic() + 20
        while (dead := channel.basic_get("bancheng.dead", no_ack=True)) is None:
            assert time.monotonic() < give_up, f"not put aside after {deliveries} deliveries"
            if message := channel.basic_get("bancheng.routing"):
                deliveries += 1
                channel.basic_reject(message.delivery_tag, requeue=True)
        assert channel.basic_get("bancheng.routing") is None
    assert deliveries == limit + 1
    assert dead.headers["x-first-death-queue"] == "bancheng.routing"
