"""Celery: tasks with an ETA over RabbitMQ, acknowledged late, so that a task is not lost with its worker."""

import sys
from datetime import UTC, datetime

import celery

from tests.bench.peers.given import BROKER, Done

app = celery.Celery("celery_eta", broker=BROKER)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=0,
    broker_connection_retry_on_startup=True,
)
_done = Done()


@app.task(name="go_off")
def go_off(timer: int) -> None:
    """A timer has gone off."""
    _done.go_off(timer)


if __name__ == "__main__":
    due_at = datetime.fromtimestamp(float(sys.argv[2]), UTC)
    with app.producer_pool.acquire() as producer:
        for each in range(int(sys.argv[1])):
            go_off.apply_async((each,), eta=due_at, producer=producer)
