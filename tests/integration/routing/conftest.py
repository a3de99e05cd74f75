"""One routing service for each module that asks, at a center like a city's and at one whose heads are told alone."""

import dataclasses
from collections.abc import Iterator

import pytest

from schemas.center.center import Center
from schemas.enums import DeadlineKind, Post
from services.routing.actions.publishing import publish
from tests.integration.routing.desk import RECEIVED, Desk
from tests.routing_builders import a_city_center
from tests.stack.one_service import OneService


@pytest.fixture(scope="module")
def whole_desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    house = OneService("routing", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0")
    with house.database.transaction() as tx:
        publish(tx, a_city_center())
        publish(tx, a_center_whose_heads_are_told_alone())
    with house.tap() as tap, house.process() as service:
        yield Desk(house, service, tap)
        print(service.log[-4000:])
    house.database.close()


@pytest.fixture(scope="module")
def routing(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    """Routing's own tables, at which no process is at work."""
    made = OneService("routing", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0")
    with made.database.transaction() as tx:
        publish(tx, a_city_center())
    yield made
    made.database.close()


@pytest.fixture
def desk(whole_desk: Desk) -> Desk:
    """It is Friday 24 January 2025, ten o'clock."""
    whole_desk.house.step(RECEIVED)
    return whole_desk


def a_center_whose_heads_are_told_alone() -> Center:
    """Center CALM: of a breach the department's head is told, and nobody else."""
    ladder = dict(a_city_center().ladder)
    breached, *later = ladder[DeadlineKind.ANSWER][1:]
    ladder[DeadlineKind.ANSWER] = (dataclasses.replace(breached, tell=(Post.DEPARTMENT_HEAD,)), *later)
    return a_city_center(code="CALM", ladder=ladder)
