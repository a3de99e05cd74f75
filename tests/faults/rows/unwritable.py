"""PostgreSQL is there and takes no writes, or is moved to another machine: rows 27 to 29."""

import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg2

from services.sandbox.embedded_postgres import EmbeddedPostgres
from tests.faults.house import House, Plan
from tests.faults.row import row
from tests.faults.rows.disk import POSTGRES_MB, filled, small_disk
from tests.faults.run import Run
from tests.stack.eventually import eventually

_STARTING = "starting-up"
_OTHERS = "pid <> pg_backend_pid() AND backend_type = 'client backend'"


@row(27, "default_transaction_read_only for two minutes, open sessions cut off")
def postgres_is_read_only(run: Run) -> None:
    """PostgreSQL is read-only. Clients get a 503, and nothing is given up or put aside."""
    with run.house(at_least=run.size.outage(120) + 8) as house:
        run.some_time(4, 8)
        with run.fault("PostgreSQL read-only"):
            _set_read_only(house, "on")
            gone = time.time()
            time.sleep(run.size.outage(120))
            _only_503(run, gone)
            _set_read_only(house, "off")


def _set_read_only(house: House, value: str) -> None:
    for statement in (
        f"ALTER SYSTEM SET default_transaction_read_only = {value}",
        "SELECT pg_reload_conf()",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {_OTHERS}",
    ):
        house.rows(statement)


def _only_503(run: Run, since: float) -> None:
    # 0: the connection was cut off in the middle
    answers = {entry.status for entry in run.journal.since(since + 1)}
    run.expect(503 in answers and answers <= {503, 0}, f"A without a database to write it answered {sorted(answers)}")


@row(28, "data on a small tmpfs filled to the last byte for two minutes; the write-ahead log elsewhere")
def postgres_has_no_space(run: Run) -> None:
    """PostgreSQL has no space for its tables. What does not fit is neither given up nor put aside."""
    with _on_a_small_disk() as postgres, run.house(Plan(postgres=postgres), at_least=run.size.outage(120) + 8) as house:
        run.some_time(4, 8)
        with run.fault("no space for tables"), filled(postgres.folder):
            gone = time.time()
            time.sleep(run.size.outage(120))
            refused = sum(entry.status == 503 for entry in run.journal.since(gone))
            run.expect(refused > 0, "A there was space left: nothing was refused")
        run.expect(house.postgres.postmaster_pid > 0, "A PostgreSQL has ended")


@contextmanager
def _on_a_small_disk() -> Iterator[EmbeddedPostgres]:
    """A server that goes on when its disk is full: its log has space."""
    with ExitStack() as mounts:
        folder, log = (Path(tempfile.mkdtemp(prefix="bancheng-disk-")) for _ in range(2))
        mounts.callback(shutil.rmtree, log)
        mounts.callback(folder.rmdir)
        mounts.enter_context(small_disk(folder, POSTGRES_MB))
        postgres = EmbeddedPostgres(folder, settings={"shared_buffers": "32MB", "max_wal_size": "64MB"})
        mounts.callback(postgres.close)
        postgres.start()
        postgres.stop()
        wal = folder / "data" / "pg_wal"
        shutil.copystat(wal, log)
        shutil.chown(log, wal.owner(), wal.group())
        subprocess.run(["mv", wal, log / "pg_wal"], check=True)  # with its owner
        wal.symlink_to(log / "pg_wal")
        yield postgres


@row(29, "for two minutes connections are refused, then told that the database system is starting up")
def postgres_fails_over(run: Run) -> None:
    """PostgreSQL fails over to another server, which takes its time."""
    # The new server is the old one that is made to ask an archive which does not answer while a file is there.
    archive = f"while [ -e {_STARTING} ]; do sleep 0.1; done; false"
    postgres = EmbeddedPostgres(settings={"restore_command": archive})
    with run.house(Plan(postgres=postgres), at_least=run.size.outage(120) + 8) as house:
        run.some_time(4, 8)
        with run.fault("PostgreSQL in failover"):
            house.postgres.stop()
            gone = time.time()
            refused = 0.75 * run.size.outage(120)
            time.sleep(refused)
            data = house.postgres.folder / "data"
            for name in (_STARTING, "recovery.signal"):
                (data / name).touch()
                shutil.chown(data / name, data.owner(), data.group())
            starting = threading.Thread(target=house.postgres.start, daemon=True)
            starting.start()
            seen = eventually(lambda: "starting up" in _refusal(house), seconds=20)
            run.expect(seen, f"F no server was starting up: {_refusal(house)}")
            time.sleep(run.size.outage(120) - refused)
            _only_503(run, gone)
            (data / _STARTING).unlink()
            starting.join()


def _refusal(house: House) -> str:
    try:
        with closing(psycopg2.connect(house.database_url, connect_timeout=2)):
            return "none"
    except psycopg2.OperationalError as error:
        return str(error)
