"""The broker away, silent, full or out of memory: no answer is late, no event lost, every effect once."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.stack.eventually import eventually
from tests.stack.proxy import Proxy
from tests.stack.rabbit import YOUNG_QUEUE_S, PrivateRabbit
from tests.stack.sample_house import SampleHouse, written
from tests.stack.services import ServiceProcess
from tests.stack.waiting import amqp_connection

RECOVERY_S = 30.0


@pytest.fixture(scope="module")
def rabbit() -> Iterator[PrivateRabbit]:
    with PrivateRabbit() as node:
        yield node


@pytest.fixture(scope="module")
def house(rabbit: PrivateRabbit, database_url: str) -> SampleHouse:
    return SampleHouse(rabbit.virtual_host("house"), database_url)


@pytest.fixture(scope="module")
def proxy(rabbit: PrivateRabbit) -> Iterator[Proxy]:
    with Proxy(("127.0.0.1", rabbit.port)) as between:
        yield between


@pytest.fixture(scope="module")
def service(house: SampleHouse, rabbit: PrivateRabbit, proxy: Proxy) -> Iterator[ServiceProcess]:
    with house.process(amqp_uri=_through(house, rabbit, proxy)) as process:
        time.sleep(YOUNG_QUEUE_S)
        yield process
        print(process.log[-4000:])


@pytest.fixture(autouse=True)
def _well_before(house: SampleHouse, service: ServiceProcess) -> None:
    """No test begins in the ruins of another."""
    assert house.hears(written(service), seconds=RECOVERY_S)


def _through(house: SampleHouse, rabbit: PrivateRabbit, proxy: Proxy) -> str:
    return house.amqp_uri.replace(f":{rabbit.port}", f":{proxy.port}")


def _written_at_once(service: ServiceProcess) -> str:
    """The id of a note that was taken while the broker is away: a request that waited for it would time out."""
    return written(service, timeout=2)


def _all_heard_once(house: SampleHouse, note_ids: list[str]) -> bool:
    return all(house.hears(note_id, seconds=RECOVERY_S) for note_id in note_ids) and house.drains()


def test_a_broker_that_is_killed_and_started_again_loses_nothing(
    house: SampleHouse, rabbit: PrivateRabbit, service: ServiceProcess
) -> None:
    """The message in flight runs twice after a kill (pitfalls, nameko); here its effect is one all the same."""
    before = [_written_at_once(service) for _ in range(50)]
    rabbit.kill()
    down = [_written_at_once(service) for _ in range(50)]
    assert house.count("outbox") >= 50
    rabbit.start()
    back = time.monotonic()
    assert _all_heard_once(house, before + down)
    assert time.monotonic() - back < RECOVERY_S
    assert house.count("held") == 0


def test_a_black_hole_is_noticed_and_left_and_sigterm_ends_a_process_in_it(
    house: SampleHouse, rabbit: PrivateRabbit, proxy: Proxy, service: ServiceProcess
) -> None:
    """nameko's consumer never recovers and SIGTERM does not stop it; publishing hangs for ever (pitfalls, nameko)."""
    with house.process(amqp_uri=_through(house, rabbit, proxy)) as other:
        proxy.black_hole()
        other.signal(signal.SIGTERM)
        told = time.monotonic()
        note_ids = [_written_at_once(service) for _ in range(20)]
        assert other.wait(RECOVERY_S) == 0
        assert time.monotonic() - told < RECOVERY_S
    assert eventually(lambda: service.log.count("interrupted") >= 2, seconds=RECOVERY_S)
    assert service.ask_operations("/health/live").status_code == 200
    assert house.count("outbox") == 20
    proxy.heal()
    healed = time.monotonic()
    assert _all_heard_once(house, note_ids)
    assert time.monotonic() - healed < RECOVERY_S


def test_a_memory_alarm_keeps_the_events_and_confirms_none(
    house: SampleHouse, rabbit: PrivateRabbit, service: ServiceProcess
) -> None:
    """Publishing under a memory alarm hangs for ever, and a count of what was sent is no confirm (pitfalls, nameko)."""
    interrupted = service.log.count("BrokerSilent")
    rabbit.ctl("set_vm_memory_high_watermark", "0")
    try:
        note_ids = [_written_at_once(service) for _ in range(20)]
        assert eventually(lambda: service.log.count("BrokerSilent") > interrupted, seconds=14)
        assert house.count("outbox") == 20
        assert not any(house.heard(note_id) for note_id in note_ids)
    finally:
        rabbit.ctl("set_vm_memory_high_watermark", "0.4")
    assert _all_heard_once(house, note_ids)


def test_a_frozen_broker_delays_and_loses_nothing(
    house: SampleHouse, rabbit: PrivateRabbit, service: ServiceProcess
) -> None:
    rabbit.freeze()
    try:
        note_ids = [_written_at_once(service) for _ in range(20)]
        time.sleep(1)
        assert house.count("outbox") == 20
    finally:
        rabbit.thaw()
    assert _all_heard_once(house, note_ids)


def test_connections_that_are_reset_again_and_again_lose_nothing(
    house: SampleHouse, proxy: Proxy, service: ServiceProcess
) -> None:
    note_ids = []
    for _ in range(20):
        note_ids += [_written_at_once(service) for _ in range(5)]
        proxy.reset_all()
        time.sleep(0.2)
    assert _all_heard_once(house, note_ids)


@contextmanager
def _full_queue(house: SampleHouse) -> Iterator[None]:
    """A queue that hears everything, takes two events and refuses the rest."""
    arguments = {"x-max-length": 2, "x-overflow": "reject-publish"}
    with amqp_connection(house.amqp_uri) as connection:
        channel = connection.channel()
        channel.queue_declare("full", auto_delete=False, arguments=arguments)
        channel.queue_bind("full", "bancheng.events", "#")
        yield
        channel.queue_delete("full")


def test_what_a_full_queue_refuses_is_kept(house: SampleHouse, service: ServiceProcess) -> None:
    with _full_queue(house):
        note_ids = [_written_at_once(service) for _ in range(10)]
        assert eventually(lambda: 0 < house.count("outbox") <= 8)
        time.sleep(1.5)
        assert house.count("outbox") > 0
    assert _all_heard_once(house, note_ids)


def test_idle_connections_are_kept_by_their_heartbeats(
    house: SampleHouse, rabbit: PrivateRabbit, service: ServiceProcess
) -> None:
    """The broker cuts off who says nothing for two to three heartbeats, of two seconds each here."""
    rabbit.ctl("eval", "application:set_env(rabbit, heartbeat, 2).")
    service.kill()  # so that the other is the one who relays
    try:
        with house.process() as idle:
            assert house.hears(written(idle))
            time.sleep(13)
            print(idle.log)
            assert "interrupted" not in idle.log
    finally:
        service.start()


def test_a_queue_that_is_full_for_a_while_delays_and_loses_nothing(
    house: SampleHouse, rabbit: PrivateRabbit, service: ServiceProcess
) -> None:
    """RabbitMQ goes on refusing what comes by the same channel, although the limit of the quorum queue is gone."""
    vhost = ("--vhost", house.amqp_uri.rpartition("/")[2])
    limit = '{"max-length": 2, "overflow": "reject-publish"}'
    rabbit.ctl("set_policy", *vhost, "limited", "^limited$", limit, "--apply-to", "queues")
    with amqp_connection(house.amqp_uri) as connection:
        channel = connection.channel()
        channel.queue_declare("limited", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.queue_bind("limited", "bancheng.events", "#")
        note_ids = [written(service) for _ in range(20)]
        assert all(house.hears(note_id) for note_id in note_ids)
        assert not house.drains(seconds=3)
        rabbit.ctl("clear_policy", *vhost, "limited")
        assert house.drains()
        channel.queue_delete("limited")
