"""What was announced reaches every queue that wants it, once in effect and in order, whatever happens on the way."""

from uuid import uuid4

from tests.stack.eventually import eventually
from tests.stack.sample import NoteWritten
from tests.stack.sample_house import FORGOTTEN, NAME, QUEUE, WRITTEN, SampleHouse, token, written
from tests.stack.services import ServiceProcess
from tests.stack.waiting import amqp_connection


def _returned(service: ServiceProcess) -> float:
    return service.metric("bancheng_events_returned_total", service=NAME)


def test_an_announced_event_arrives_as_a_cloud_event(house: SampleHouse, service: ServiceProcess) -> None:
    with house.tap() as tap:
        note_id = written(service, "一张条子 <&>")
        assert eventually(tap.read)
    (envelope,) = tap.envelopes
    assert envelope["specversion"] == "1.0"
    assert (envelope["type"], envelope["source"], envelope["subject"]) == (WRITTEN, "/bancheng/sample", note_id)
    assert envelope["data"] == {"center": "BC", "ticket_id": note_id, "serial": 0, "text": "一张条子 <&>"}
    assert house.drains(seconds=5)


def test_what_waits_travels_in_packs_and_arrives_once_each(house: SampleHouse, service: ServiceProcess) -> None:
    with house.tap() as tap:
        events = [NoteWritten(center="BC", ticket_id=uuid4(), serial=0, text="一") for _ in range(250)]
        with house.database.transaction() as tx:
            tx.announce(*events)
        assert all(house.hears(str(event.ticket_id)) for event in events)
        assert sorted(each["subject"] for each in tap.read()) == sorted(str(event.ticket_id) for event in events)
        assert tap.messages < 25
    assert house.drains(seconds=5)


def test_what_is_rolled_back_is_not_announced(house: SampleHouse, service: ServiceProcess) -> None:
    """Commit-then-publish, or publish-then-commit, says what never was (anchors, what to avoid)."""
    with house.tap() as tap:
        with house.database.transaction() as tx:
            tx.execute("SELECT 1")
        key = str(uuid4())
        written(service, "said", key=key)
        written(service, "said", key=key)
        assert house.drains(seconds=5)
        assert len(tap.read()) == 1


def test_an_event_that_nobody_subscribes_to_leaves_the_outbox(house: SampleHouse, service: ServiceProcess) -> None:
    with house.tap() as tap:
        response = service.ask("DELETE", f"/notes/{uuid4()}", headers=token())
        assert response.status_code == 200
        assert eventually(tap.read)
        assert tap.envelopes[0]["type"] == FORGOTTEN
    before = _returned(service)
    assert service.ask("DELETE", f"/notes/{uuid4()}", headers=token()).status_code == 200
    assert house.drains(seconds=5)
    assert _returned(service) == before


def test_a_queue_that_was_unbound_is_bound_again_before_more_is_published(
    house: SampleHouse, service: ServiceProcess
) -> None:
    """An event is confirmed as soon as one queue takes it, here the tap's: nobody misses the other."""
    with house.tap(), amqp_connection(house.amqp_uri) as connection:
        connection.channel().queue_unbind(QUEUE, "bancheng.events", WRITTEN)
        assert house.hears(written(service))
    assert house.drains(seconds=5)


def test_an_event_whose_queue_was_deleted_is_kept_until_it_is_made_again(
    house: SampleHouse, service: ServiceProcess
) -> None:
    """nameko publishes without `mandatory`: an event nobody is bound to vanishes in silence (pitfalls, nameko)."""
    before = _returned(service)
    with amqp_connection(house.amqp_uri) as connection:
        connection.channel().queue_delete(QUEUE)
        note_ids = [written(service) for _ in range(3)]
    assert all(house.hears(note_id) for note_id in note_ids)
    assert _returned(service) > before
    assert house.drains(seconds=5)


def test_an_event_whose_queue_was_deleted_is_kept_although_others_take_it(
    house: SampleHouse, service: ServiceProcess
) -> None:
    with house.tap(), amqp_connection(house.amqp_uri) as connection:
        connection.channel().queue_delete(QUEUE)
        note_ids = [written(service) for _ in range(3)]
        assert all(house.hears(note_id) for note_id in note_ids)
    assert house.drains(seconds=5)
