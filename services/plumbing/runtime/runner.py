"""Runs services in this process until it is told to stop: started together, watched, ended in time.

The module that imports this first imports `monkeypatch`, since eventlet must patch before anything else.
"""

import logging
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import eventlet
import structlog
from nameko.containers import ServiceContainer

from services.plumbing.database import bounded_waits, logins
from services.plumbing.database.database import Database, wait_for
from services.plumbing.database.migrate import migrate_broker
from services.plumbing.http.connections import raise_fd_limit
from services.plumbing.messaging.inbox import subscriptions_of
from services.plumbing.runtime import clock, hard_limits
from services.plumbing.runtime.operations import OperationsServer
from services.plumbing.runtime.resources import MissingSetting, broker_uri, database_url, environment, is_in_process

DATABASE_SECONDS = 60.0
WORKERS = 100

_log = structlog.get_logger()


@dataclass(frozen=True)
class Placed:
    """A service class and the address that it serves HTTP on."""

    service: type
    address: str


def run(placed: Mapping[str, Placed], operations_address: str) -> None:
    """Run until SIGTERM or SIGINT, or until a loop has stood still (exit code 1, so that the supervisor starts anew).

    Metrics and health of the process are served at ``operations_address``.

    Raises MissingSetting, broker_users.BrokerUserUnusable, logins.LoginUnusable, clock.ClockMismatch, or
    psycopg2.OperationalError when the database does not come up.
    """
    _log_as_json()
    bounded_waits.install()
    raise_fd_limit()
    for name in placed:
        wait_for(Database(database_url(name), name, size=1), seconds=DATABASE_SECONDS)
        with closing(Database(database_url(name), name, size=1).connect()) as connection:
            logins.ensure_least_privilege(connection, name)
            clock.check(connection, environment().clock)
        uri = broker_uri(name)
    if is_in_process():
        migrate_broker(uri, {name: subscriptions_of(each.service) for name, each in placed.items()})
    containers = [
        ServiceContainer(each.service, {"WEB_SERVER_ADDRESS": each.address, "max_workers": WORKERS})
        for each in placed.values()
    ]
    try:
        for container in containers:
            container.start()
    except MissingSetting as error:
        sys.exit(f"cannot start: {error}")
    OperationsServer(
        operations_address,
        {name: Database(database_url(name), name, size=1) for name in placed},
        environment().operations_cache_seconds,
    ).start()
    addresses = [each.address for each in placed.values()]
    _log.info("started", services=list(placed), addresses=addresses, operations=operations_address)
    hard_limits.keep()
    is_stopping = _stop_on_signals(containers)
    _wait_for_end(containers, is_stopping)
    _log.info("stopped", services=list(placed))


def _wait_for_end(containers: list[Any], is_stopping: Callable[[], bool]) -> None:
    """Return when all containers have ended.

    What goes wrong in the event loop, say a system call that it waits in, is raised here, in the main greenlet. While
    the process stops, it is logged and the waiting goes on in a new loop: an orderly stop ends with exit code 0.
    """
    for waiter in [eventlet.spawn(container.wait) for container in containers]:
        while True:
            try:
                waiter.wait()
                break
            except Exception:
                if not is_stopping():
                    raise
                _log.exception("went wrong while stopping")
                if waiter.dead:
                    break


def _stop_on_signals(containers: list[Any]) -> Callable[[], bool]:
    """Stop the containers at SIGTERM or SIGINT; tells whether that has begun."""
    begun = []

    def stop() -> None:
        for container in containers:
            container.stop()

    def on_signal(number: int, _frame: Any) -> None:
        begun.append(number)
        eventlet.spawn_n(stop)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    return lambda: bool(begun)


def _log_as_json() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(
        level=logging.WARNING, format='{"level": "%(levelname)s", "logger": "%(name)s", "event": %(message)r}'
    )
    # nameko writes a trace for each refusal (409, NotYet) that it was told to expect: they are answers, not accidents.
    logging.getLogger("nameko.containers").setLevel(logging.ERROR)
