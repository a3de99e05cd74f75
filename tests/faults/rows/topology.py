"""Queues that vanish, are cut off, or take no more: rows 12 and 13."""

import time

from tests.faults.house import EXCHANGE, House, Plan
from tests.faults.row import row
from tests.faults.run import Run
from tests.stack.eventually import eventually
from tests.stack.waiting import amqp_connection

QUEUE = "bancheng.routing"


@row(12, "AMQP delete and unbind, the queue empty, its service running; firehose as the tap")
def a_queue_is_deleted_or_unbound(run: Run) -> None:
    """A queue is deleted, then one is unbound. What it should have got, it gets, also what others heard as well."""
    with run.house(Plan(firehose=True)) as house:
        for fault in (_delete, _unbind, _delete_for_long):
            run.some_time(2, 4)
            with run.fault(fault.__name__.strip("_")):
                fault(run, house)


def _delete(run: Run, house: House) -> None:
    with run.pause(), amqp_connection(house.amqp_uri) as connection:
        connection.channel().queue_delete(QUEUE)


def _unbind(run: Run, house: House) -> None:
    types = [row.type for row in house.rows("SELECT type FROM bancheng.subscriptions WHERE service = 'routing'")]
    with run.pause(), amqp_connection(house.amqp_uri) as connection:
        channel = connection.channel()
        for type_ in types:
            channel.queue_unbind(QUEUE, EXCHANGE, type_)


def _delete_for_long(run: Run, house: House) -> None:
    """Its service is away too, so that nobody but the relays can see that the queue is missing."""
    (supervised,) = house.supervisor.of("routing")
    with run.pause():
        supervised.stop()
        with amqp_connection(house.amqp_uri) as connection:
            connection.channel().queue_delete(QUEUE)
    time.sleep(5)
    supervised.start()
    house.supervisor.await_ready()


@row(13, "policy: max-length 5, reject-publish; the service stopped for 10 s")
def a_queue_is_full(run: Run) -> None:
    """A queue is full and refuses. The outboxes keep what it refuses and raise a metric."""
    # On a busy machine the service takes half a minute to stop: tickets must still come when it has.
    with run.house(at_least=75) as house:
        (supervised,) = house.supervisor.of("routing")
        run.some_time(3, 6)
        with run.fault("queue full"):
            house.rabbit.ctl(
                *("set_policy", "full", f"^{QUEUE}$", '{"max-length": 5, "overflow": "reject-publish"}'),
                *("--apply-to", "queues", "--priority", "1"),
            )
            supervised.stop()
            time.sleep(10)
            kept = eventually(lambda: house.supervisor.metric("intake", "bancheng_outbox_events") > 0, seconds=30)
            run.expect(kept, "E no metric tells that the outbox of intake cannot be emptied")
            house.rabbit.ctl("clear_policy", "full")
            supervised.start()
            house.supervisor.await_ready()
