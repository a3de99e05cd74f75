"""Each service is a user of the broker: what is another's to say or to read is beyond its reach, and beyond belief."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import amqp
import pytest
import yaml

from schemas.center.center import Center
from schemas.events.event import CONTENT_TYPE
from schemas.events.tickets import TicketClosed
from services.composition import SERVICES, announced, broker_definitions, subscriptions
from services.plumbing.messaging.broker_users import EXCHANGE, import_definitions, queue_name, user_of
from services.plumbing.messaging.dead_letters import QUEUE as DEAD
from services.plumbing.runtime.resources import BrokerAccess
from services.sandbox.sandbox import Sandbox
from tests.e2e.actors import Actors, at
from tests.stack.broker_users import broker_of, user_uris
from tests.stack.rabbit import PrivateRabbit
from tests.stack.services import settings
from tests.stack.waiting import amqp_connection

DEMO = Path(__file__).parents[2] / "deploy/centers/demo.yml"
ANNOUNCED, HEARD = announced(), subscriptions()
OTHERS = [(name, other) for name in SERVICES for other in SERVICES if other != name]


@pytest.fixture(scope="module")
def house(amqp_uri: str, broker: PrivateRabbit) -> Iterator[Actors]:
    """The whole house on the broker, whose users the migration has made."""
    center = Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
    access = BrokerAccess(amqp_uri, user_uris(amqp_uri, *SERVICES), broker.management_url)
    with Sandbox(center, at("2025-01-02 09:00"), broker=access) as sandbox:
        yield Actors(sandbox)
        print(sandbox.log()[-4000:])


@contextmanager
def channel_of(service: str, amqp_uri: str) -> Iterator[Any]:
    with amqp_connection(broker_of(amqp_uri).service_uris[service]) as connection:
        channel = connection.channel()
        channel.confirm_select()
        yield channel


def publish(channel: Any, type_: str, body: bytes | str = "{}", exchange: str = EXCHANGE, **properties: Any) -> None:
    message = amqp.Message(body, delivery_mode=2, content_type=CONTENT_TYPE, **properties)
    channel.basic_publish_confirm(message, exchange=exchange, routing_key=type_)


def is_promised(house: Actors) -> bool:
    """Whether a new ticket goes all the way: received by intake, routed, its clocks set by deadline_watch."""
    ticket = house.register("发票开不出来", "发票一直开不出来,税务说等通知。")
    return bool(house.deadlines(ticket, "answer")) and house.ticket(ticket)["lead"] == "SWJ"


def test_a_ticket_goes_all_the_way_under_the_users_that_the_migration_made(house: Actors) -> None:
    assert is_promised(house)


@pytest.mark.parametrize("owner", SERVICES)
def test_a_deleted_queue_is_made_anew_by_its_owner_and_nothing_is_lost(
    house: Actors, amqp_uri: str, owner: str
) -> None:
    with amqp_connection(amqp_uri) as connection:
        connection.channel().queue_delete(queue_name(owner))
        assert is_promised(house)


@pytest.mark.parametrize(("name", "other"), OTHERS)
def test_what_is_anothers_to_say_is_refused(house: Actors, amqp_uri: str, name: str, other: str) -> None:
    for type_ in set(ANNOUNCED[other]) - set(ANNOUNCED[name]):
        with channel_of(name, amqp_uri) as channel, pytest.raises(amqp.exceptions.AccessRefused):
            publish(channel, type_)


@pytest.mark.parametrize(("name", "other"), OTHERS)
def test_nobody_sends_in_anothers_name(house: Actors, amqp_uri: str, name: str, other: str) -> None:
    type_ = next(iter(ANNOUNCED[name]))
    with channel_of(name, amqp_uri) as channel, pytest.raises(amqp.exceptions.PreconditionFailed, match="user_id"):
        publish(channel, type_, user_id=user_of(other))


@pytest.mark.parametrize(("name", "other"), OTHERS)
def test_anothers_queue_is_neither_read_nor_emptied_nor_deleted(
    house: Actors, amqp_uri: str, name: str, other: str
) -> None:
    queue = queue_name(other)
    acts: tuple[Callable[[Any], Any], ...] = (
        lambda channel: channel.basic_get(queue),
        lambda channel: channel.basic_consume(queue, callback=print),
        lambda channel: channel.queue_purge(queue),
        lambda channel: channel.queue_delete(queue),
        lambda channel: channel.queue_declare(queue, durable=True, auto_delete=False),
    )
    for act in acts:
        with channel_of(name, amqp_uri) as channel, pytest.raises(amqp.exceptions.AccessRefused):
            act(channel)


@pytest.mark.parametrize("name", SERVICES)
def test_a_queue_is_bound_for_what_its_service_hears_and_for_nothing_else(
    house: Actors, amqp_uri: str, name: str
) -> None:
    all_types = {type_ for types in ANNOUNCED.values() for type_ in types}
    for key in {*all_types, "#", "ticket.*.v1"} - set(HEARD[name]) - set(ANNOUNCED[name]):
        with channel_of(name, amqp_uri) as channel, pytest.raises(amqp.exceptions.AccessRefused):
            channel.queue_bind(queue_name(name), EXCHANGE, key)


@pytest.mark.parametrize("name", SERVICES)
def test_exchanges_and_what_was_put_aside_are_the_administrators(house: Actors, amqp_uri: str, name: str) -> None:
    acts: tuple[Callable[[Any], Any], ...] = (
        lambda channel: channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False),
        lambda channel: channel.exchange_delete(EXCHANGE),
        lambda channel: channel.queue_declare(DEAD, durable=True, auto_delete=False),
        lambda channel: channel.queue_declare("bancheng.mine", durable=True, auto_delete=False),
        lambda channel: publish(channel, queue_name("routing"), exchange=""),
        lambda channel: channel.queue_bind(queue_name(name), "amq.topic", "#"),
    )
    for act in acts:
        with channel_of(name, amqp_uri) as channel, pytest.raises(amqp.exceptions.AccessRefused):
            act(channel)


def rights(broker: PrivateRabbit, amqp_uri: str) -> str:
    vhost = amqp_uri.rpartition("/")[2]
    return broker.ctl("list_permissions", "-p", vhost) + broker.ctl("list_topic_permissions", "-p", vhost)


def test_migrating_again_takes_back_rights_that_were_given_by_hand(
    house: Actors, broker: PrivateRabbit, amqp_uri: str
) -> None:
    before = rights(broker, amqp_uri)
    for by_hand in (False, True):
        if by_hand:
            broker.ctl("set_permissions", "-p", amqp_uri.rpartition("/")[2], user_of("intake"), ".*", ".*", ".*")
        import_definitions(broker.management_url, broker_definitions(user_uris(amqp_uri, *SERVICES)))
        assert rights(broker, amqp_uri) == before


def test_what_is_printed_for_rabbitmqctl_makes_the_same_users(broker: PrivateRabbit, amqp_uri: str) -> None:
    environment = os.environ | settings(amqp_uri, "postgresql:///not-asked") | {"AMQP_URI": amqp_uri}
    command = [sys.executable, "-m", "services.cli", "migrate", "--print-broker-users"]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert "of the tests" not in printed
    broker.ctl("clear_permissions", "-p", amqp_uri.rpartition("/")[2], user_of("routing"))
    file = broker.folder / "users.json"
    file.write_text(printed)
    broker.import_definitions(file)
    with channel_of("routing", amqp_uri) as channel:
        publish(channel, TicketClosed.TYPE)
