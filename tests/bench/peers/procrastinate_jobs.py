"""Procrastinate: scheduled jobs in PostgreSQL, which go off over the worker's own connection pool."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

import procrastinate

from tests.bench.peers.given import DATABASE

TOGETHER = 1000

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=DATABASE))


@app.task(name="go_off", retry=10)
async def go_off(timer: int) -> None:
    """A timer has gone off."""
    await app.connector.execute_query_async("SELECT go_off(%(timer)s)", timer=timer)


async def schedule(count: int, due_at: datetime) -> None:
    """Put so many jobs down for one instant; the tables are made if need be."""
    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        deferrer = go_off.configure(schedule_at=due_at)
        for first in range(0, count, TOGETHER):
            last = min(first + TOGETHER, count)
            jobs: list[dict[str, Any]] = [{"timer": timer} for timer in range(first, last)]
            await deferrer.batch_defer_async(*jobs)


if __name__ == "__main__":
    asyncio.run(schedule(int(sys.argv[1]), datetime.fromtimestamp(float(sys.argv[2]), UTC)))
