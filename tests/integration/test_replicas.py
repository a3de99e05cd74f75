"""Processes that die at the worst moment, stop in order, or are two: every effect happens once, in its order."""

from tests.stack.eventually import eventually
from tests.stack.sample_house import SampleHouse, written


def test_a_relay_dying_after_the_confirm_publishes_again_with_one_effect(house: SampleHouse) -> None:
    with house.tap() as tap:
        with house.process(failpoint="relay: confirmed, not marked") as dying:
            note_id = written(dying, events=20)
            assert dying.wait(10) == -9
        assert house.count("outbox") == 20
        with house.process():
            assert house.drains()
            assert house.hears(note_id, 20)
        assert len(tap.read()) == 40
        assert len({envelope["id"] for envelope in tap.envelopes}) == 20


def test_a_worker_that_dies_after_the_commit_reads_again_with_one_effect(house: SampleHouse) -> None:
    with house.process(failpoint="inbox: committed, not acked") as dying:
        note_id = written(dying, events=20)
        assert dying.wait(10) == -9
    with house.process() as service:
        assert house.drains()
        assert house.hears(note_id, 20)
        assert eventually(lambda: service.metric("bancheng_events_handled_total", outcome="duplicate") > 0)
    assert house.heard(note_id) == list(range(20))


def test_of_two_replicas_one_relays_and_the_order_of_a_subject_is_kept(house: SampleHouse) -> None:
    """SKIP LOCKED with several relays breaks the order per ticket (pitfalls, PostgreSQL)."""
    with house.tap() as tap, house.process() as first, house.process() as second:
        note_ids = [written(service, events=400) for _ in range(6) for service in (first, second)]
        assert eventually(lambda: len(tap.read()) == 400 * len(note_ids), seconds=30)
        published = [service.metric("bancheng_events_published_total") for service in (first, second)]
        for note_id in note_ids:
            serials = [each["data"]["serial"] for each in tap.envelopes if each["subject"] == note_id]
            assert serials == list(range(400))
        assert sorted(published) == [0, 400 * len(note_ids)]
        relaying, standing_by = sorted(
            (first, second), key=lambda each: -each.metric("bancheng_events_published_total")
        )
        relaying.kill()
        note_id = written(standing_by)
        assert eventually(lambda: note_id in {each["subject"] for each in tap.read()}, seconds=10)
        assert eventually(lambda: sum(house.count("heard", "note_id = %(id)s", id=i) for i in note_ids) == 4800)


def test_sigterm_ends_the_process_in_order_and_the_next_goes_on(house: SampleHouse) -> None:
    with house.process() as stopping:
        note_id = written(stopping, events=5000)
        code, seconds = stopping.stop()
    assert code == 0
    assert seconds < 10
    with house.process():
        assert eventually(lambda: len(house.heard(note_id)) == 5000, seconds=30)
        assert house.drains()
    assert sorted(house.heard(note_id)) == list(range(5000))
