"""A real RabbitMQ of one's own: one node on 127.0.0.1, which can be stopped, killed, frozen and started again.

    with PrivateRabbit() as rabbit:
        kombu.Connection(rabbit.uri)

The node shares nothing with a RabbitMQ of the machine: ports, cookie, folder and even the Erlang port mapper are its
own, so nothing is left behind.

A queue declared less than a second before `kill` may be lost with all its confirmed messages and never elect a leader
again: RabbitMQ (seen with 3.10) has by then not yet written to disk that the queue exists.
"""

import os
import secrets
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from services.sandbox.ports import free_ports
from services.sandbox.reaper import Reaper, StartedServer
from tests.stack.broker_users import admit
from tests.stack.frozen import freeze, thaw
from tests.stack.rabbit_files import Ports, lay_out
from tests.stack.rabbit_install import port_mapper, scripts
from tests.stack.waiting import accepts_clients, wait_for_port

YOUNG_QUEUE_S = 3.0
"""A quorum queue that was declared less than about a second before a kill -9 comes back empty and without a leader."""

_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 30.0


class RabbitError(RuntimeError):
    """The node could not be made to run, or a control command failed."""


class PrivateRabbit(StartedServer):
    """One RabbitMQ node, running from `__enter__` (or `start`) to `__exit__` (or `close`).

    :param beside: a node whose port mapper and cookie this one uses, so that the two can form a cluster:
        ``second.ctl("stop_app")``, ``second.ctl("join_cluster", first.name)``, ``second.ctl("start_app")``.
    :param plugins: plugins to enable beside the management API.
    :param config: lines to add to its rabbitmq.conf.
    """

    def __init__(
        self, *, beside: "PrivateRabbit | None" = None, plugins: tuple[str, ...] = (), config: str = ""
    ) -> None:
        ports = Ports(*free_ports(4))
        self._ports: Ports = ports._replace(mapper=beside._ports.mapper) if beside else ports
        self.port = ports.clients
        self.name = f"bancheng-{os.getpid()}-{self.port}@localhost"
        self.uri = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        self.folder = Path(tempfile.mkdtemp(prefix="bancheng-rabbit-"))
        self._reaper = Reaper(self.folder)
        self._server: subprocess.Popen[bytes] | None = None
        self._mapper: subprocess.Popen[bytes] | None = None
        self._beside = beside
        self._cookie: str = beside._cookie if beside else secrets.token_hex(16)
        self._environment = lay_out(self.folder, self.name, self._cookie, self._ports, plugins=plugins, config=config)

    @property
    def management_url(self) -> str:
        """Its management API, with the administrator of `uri`."""
        return f"http://guest:guest@127.0.0.1:{self._ports.management}"

    @property
    def pid(self) -> int:
        """The Erlang virtual machine's process."""
        if self._server is None:
            raise RabbitError("The node is not running.")
        return self._server.pid

    def start(self) -> None:
        """Start, after a crash too, and return when clients are let in; nothing happens if it runs already.

        Raises ProgramMissing where there is no RabbitMQ and none can be installed, RabbitError when it does not start.
        """
        server = scripts() / "rabbitmq-server"  # first of all: installing RabbitMQ brings the port mapper too
        self._start_mapper()
        deadline = time.monotonic() + _START_LIMIT_S
        launched = False
        while not accepts_clients(self.uri):
            if not self._runs():
                if launched:
                    raise self._failure("RabbitMQ did not start")
                # ALLOW_INPUT makes the script become the virtual machine instead of standing between it and us.
                self._server = self._spawn(server, "-noinput", RABBITMQ_ALLOW_INPUT="1")
                launched = True
            if time.monotonic() > deadline:
                raise self._failure("RabbitMQ did not become ready")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop in order, and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill -9, and wait."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Leave the node alive and its connections open, but silent."""
        freeze(self.pid)

    def thaw(self) -> None:
        """Let a frozen node go on."""
        thaw(self.pid)

    def ctl(self, *arguments: str) -> str:
        """What `rabbitmqctl` says to these arguments; takes about a second."""
        done = subprocess.run(
            [scripts() / "rabbitmqctl", "--quiet", "--node", self.name, *arguments],
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RabbitError(f"rabbitmqctl {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def import_definitions(self, file: Path) -> None:
        """Have the node take the definitions of a file; it lets clients in a moment before it takes any."""
        self.ctl("await_startup")
        self.ctl("import_definitions", str(file))

    def virtual_host(self, name: str) -> str:
        """Make an empty virtual host with the users of all services; its URI."""
        uri = f"{self.uri.removesuffix('//')}/{quote(name, safe='')}"
        admit(self.management_url, uri)
        return uri

    def close(self) -> None:
        """Kill what runs and remove the folder. Harmless when repeated."""
        try:
            self.kill()
        finally:
            self._reaper.close()
            if self._mapper:
                self._mapper.wait()

    def _start_mapper(self) -> None:
        """Run the port mapper ourselves; a node that finds none starts one that outlives it."""
        if self._beside is None and (self._mapper is None or self._mapper.poll() is not None):
            self._mapper = self._spawn(port_mapper(), "-port", str(self._ports.mapper), "-address", "127.0.0.1")
            wait_for_port(self._ports.mapper)

    def _spawn(self, *command: str | Path, **more: str) -> subprocess.Popen[bytes]:
        with (self.folder / "output").open("ab") as output:
            options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
            process = subprocess.Popen(
                command, env=self._environment | more, cwd=self.folder, start_new_session=True, **options
            )
        self._reaper.watch(process.pid)
        return process

    def _runs(self) -> bool:
        """Whether the node lives; one that has ended is forgotten."""
        if self._server and self._server.poll() is not None:
            self._reaper.forget(self._server.pid)
            self._server = None
        return self._server is not None

    def _end(self, how: signal.Signals) -> None:
        if self._server and self._runs():
            self._server.send_signal(how)
            try:
                self._server.wait(_STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                raise self._failure(f"RabbitMQ did not stop on {how.name}") from None
            self._runs()

    def _failure(self, what: str) -> RabbitError:
        logs = [self.folder / "output", *sorted((self.folder / "log").glob("*.log"))]
        said = "\n".join(log.read_text(errors="replace")[-2000:] for log in logs if log.exists())
        return RabbitError(f"{what}. Its last words:\n{said}")
