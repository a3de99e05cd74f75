"""The definitions that a deployed broker starts with: a deadly message cannot end a service for ever, nor get lost."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import amqp
import pytest
import requests

from services.plumbing.messaging import broker
from services.sandbox.ports import free_ports
from tests.stack.eventually import eventually
from tests.stack.rabbit import PrivateRabbit
from tests.stack.waiting import amqp_connection

DEFINITIONS = Path(__file__).parents[2] / "deploy/rabbitmq/definitions.json"
TYPE = "ticket.registered.v1"
OURS, DEAD = "bancheng.routing", "bancheng.dead"
LIMIT = next(
    policy["definition"]["delivery-limit"]
    for policy in json.loads(DEFINITIONS.read_text(encoding="utf-8"))["policies"]
    if policy["name"] == "bancheng"
)


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def rabbit(metrics_port: int) -> Iterator[PrivateRabbit]:
    with PrivateRabbit(plugins=("rabbitmq_prometheus",), config=f"prometheus.tcp.port = {metrics_port}") as node:
        node.import_definitions(DEFINITIONS)
        with broker.connected(node.uri) as link:
            broker.declare(link, {"intake": [], "routing": [TYPE]})
        node.ctl("add_user", "operator", "operator")
        node.ctl("set_permissions", "operator", *[r"^bancheng\."] * 3)  # as the deployed broker's user may
        yield node


@pytest.fixture
def channel(rabbit: PrivateRabbit) -> Iterator[amqp.Channel]:
    with amqp_connection(rabbit.uri) as connection:
        channel = connection.channel()
        channel.confirm_select()
        channel.queue_purge(DEAD)
        yield channel


def _put_aside(channel: amqp.Channel, body: str) -> int:
    """Have the broker put a message aside, as it does when its service ends again and again; how often it took that."""
    before, deliveries = _length(channel, DEAD), 0
    message = amqp.Message(body, delivery_mode=2, type=TYPE, content_type="application/json")
    channel.basic_publish_confirm(message, broker.EXCHANGE.name, TYPE)
    give_up = time.monotonic() + 20
    while _length(channel, DEAD) == before:
        assert time.monotonic() < give_up, f"not put aside after {deliveries} deliveries"
        if delivered := channel.basic_get(OURS):
            deliveries += 1
            channel.basic_reject(delivered.delivery_tag, requeue=True)
    return deliveries


def _length(channel: amqp.Channel, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).message_count)


def _bancheng(rabbit: PrivateRabbit, *words: str) -> "subprocess.CompletedProcess[str]":
    uri = rabbit.uri.replace("guest:guest", "operator:operator")
    environment = os.environ | {"AMQP_URI": uri, "COLUMNS": "150"}
    command = [sys.executable, "-m", "services.cli", "dead", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _taken(channel: amqp.Channel) -> Any:
    message = channel.basic_get(OURS, no_ack=True)
    assert message is not None
    return message


def test_each_queue_has_its_policy(rabbit: PrivateRabbit) -> None:
    """That of the dead keeps them, however often somebody looks: RabbitMQ 4 would drop them after twenty times."""
    lines = rabbit.ctl("list_queues", "name", "policy", "type", "--no-table-headers").splitlines()
    assert sorted(line.split("\t") for line in lines) == [
        [DEAD, "bancheng-dead", "quorum"],
        ["bancheng.intake", "bancheng", "quorum"],
        [OURS, "bancheng", "quorum"],
    ]


def test_a_message_that_ends_its_consumer_twenty_times_over_is_put_aside(channel: amqp.Channel) -> None:
    assert _put_aside(channel, "{}") == LIMIT + 1
    assert channel.basic_get(OURS) is None
    assert channel.basic_get(DEAD, no_ack=True).headers["x-first-death-queue"] == OURS


def test_what_was_put_aside_is_listed_shown_and_given_back(rabbit: PrivateRabbit, channel: amqp.Channel) -> None:
    for body in ('{"a": 1}', '{"b": "二"}', '{"c": 3}'):
        _put_aside(channel, body)
    listed = _bancheng(rabbit, "list").stdout
    ids = re.findall(rf"([0-9a-f]{{12}}).*{OURS}.*{TYPE}.*20\d\d-\d\d.*delivery_limit", listed)
    assert len(ids) == 3, listed
    assert '"b": "二"' in _bancheng(rabbit, "show", ids[1]).stdout
    assert _bancheng(rabbit, "replay", ids[1]).returncode == 0
    again = _taken(channel)
    assert (again.body, again.properties["type"]) == ('{"b": "二"}', TYPE)
    assert not [name for name in again.headers if "death" in name]
    assert _bancheng(rabbit, "discard", "--yes", ids[0]).returncode == 0
    assert _bancheng(rabbit, "replay", "--all").stdout == "1 messages are back in their queues\n"
    assert _taken(channel).body == '{"c": 3}'
    assert (_length(channel, OURS), _length(channel, DEAD)) == (0, 0)
    assert _bancheng(rabbit, "list").stdout == "nothing was put aside\n"


def test_what_no_queue_takes_back_stays_where_it_is(rabbit: PrivateRabbit, channel: amqp.Channel) -> None:
    headers = {"x-first-death-queue": "bancheng.gone"}
    channel.basic_publish_confirm(amqp.Message("{}", application_headers=headers), DEAD)
    refused = _bancheng(rabbit, "replay", "--all")
    assert refused.returncode == 1
    assert "there is no queue bancheng.gone" in refused.stderr
    assert eventually(lambda: _length(channel, DEAD) == 1)
    channel.queue_purge(DEAD)
    channel.basic_publish_confirm(amqp.Message("{}"), DEAD)
    assert "does not say where it came from" in _bancheng(rabbit, "replay", "--all").stderr
    assert eventually(lambda: _length(channel, DEAD) == 1)


def test_the_broker_counts_what_was_put_aside_as_the_alert_asks(channel: amqp.Channel, metrics_port: int) -> None:
    channel.basic_publish_confirm(amqp.Message("{}"), DEAD)
    address = f"http://127.0.0.1:{metrics_port}/metrics/detailed"
    wanted = f'rabbitmq_detailed_queue_messages{{vhost="/",queue="{DEAD}"}} 1'
    asked = {"family": "queue_coarse_metrics", "vhost": "/"}
    assert eventually(lambda: wanted in requests.get(address, params=asked, timeout=5).text, pause=0.5)
