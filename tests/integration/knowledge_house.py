"""A process of knowledge that knows a center, and hears of tickets by events alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.center.center import CenterPublished
from tests.routing_builders import a_city_center
from tests.stack.desk import Desk
from tests.stack.one_service import OneService


@contextmanager
def opened_knowledge(amqp_uri: str, database_url: str, *, hour: int = 10) -> Iterator[Desk]:
    """On a clock that stands at ``hour`` o'clock of 24 January 2025, a Friday."""
    house = OneService("knowledge", amqp_uri, database_url, clock=f"2025-01-24T{hour}:00:00+08:00@0")
    with house.tap() as tap, house.process() as service:
        made = Desk(house, service, tap)
        made.hears_until(
            lambda: house.rows("SELECT 1 FROM centers"),
            CenterPublished(center="BC", version=1, body=a_city_center()),
            source="routing",
        )
        yield made
        print(service.log[-4000:])
    house.database.close()
