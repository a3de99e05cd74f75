"""What a queue lost is found again: the roll of open tickets is called, and who misses one asks for it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from schemas.center import Center
from services.stage.stage import Stage
from tests.e2e.actors import Actors, at
from tests.stack.eventually import eventually
from tests.stack.waiting import amqp_connection

DEMO = Path(__file__).parents[2] / "deploy" / "centers" / "demo.yml"


@pytest.fixture(scope="module")
def house(amqp_uri: str) -> Iterator[Actors]:
    center = Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
    with Stage(center, at("2025-03-03 10:00"), amqp_uri=amqp_uri) as stage:
        yield Actors(stage)


def lose(house: Actors, amqp_uri: str, queue: str) -> None:
    """Register a ticket whose events never reach a queue: it is unbound meanwhile, as if its messages were deleted."""
    applicant = {"kind": "person", "name": "周小满", "phone": "13900001111"}
    body = {"title": "路灯不亮", "text": "路灯不亮一个月", "channel": "window", "applicant": applicant}
    with amqp_connection(amqp_uri) as connection, closing(connection.channel()) as channel:
        channel.queue_unbind(queue, "bancheng.events", "ticket.registered.v1")
        house.clerk.post("/tickets", body)
        assert eventually(lambda: count(house, "SELECT count(*) FROM intake.outbox") == 0)
        channel.queue_bind(queue, "bancheng.events", "ticket.registered.v1")


def count(house: Actors, query: str) -> int:
    with closing(psycopg2.connect(house.stage.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def missing(house: Actors, service: str) -> float:
    """How many tickets a service has missed, as operators see it."""
    text = requests.get(f"http://{house.stage.addresses[service]}/metrics", timeout=10).text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "bancheng_rollcall_missing_total" and sample.labels["service"] == service
    )


def test_a_ticket_that_routing_never_heard_of_is_routed_after_the_roll_call(house: Actors, amqp_uri: str) -> None:
    lose(house, amqp_uri, "bancheng.routing")
    known = "SELECT count(*) FROM routing.tickets"
    before = count(house, known)
    assert eventually(lambda: count(house, known) == before + 1, seconds=90)
    assert missing(house, "routing") == 1


def test_a_clock_that_never_started_runs_from_registration_after_the_roll_call(house: Actors, amqp_uri: str) -> None:
    lose(house, amqp_uri, "bancheng.deadline_watch")
    house.stage.step(at("2025-03-05 18:00"))
    late = (
        "SELECT count(*) FROM deadline_watch.deadlines WHERE kind = 'answer' AND state = 'breached'"
        " AND started_at = '2025-03-03 10:00+08'"
    )
    assert eventually(lambda: count(house, late) == 2, seconds=90), "the breach comes late, but it comes"
    assert missing(house, "deadline_watch") == 1
    assert count(house, "SELECT count(*) FROM routing.tickets") == count(house, "SELECT count(*) FROM intake.tickets")
