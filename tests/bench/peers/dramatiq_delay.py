"""Dramatiq: delayed messages over RabbitMQ."""

import sys
import threading
import time

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from tests.bench.peers.given import BROKER, Done

broker = RabbitmqBroker(url=BROKER)
dramatiq.set_broker(broker)
_own = threading.local()


@dramatiq.actor(max_retries=10, min_backoff=500)
def go_off(timer: int) -> None:
    """A timer has gone off."""
    if not hasattr(_own, "done"):
        _own.done = Done()
    _own.done.go_off(timer)


if __name__ == "__main__":
    for each in range(int(sys.argv[1])):
        delay = max(0, int((float(sys.argv[2]) - time.time()) * 1000))
        go_off.send_with_options(args=(each,), delay=delay)
