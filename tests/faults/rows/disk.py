"""Disks that are full: row 23."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from services.sandbox.embedded_postgres import EmbeddedPostgres
from tests.faults.house import Plan
from tests.faults.row import CannotBeDone, row
from tests.faults.rows.broker import intake_goes_on
from tests.faults.run import Run
from tests.stack.rabbit import PrivateRabbit

POSTGRES_MB, RABBIT_MB = 400, 400


@row(23, "data on small tmpfs: PostgreSQL's filled to the last byte; RabbitMQ's to its alarm, then to the last byte")
def disks_are_filled(run: Run) -> None:
    """The disk under PostgreSQL is full, then the one under RabbitMQ. There is no false 201."""
    with ExitStack() as mounts:
        folder = Path(tempfile.mkdtemp(prefix="bancheng-disk-"))
        mounts.callback(folder.rmdir)
        mounts.enter_context(small_disk(folder, POSTGRES_MB))
        settings = {"shared_buffers": "32MB", "max_wal_size": "64MB", "min_wal_size": "32MB", "wal_recycle": "off"}
        postgres = EmbeddedPostgres(folder, settings=settings)
        rabbit = PrivateRabbit()
        mounts.callback(rabbit.close)
        data = rabbit.folder / "data"
        data.mkdir()
        mounts.enter_context(small_disk(data, RABBIT_MB))
        mounts.callback(rabbit.kill)
        with run.house(Plan(postgres=postgres, rabbit=rabbit, fills_broker_disk=True), at_least=60) as house:
            run.some_time(3, 6)
            with run.fault("no space under PostgreSQL"), filled(folder):
                time.sleep(12)
            # A checkpoint or the log may have needed the space: then PostgreSQL stops itself, and is started again.
            house.postgres.start()
            run.some_time(3, 5)
            with run.fault("RabbitMQ's disk alarm"):
                gone = time.time()
                with filled(data, but_for_mb=20):
                    time.sleep(15)
                    intake_goes_on(run, gone)
            run.some_time(1, 2)
            with run.fault("no space under RabbitMQ"):
                gone = time.time()
                with filled(data):
                    time.sleep(12)
                    intake_goes_on(run, gone)
                # Its write-ahead log has died for want of space, and the node goes on without it until it is restarted.
                rabbit.kill()
                rabbit.start()


@contextmanager
def small_disk(at: Path, megabytes: int) -> Iterator[None]:
    """A disk of so many megabytes at a folder, empty. Raises CannotBeDone."""
    if os.geteuid() != 0:
        raise CannotBeDone("only root can mount a small disk")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(at)], capture_output=True, check=False
    )
    if done.returncode:
        raise CannotBeDone(f"a small disk cannot be mounted here: {done.stderr.decode(errors='replace').strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


@contextmanager
def filled(folder: Path, *, but_for_mb: int = 0) -> Iterator[None]:
    """No more than so many megabytes are free on the disk of `folder`, and never fewer meanwhile."""
    ballast = folder / "ballast"
    block = b"\0" * (1 << 16)
    try:
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while shutil.disk_usage(folder).free > but_for_mb * 1_000_000:
                file.write(block)
        yield
    finally:
        ballast.unlink()
