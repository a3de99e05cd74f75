"""Where the programs of RabbitMQ are on this machine, and how they get there."""

import functools
from pathlib import Path

from tests.stack.distribution import in_path, require

# These scripts run a private node as anybody; those in a distribution's PATH insist on root or the rabbitmq user.
_PLACES = (
    "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin",
    "/opt/rabbitmq*/sbin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
)
# Homebrew does not put Erlang's port mapper into the PATH.
_MAPPER_PLACES = (
    "/usr/lib/erlang/bin/epmd",
    "/opt/homebrew/opt/erlang/lib/erlang/bin/epmd",
    "/usr/local/opt/erlang/lib/erlang/bin/epmd",
)
_ADVICE = """These tests need a real RabbitMQ. Any one of these will do:
  - set AMQP_URI to a broker that may be emptied, such as amqp://guest:guest@127.0.0.1:5672//, and
    BANCHENG_BROKER_ADMIN_URL to its management API, such as http://guest:guest@127.0.0.1:15672
  - install it: apt-get install rabbitmq-server, dnf install rabbitmq-server, brew install rabbitmq
  - run the tests as root on Debian or Ubuntu, and they install it"""


@functools.cache
def scripts() -> Path:
    """The folder of `rabbitmq-server` and `rabbitmqctl`, installed if need be. Raises ProgramMissing."""
    return require(_find_scripts, "rabbitmq-server", _ADVICE)


@functools.cache
def port_mapper() -> Path:
    """Erlang's `epmd`, which comes with RabbitMQ's packages, installed if need be. Raises ProgramMissing."""
    return require(_find_mapper, "rabbitmq-server", _ADVICE)


def _find_scripts() -> Path | None:
    for place in _PLACES:
        for folder in sorted(Path("/").glob(place.lstrip("/")), reverse=True):
            if (folder / "rabbitmq-server").exists():
                return folder
    return None


def _find_mapper() -> Path | None:
    return in_path("epmd") or next((place for place in map(Path, _MAPPER_PLACES) if place.exists()), None)
