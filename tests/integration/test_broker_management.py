"""A broker is told of the services' users: a new password holds, and one that cannot be told says so in one line."""

import os
import subprocess
import sys

import amqp
import pytest

from services.plumbing.messaging.broker_users import (
    MANAGEMENT_SETTING,
    BrokerNotManaged,
    as_user,
    definitions,
    import_definitions,
    user_of,
)
from services.sandbox.ports import free_ports
from tests.stack.rabbit import PrivateRabbit
from tests.stack.services import settings
from tests.stack.waiting import amqp_connection


def test_a_changed_password_takes_effect(broker: PrivateRabbit, amqp_uri: str) -> None:
    for password in ("of old", "of new 密码 /@:"):
        uri = as_user(amqp_uri, "racing", password)
        import_definitions(broker.management_url, definitions({"racing": uri}, {}, {}))
        with amqp_connection(uri) as connection:
            connection.channel()
    with pytest.raises(amqp.exceptions.AccessRefused), amqp_connection(as_user(amqp_uri, "racing", "of old")):
        pass


def test_a_broker_that_cannot_be_managed_is_one_clear_line(broker: PrivateRabbit, amqp_uri: str) -> None:
    place = broker.management_url.rpartition("@")[2]
    nowhere = f"127.0.0.1:{free_ports(1)[0]}"
    for url, words in (
        (f"http://guest:wrong@{place}", f"the broker at {place} does not take this user for an administrator"),
        (f"http://{user_of('intake')}:of%20the%20tests@{place}", "does not take this user for an administrator"),
        (f"http://guest:secret@{nowhere}", f"no answer from {nowhere}"),
        (f"http://guest:guest@{place}/elsewhere", f"{place} answers 40[45]"),
        ("no url", "no answer from"),
    ):
        with pytest.raises(BrokerNotManaged, match=f"^{MANAGEMENT_SETTING}: .*{words}") as refused:
            import_definitions(url, {})
        assert "secret" not in str(refused.value)
        assert "\n" not in str(refused.value)


def test_the_migration_fails_by_that_line_before_it_touches_anything(amqp_uri: str) -> None:
    nowhere = f"127.0.0.1:{free_ports(1)[0]}"
    environment = os.environ | settings(amqp_uri, "postgresql:///not-asked")
    environment |= {
        "AMQP_URI": amqp_uri,
        "DATABASE_URL": "postgresql:///not-asked",
        MANAGEMENT_SETTING: f"http://a:b@{nowhere}",
    }
    command = [sys.executable, "-m", "services.cli", "migrate"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: BrokerNotManaged: {MANAGEMENT_SETTING}: no answer from {nowhere} (ConnectionError)\n"
