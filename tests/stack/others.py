"""How long a service's process keeps everybody else waiting while it does one thing.

with Others(service, "/openapi.json") as others:
    service.ask(...)
others.longest
"""

import http.client
import threading
import time
from types import TracebackType
from typing import Self

import psutil

from tests.stack.services import ServiceProcess

_PAUSE = 0.002


class Others:
    """A second client, who asks for something cheap again and again from `__enter__` to `__exit__`.

    Each of its calls counts for as long as it took, but for no more than the processor time that the service used
    meanwhile: what a busy machine adds is nobody's fault.
    """

    def __init__(self, service: ServiceProcess, path: str, *, headers: dict[str, str] | None = None) -> None:
        self._service, self._path, self._headers = service, path, headers or {}
        self._process = psutil.Process(service.pid)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.longest = 0.0
        self.calls = 0
        self.failure: Exception | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(60)

    def _ask(self) -> None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self._service.port, timeout=60)
            while not self._stopped.is_set():
                began, used = time.monotonic(), self._used()
                connection.request("GET", self._path, headers=self._headers)
                connection.getresponse().read()
                self.longest = max(self.longest, min(time.monotonic() - began, self._used() - used))
                self.calls += 1
                time.sleep(_PAUSE)
        except (OSError, http.client.HTTPException, psutil.Error) as error:
            self.failure = error

    def _used(self) -> float:
        """The processor time of the service so far."""
        times = self._process.cpu_times()
        return float(times.user + times.system)
