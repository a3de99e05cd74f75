"""The processes of a house, each under a supervisor that starts it again when it ends, as in production."""

import subprocess
import threading
import time
from collections import Counter
from contextlib import suppress

import requests

from tests.stack.eventually import eventually
from tests.stack.house import service_process

AGAIN_S = 0.5  # how soon a supervisor starts anew what has ended


class Supervised:
    """One process of one service."""

    def __init__(self, service: str, environment: dict[str, str]) -> None:
        self.service, self.process = service, service_process(service, environment)
        self.is_wanted = True
        self.lock = threading.RLock()

    def kill(self) -> None:
        """Kill -9; the supervisor starts it again if it is wanted."""
        with self.lock:
            self.process.kill()

    def stop(self) -> tuple[int, float]:
        """SIGTERM, and not again until `start`; exit code and seconds taken."""
        with self.lock:
            self.is_wanted = False
            return self.process.stop()

    def start(self) -> None:
        """Start again; returns at once."""
        with self.lock:
            self.is_wanted = True
            if not self.process.runs:
                self.process.launch()


class Supervisor:
    """All processes, watched until `close`."""

    def __init__(self, environment: dict[str, str], replicas: dict[str, int]) -> None:
        self.all = [Supervised(service, environment) for service, count in replicas.items() for _ in range(count)]
        self.restarts: Counter[str] = Counter()
        self.duplicates = 0.0
        self._closing = threading.Event()
        for supervised in self.all:
            supervised.process.launch()
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)
        self._supervisor.start()

    def of(self, service: str) -> list[Supervised]:
        """The processes of a service."""
        return [each for each in self.all if each.service == service]

    def await_ready(self, *, seconds: float = 90) -> None:
        """Return when every wanted process is ready. Raises RuntimeError with the last words of one that is not."""
        for supervised in self.all:
            if supervised.is_wanted and not eventually(supervised.process.is_ready, seconds=seconds):
                raise RuntimeError(f"{supervised.service} did not become ready:\n{supervised.process.log[-3000:]}")

    def suppressed(self) -> int:
        """How many deliveries were known for duplicates by the processes that run now, since they were started."""
        total = 0.0
        for supervised in self.all:
            with suppress(requests.RequestException):
                total += supervised.process.metric("bancheng_events_handled_total", outcome="duplicate")
        return int(total)

    def metric(self, service: str, name: str) -> float:
        """A metric, summed over the processes of a service that answer."""
        total = 0.0
        for supervised in self.of(service):
            with suppress(requests.RequestException):
                total += supervised.process.metric(name)
        return total

    def logs(self) -> dict[str, str]:
        """What each process has said."""
        return {f"{each.service}-{each.process.port}": each.process.log for each in self.all}

    def close(self) -> list[int]:
        """SIGTERM for all at once; the exit codes of those that ran. -9 stands for one that had to be killed."""
        self._closing.set()
        self._supervisor.join()
        running = [each.process for each in self.all if each.process.runs]
        for process in running:
            process.signal(15)  # type: ignore[arg-type]
        codes = []
        for process in running:
            try:
                codes.append(process.wait(35))
            except subprocess.TimeoutExpired:
                process.kill()
                codes.append(-9)
        return codes

    def remove(self) -> None:
        """Kill what runs and forget the logs."""
        self._closing.set()
        for each in self.all:
            each.process.close()

    def _supervise(self) -> None:
        while not self._closing.is_set():
            for supervised in self.all:
                with supervised.lock:
                    if supervised.is_wanted and not supervised.process.runs and not self._closing.is_set():
                        self.restarts[supervised.service] += 1
                        supervised.process.environment["BANCHENG_FAILPOINT"] = ""
                        supervised.process.launch()
            time.sleep(AGAIN_S)
