"""Services as real processes: started, asked over HTTP, told to stop, killed.

with ServiceProcess("services.run", "intake", port=port, environment=settings(...)) as intake:
    intake.ask("GET", "/tickets")
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests
from prometheus_client.parser import text_string_to_metric_families

from services.composition import SERVICES
from services.plumbing.database.logins import as_login, setting_of
from services.plumbing.messaging import broker_users
from services.sandbox.ports import free_ports
from services.sandbox.reaper import Reaper, StartedServer
from tests.stack.broker_users import user_uris
from tests.stack.eventually import eventually

SECRET = "of the tests, which nobody else must ever use"
MASKING_KEY = "of the tests and known to nobody else"
NOTIFY_KEY = f"k1:{'A' * 43},hash:{'B' * 42}A"
READY_S = 40.0
STOP_S = 40.0


def login_url(database_url: str, service: str) -> str:
    """A service's own way to the database that somebody else's URL names."""
    return as_login(database_url, f"bancheng_{service}", "of the tests")


def login_urls(database_url: str, *services: str) -> dict[str, str]:
    """The same for several services."""
    return {service: login_url(database_url, service) for service in services}


def settings(amqp_uri: str, database_url: str, *, clock: str = "", failpoint: str = "") -> dict[str, str]:
    """The environment of a service's process, whatever this program's own is."""
    return {
        "AMQP_URI": "",
        **{broker_users.setting_of(service): uri for service, uri in user_uris(amqp_uri).items()},
        **{setting_of(service): login_url(database_url, service) for service in (*SERVICES, "sample")},
        "BANCHENG_SECRET": SECRET,
        "BANCHENG_DATA_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "BANCHENG_MASKING_KEY": MASKING_KEY,
        "BANCHENG_NOTIFY_KEY": NOTIFY_KEY,
        "BANCHENG_CLOCK": clock,
        "BANCHENG_FAILPOINT": failpoint,
        "BANCHENG_OPERATIONS_CACHE_SECONDS": "0",
    }


class ServiceProcess(StartedServer):
    """``python -m module arguments...`` with `environment`, on `port` of 127.0.0.1, its operations on another.

    Entered, it is ready; left, it is killed. `start` and `kill` may be called in any order and as often as one likes.
    """

    def __init__(self, module: str, *arguments: str, port: int, environment: dict[str, str]) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        (self.operations_port,) = free_ports(1)
        self.environment = {"BANCHENG_OPERATIONS_ADDRESS": f"127.0.0.1:{self.operations_port}"} | environment
        self._command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
        self._folder = Path(tempfile.mkdtemp(prefix="bancheng-service-"))
        self._reaper = Reaper(self._folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process, also after its end."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it wrote to its output, over all its starts."""
        written = self._folder / "log"
        return written.read_text(errors="replace") if written.exists() else ""

    @property
    def runs(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def launch(self) -> None:
        """Start without waiting for anything."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._reaper.watch(self._process.pid)

    def start(self) -> None:
        """Start, and return when it is ready. Raises RuntimeError with its last words when it is not in time."""
        self.launch()
        if not eventually(lambda: not self.runs or self.is_ready(), seconds=READY_S) or not self.runs:
            raise RuntimeError(f"The service did not become ready:\n{self.log[-3000:]}")

    def is_ready(self) -> bool:
        """Whether it answers and reaches its database."""
        try:
            return self.ask_operations("/health/ready", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def ask(self, method: str, path: str, *, timeout: float = 30, **more: Any) -> requests.Response:
        """The reply to one request on a connection of its own."""
        return requests.request(method, self.url + path, timeout=timeout, **more)

    def ask_operations(self, path: str, *, method: str = "GET", timeout: float = 30, **more: Any) -> requests.Response:
        """The reply of the operations port to one request on a connection of its own."""
        return requests.request(method, f"http://127.0.0.1:{self.operations_port}{path}", timeout=timeout, **more)

    def metric(self, name: str, **labels: str) -> float:
        """A metric's value, summed over the labels that are not given; 0 if there is none yet."""
        text = self.ask_operations("/metrics").text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process that runs."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> tuple[int, float]:
        """SIGTERM; the exit code and how many seconds it took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        return self.wait(STOP_S), time.monotonic() - began

    def wait(self, seconds: float) -> int:
        """The exit code, once it has ended by itself. Raises subprocess.TimeoutExpired."""
        assert self._process is not None
        code = self._process.wait(seconds)
        self._reaper.forget(self._process.pid)
        return code

    def kill(self) -> None:
        """Kill -9, and wait. Harmless when it has ended."""
        if self._process is not None:
            self._process.kill()
            self.wait(10)

    def close(self) -> None:
        """Kill it and remove its log."""
        self.kill()
        self._reaper.close()
