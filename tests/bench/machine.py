"""What the figures were found on: without it they mean nothing."""

import os
import platform
from importlib.metadata import version
from typing import Any

import psutil

from tests.bench.servers import Servers, ask

_PACKAGES = ("nameko", "eventlet", "kombu", "amqp", "psycopg2-binary", "celery", "dramatiq", "procrastinate")


def machine(servers: Servers) -> dict[str, Any]:
    """Cores, memory, kernel, and the versions of all that took part."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory, GB": round(psutil.virtual_memory().total / (1 << 30), 1),
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": ask(servers.postgres.url, "SHOW server_version"),
        "RabbitMQ": servers.rabbit.ctl("version").strip(),
        **{package: version(package) for package in _PACKAGES},
        "busy with other things at the start, 1 minute load": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    """Its name, as Linux gives it."""
    try:
        with open("/proc/cpuinfo") as told:
            names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown"
