"""The least that a nameko service can do: it answers "pong". What ours do over HTTP is measured against it.

python -m tests.bench.pong ADDRESS
"""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import sys

from nameko.containers import ServiceContainer
from nameko.web.handlers import http


class PongService:
    """nameko as it comes."""

    name = "pong"

    @http("GET", "/ping")
    def ping(self, _request: object) -> str:
        return "pong"


if __name__ == "__main__":
    container = ServiceContainer(PongService, {"WEB_SERVER_ADDRESS": sys.argv[1], "max_workers": 100})
    container.start()
    container.wait()
