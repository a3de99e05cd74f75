"""Where the programs of RabbitMQ are on this machine, and how they get there."""

import functools
from pathlib import Path

from tests.stack.distribution import NotInstallable, install

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
        try:
            install("rabbitmq-server")
        except NotInstallable as error:
            raise RabbitMissing(f"{_HELP}\n{error}") from None
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
