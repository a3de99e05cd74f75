"""Where the programs of RabbitMQ are on this machine, and how they get there."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

# These scripts run a private node as anybody; those in a distribution's PATH insist on root or the rabbitmq user.
_PLACES = (
    "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin",
    "/opt/rabbitmq*/sbin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
)
_HELP = """These tests need a real RabbitMQ. Any one of these will do:
  - set AMQP_URI to a broker that may be emptied, such as amqp://guest:guest@127.0.0.1:5672//
  - install it: apt-get install rabbitmq-server, dnf install rabbitmq-server, brew install rabbitmq
  - run the tests as root on Debian or Ubuntu, and they install it"""


class RabbitMissing(RuntimeError):
    """There is no RabbitMQ here and it could not be installed; the message says what to do."""


@functools.cache
def scripts() -> Path:
    """The folder of `rabbitmq-server` and `rabbitmqctl`; installed from the distribution's packages if need be."""
    found = _find()
    if found is None:
        _install()
        found = _find()
    if found is None:
        raise RabbitMissing(_HELP)
    return found


def _find() -> Path | None:
    for place in _PLACES:
        for folder in sorted(Path("/").glob(place.lstrip("/")), reverse=True):
            if (folder / "rabbitmq-server").exists():
                return folder
    return None


def _install() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise RabbitMissing(_HELP)
    for command in (["update"], ["install", "-y", "--no-install-recommends", "rabbitmq-server"]):
        done = subprocess.run(
            ["apt-get", "-q", *command],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RabbitMissing(f"{_HELP}\napt-get {command[0]} said:\n{(done.stdout + done.stderr)[-2000:]}")
