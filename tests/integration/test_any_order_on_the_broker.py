"""Whatever order the news of tickets come in, how often and how late: replicas of deadline_watch and of routing end
with the deadlines that the oracle says, and nobody stays told of a mark that was not reached.

The two services have a broker each here, so that a test carries the post between them, shuffled and doubled; and so
that what routing would decide by itself does not mix with the histories that are told.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import amqp
import pytest

from schemas.center.center import Center
from services.deadline_watch.service import DeadlineWatchService
from services.plumbing.database.migrate import migrate_broker
from services.plumbing.database.transaction import new_id
from services.plumbing.messaging.inbox import subscriptions_of
from services.routing.actions.publishing import publish
from services.routing.service import RoutingService
from tests.builders import published
from tests.histories.announced import START, AnnouncedTicket, an_announced_ticket
from tests.histories.three_centers import ORDINARY
from tests.stack.envelopes import envelopes_in
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.rabbit import PrivateRabbit
from tests.stack.waiting import amqp_connection
from tests.stack.watched_ticket import reached

LIVES = 30
END = datetime.fromisoformat("2025-05-30T09:00:00+08:00")
LATE = (timedelta(), timedelta(days=4), timedelta(days=14))
"""What is heard before the first, second and third of these moments after the start; the rest is heard after all."""
CLOCK = f"{START.isoformat()}@0"
CENTER = Center.load(ORDINARY)


class Services:
    """deadline_watch and routing, each with a broker of its own, and the post between them."""

    def __init__(self, broker: PrivateRabbit, database_url: str) -> None:
        self.watch = OneService("deadline_watch", broker.virtual_host("watch"), database_url, clock=CLOCK)
        self.routing = OneService("routing", broker.virtual_host("routing"), database_url, clock=CLOCK)
        subscribers = {each.name: subscriptions_of(each) for each in (DeadlineWatchService, RoutingService)}
        for service in (self.watch, self.routing):
            migrate_broker(service.amqp_uri, subscribers)  # they share a database, and with it who hears what
        with self.routing.database.transaction() as tx:
            publish(tx, CENTER)
        self.watch.announce(published(CENTER))

    def close(self) -> None:
        self.watch.database.close()
        self.routing.database.close()

    def tell(self, told: list[tuple[Any, Any]]) -> None:
        """Let the watch hear events under their ids."""
        if told:
            self.watch.announce(*[event for _, event in told], ids=[id_ for id_, _ in told])

    def at(self, moment: datetime) -> None:
        """What is known takes effect, and the watch takes it for all that was done before ``moment``."""
        assert eventually(self.watch.has_handled_all, seconds=60), self.watch.parked()
        self.watch.step(moment)
        self.watch.announce(*reached(f"{moment:%Y-%m-%d %H:%M}"))
        assert eventually(lambda: not self._due() and self.watch.has_handled_all(), seconds=60), self.watch.parked()

    def _due(self) -> int:
        return int(self.watch.rows("SELECT count(*) FROM due_now")[0][0])

    def carry(self, chance: random.Random) -> list[dict[str, Any]]:
        """Carry all that the watch has announced to routing, in any order and twice; what it was."""
        with amqp_connection(self.watch.amqp_uri) as connection:
            channel, bodies = connection.channel(), list[bytes]()
            while message := channel.basic_get("bancheng.routing", no_ack=True):
                if message.delivery_info["routing_key"].startswith(("deadline.", "mark.")):
                    bodies.append(message.body)
        envelopes = {each["id"]: each for body in bodies for each in envelopes_in(body)}
        twice = bodies * 2
        chance.shuffle(twice)
        with amqp_connection(self.routing.amqp_uri) as connection:
            channel = connection.channel()
            channel.confirm_select()
            for body in twice:
                message = amqp.Message(body, delivery_mode=2, content_type=_content_type(body))
                channel.basic_publish_confirm(message, routing_key="bancheng.routing")
        assert eventually(lambda: self._routing_has_heard(list(envelopes)), seconds=60), self.routing.parked()
        return list(envelopes.values())

    def _routing_has_heard(self, ids: list[str]) -> bool:
        (row,) = self.routing.rows(
            "SELECT (SELECT count(*) FROM inbox WHERE event_id = ANY(%(ids)s::uuid[])) AS taken,"
            " (SELECT count(*) FROM held) AS held",
            ids=ids,
        )
        return (row.taken, row.held) == (len(ids), 0)


def _content_type(body: bytes) -> str:
    return "application/cloudevents-batch+json" if body.startswith(b"[") else "application/cloudevents+json"


@pytest.fixture(scope="module")
def services(broker: PrivateRabbit, database_url: str) -> Iterator[Services]:
    made = Services(broker, database_url)
    yield made
    made.close()


@pytest.mark.parametrize(("replicas", "late"), [(1, ()), (2, LATE), (4, LATE)])
def test_deadlines_and_notices_do_not_depend_on_the_order_of_events(
    services: Services, replicas: int, late: tuple[timedelta, ...]
) -> None:
    chance = random.Random(replicas)
    lives = [an_announced_ticket(chance) for _ in range(LIVES)]
    told = [(new_id(), event) for life in lives for event in life.events]
    registrations = [each for each in told if each[1].TYPE == "ticket.registered.v1"]
    post = told * 2
    if late:
        chance.shuffle(post)
    services.watch.step(START)
    services.watch.announce(*reached(f"{START:%Y-%m-%d %H:%M}"))
    with ExitStack() as processes:
        for _ in range(replicas):
            processes.enter_context(services.watch.process())
            processes.enter_context(services.routing.process())
        services.routing.announce(*[event for _, event in registrations])
        for nth, moment in enumerate(late):
            share = len(post) // (len(late) + 1)
            services.tell(post[nth * share : (nth + 1) * share])
            services.at(START + moment)
        services.tell(post[len(late) * (len(post) // (len(late) + 1)) :])
        services.at(END)
        announced = services.carry(chance)
    assert bool(late) == any(each["type"] == "mark.voided.v1" for each in announced), "else nothing came late"
    for life in lives:
        life.advance(END)
        assert deadlines_of_watch(services, life) == deadlines_of(life)
        assert heard_by_routing(services, life) == Counter(
            (each.kind, each.round, each.due, each.state) for each in life.deadlines
        )
        assert net_marks(announced, life) == marks_of(life)
        assert not told_by_routing(services, life) - marks_of(life)


def deadlines_of(life: AnnouncedTicket) -> Counter[Any]:
    return Counter(
        (each.kind, each.round, each.department, each.start, each.due, each.state, each.light, each.ended)
        for each in life.deadlines
    )


def marks_of(life: AnnouncedTicket) -> Counter[Any]:
    return Counter((each.kind, each.round, rung.level) for each in life.deadlines for rung in each.reached)


_NEVER_SET = "SELECT id FROM deadline_watch.deadlines WHERE announced_changes -> -1 ->> 'why' = 'never set'"
"""Deadlines that were announced before it was known that there ought not to be any."""


def deadlines_of_watch(services: Services, life: AnnouncedTicket) -> Counter[Any]:
    rows = services.watch.rows(
        "SELECT kind, round, department, started_at, due_at, state, light, ended_at FROM deadlines"
        f" WHERE ticket_id = %(id)s AND id NOT IN ({_NEVER_SET})",
        id=life.id,
    )
    return Counter(tuple(row) for row in rows)


def heard_by_routing(services: Services, life: AnnouncedTicket) -> Counter[Any]:
    rows = services.routing.rows(
        "SELECT kind, round, due_at, state FROM deadlines"
        f" WHERE ticket_id = %(id)s AND deadline_id NOT IN ({_NEVER_SET})",
        id=life.id,
    )
    return Counter(tuple(row) for row in rows)


def told_by_routing(services: Services, life: AnnouncedTicket) -> Counter[Any]:
    """The rungs of which somebody was told and not told otherwise since."""
    rows = services.routing.rows(
        "SELECT kind, round, level FROM escalations JOIN deadlines USING (deadline_id, kind, ticket_id)"
        " WHERE ticket_id = %(id)s AND voided_at IS NULL",
        id=life.id,
    )
    return Counter(tuple(row) for row in rows)


def net_marks(announced: list[dict[str, Any]], life: AnnouncedTicket) -> Counter[Any]:
    """The marks that were announced, less those that were taken back."""
    found: Counter[Any] = Counter()
    for data in (each["data"] | {"type": each["type"]} for each in announced if each["subject"] == str(life.id)):
        if "level" in data:
            found[data["kind"], data["round"], data["level"]] += -1 if data["type"] == "mark.voided.v1" else 1
    return +found
