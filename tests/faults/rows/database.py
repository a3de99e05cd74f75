"""PostgreSQL fails: rows 14 to 16 and 18."""

import time
from contextlib import closing, suppress
from typing import Any

import psycopg2

from services.sandbox.embedded_postgres import EmbeddedPostgres
from tests.faults.house import Plan
from tests.faults.row import row
from tests.faults.run import Run
from tests.stack.frozen import frozen


@row(14, "stop -m immediate, started again after 1 s, twice")
def postgres_crashes(run: Run) -> None:
    """PostgreSQL crashes."""
    with run.house() as house:
        for _ in range(2):
            run.some_time(3, 6)
            with run.fault("PostgreSQL crashed"):
                house.postgres.stop("immediate")
                time.sleep(1)
                house.postgres.start()


@row(15, "stopped for 5 minutes")
def postgres_is_down(run: Run) -> None:
    """PostgreSQL is down. Clients get a 503, and nothing is given up."""
    with run.house(at_least=run.size.outage(300) + 8) as house:
        run.some_time(4, 8)
        with run.fault("PostgreSQL down"):
            house.postgres.stop()
            gone = time.time()
            time.sleep(run.size.outage(300))
            answers = {entry.status for entry in run.journal.since(gone)}
            # 0: the process was being started anew by its supervisor, or the connection was cut off in the middle
            run.expect(503 in answers and answers <= {503, 0}, f"A without a database it answered {sorted(answers)}")
            house.postgres.start()


@row(16, "SIGSTOP for 25 s")
def postgres_is_frozen(run: Run) -> None:
    """PostgreSQL is frozen with all its processes."""
    with run.house() as house:
        run.some_time(4, 8)
        with run.fault("PostgreSQL frozen"), frozen(house.postgres.postmaster_pid):
            time.sleep(25)


@row(18, "all are held for 15 s, those of the services cut off first")
def there_are_no_connections_left(run: Run) -> None:
    """PostgreSQL has no connections left."""
    with run.house(Plan(postgres=EmbeddedPostgres(settings={"max_connections": "60"}))) as house:
        run.some_time(4, 8)
        with run.fault("no connections"):
            held: list[Any] = []
            try:
                ours = psycopg2.connect(house.database_url)
                held.append(ours)
                with ours.cursor() as cursor:
                    cursor.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name LIKE 'bancheng-%'"
                    )
                ends = time.monotonic() + 15
                while time.monotonic() < ends:
                    with suppress(psycopg2.OperationalError):
                        while True:
                            held.append(psycopg2.connect(house.database_url))
                    time.sleep(0.05)
                run.expect(len(held) > 40, f"F only {len(held)} connections could be taken away")
            finally:
                for connection in held:
                    with closing(connection):
                        pass
