"""What is said of a ticket in another center's name is parked, and a center's versions come one after the other."""

import dataclasses
from collections.abc import Iterator
from itertools import permutations
from string import ascii_uppercase
from uuid import UUID, uuid4

import pytest

from schemas.center.center import Center, CenterMissed, CenterPublished
from schemas.events.event import Event
from schemas.events.tickets import TicketAnswered, TicketReclassified, TicketRouted
from services.access import centers
from services.routing.actions.publishing import publish
from tests import deadline_builders as given
from tests.builders import a_center
from tests.integration.intake_desk import Desk as IntakeDesk
from tests.integration.intake_desk import opened_desk
from tests.routing_builders import a_city_center
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.tap import Tap

FOREIGN = "EventRejected: center: the ticket is another center's"


@pytest.fixture(scope="module")
def intake(amqp_uri: str, database_url: str) -> Iterator[IntakeDesk]:
    with opened_desk(amqp_uri, database_url) as desk:
        yield desk


@pytest.fixture(scope="module")
def routing(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    house = OneService("routing", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0")
    with house.database.transaction() as tx:
        for code in ("BC", "XX"):
            publish(tx, a_city_center(code=code))
    with house.process() as process:
        yield house
        print(process.log[-4000:])
    house.database.close()


def is_parked(house: OneService, *events: Event) -> bool:
    """Whether exactly these are parked at once, each because of its center."""
    before = house.parked()
    house.announce(*events)
    assert eventually(lambda: len(house.parked()) >= len(before) + len(events)), house.parked()
    return house.parked() == before + [FOREIGN] * len(events)


def test_intake_parks_news_of_its_ticket_from_another_center(intake: IntakeDesk) -> None:
    receipt = intake.registers()
    ticket = UUID(receipt["id"])
    news = [
        given.routed("2025-01-24 10:01", ticket),
        given.reclassified("2025-01-24 10:02", ticket),
        given.answered("2025-01-24 10:03", ticket),
    ]
    assert {type(each) for each in news} == {TicketRouted, TicketReclassified, TicketAnswered}
    before = intake.house.rows("SELECT * FROM tickets WHERE id = %(id)s", id=ticket)
    assert is_parked(intake.house, *(dataclasses.replace(each, center="XX") for each in news))
    assert intake.house.rows("SELECT * FROM tickets WHERE id = %(id)s", id=ticket) == before


def test_in_a_batch_the_own_centers_news_takes_effect_all_the_same(intake: IntakeDesk) -> None:
    mine, theirs = UUID(intake.registers()["id"]), UUID(intake.registers()["id"])
    news = [given.routed("2025-01-24 10:01", ticket) for ticket in (theirs, mine)]
    before = len(intake.house.parked())
    intake.house.announce(dataclasses.replace(news[0], center="XX"), news[1])
    assert eventually(lambda: intake.house.rows("SELECT lead FROM tickets WHERE id = %(id)s", id=mine)[0].lead)
    assert eventually(lambda: len(intake.house.parked()) == before + 1)
    assert intake.house.rows("SELECT lead FROM tickets WHERE id = %(id)s", id=theirs)[0].lead is None


def test_routing_parks_an_event_of_a_ticket_in_another_centers_name(routing: OneService) -> None:
    ticket = uuid4()
    routing.announce(given.registered("2025-01-24 10:00", ticket))
    assert eventually(lambda: routing.rows("SELECT state FROM tickets WHERE id = %(id)s", id=ticket))
    before = routing.rows("SELECT * FROM tickets WHERE id = %(id)s", id=ticket)
    said = [
        given.withdrawn("2025-01-24 10:01", ticket),
        given.declined("2025-01-24 10:02", ticket),
        given.materials_requested("2025-01-24 10:03", ticket),
        given.materials_supplied("2025-01-24 10:04", ticket),
        given.reopened("2025-01-24 10:05", ticket),
        given.registered("2025-01-24 10:00", ticket),
    ]
    assert is_parked(routing, *(dataclasses.replace(each, center="XX") for each in said))
    assert routing.rows("SELECT * FROM tickets WHERE id = %(id)s", id=ticket) == before


CODES = iter(f"Y{letter}" for letter in ascii_uppercase)


def _versions(count: int) -> list[CenterPublished]:
    """The first so many versions of a center of its own: what another test said may still be on its way."""
    code = next(CODES)
    return [
        CenterPublished(center=code, version=number, body=a_center(code=code, name=f"The {number}th"))
        for number in range(1, count + 1)
    ]


def _current(house: OneService, code: str) -> Center | None:
    with house.database.transaction() as tx:
        version = centers.newest_version(tx, code)
        return centers.at_version(tx, code, version) if version else None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_versions_in_whatever_order_come_to_the_same(intake: IntakeDesk, order: tuple[int, ...]) -> None:
    """What is missing is asked for; routing, which has them all, says them again."""
    versions = _versions(3)
    with intake.house.tap(CenterMissed.TYPE) as tap:
        intake.house.announce(*(versions[each] for each in order))
        give_again(intake.house, tap, versions)
    assert _current(intake.house, versions[-1].center) == versions[-1].body


def give_again(house: OneService, tap: Tap, versions: list[CenterPublished]) -> None:
    """Do as routing does, until the newest version is there."""
    answered = 0

    def is_there() -> bool:
        nonlocal answered
        asked = tap.of(CenterMissed, versions[-1].center)
        for missed in asked[answered:]:
            house.announce(*versions[missed.after :])
        answered = len(asked)
        return _current(house, versions[-1].center) == versions[-1].body

    assert eventually(is_there, seconds=20)


@pytest.mark.parametrize("version", [0, -1, 2147483647, 10**12, 1002])
def test_a_version_out_of_all_order_is_parked(intake: IntakeDesk, version: int) -> None:
    (first,) = _versions(1)
    intake.house.announce(first)
    assert eventually(lambda: _current(intake.house, first.center) == first.body)
    intake.house.announce(dataclasses.replace(first, version=version))
    assert eventually(lambda: f"EventRejected: version: {version} does not follow 1" in intake.house.parked())
    assert _current(intake.house, first.center) == first.body


def test_another_file_by_a_number_that_is_taken_is_parked(intake: IntakeDesk) -> None:
    (first,) = _versions(1)
    reason = "EventRejected: version: another file was published as version 1"
    before = intake.house.parked().count(reason)
    intake.house.announce(first, first, dataclasses.replace(first, body=a_center(code=first.center, name="A forgery")))
    assert eventually(lambda: intake.house.parked().count(reason) == before + 1)
    assert _current(intake.house, first.center) == first.body


def test_routing_says_the_versions_again_that_a_service_has_missed(routing: OneService) -> None:
    for number in (2, 3):
        with routing.database.transaction() as tx:
            publish(tx, a_city_center(code="XX", name=f"The {number}nd"))
    with routing.tap(CenterPublished.TYPE) as tap:
        routing.announce(CenterMissed(center="XX", after=1, missed_by="intake"))
        assert eventually(lambda: [each.version for each in tap.of(CenterPublished, "XX")][-2:] == [2, 3])


def test_deadline_watch_parks_it_at_once_too(amqp_uri: str, database_url: str) -> None:
    watch, ticket = OneService("deadline_watch", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0"), uuid4()
    watch.announce(
        *(CenterPublished(center=code, version=1, body=a_city_center(code=code)) for code in ("BC", "XX")),
        given.registered("2025-01-24 10:00", ticket),
    )
    with watch.process():
        assert eventually(lambda: watch.rows("SELECT * FROM deadlines WHERE ticket_id = %(id)s", id=ticket))
        watch.announce(dataclasses.replace(given.answered("2025-01-24 10:03", ticket), center="XX"))
        reason = "ForeignTicket: this is the ticket of another center"
        assert eventually(lambda: reason in watch.parked(), seconds=10), watch.rows("SELECT error FROM held")
    watch.database.close()
