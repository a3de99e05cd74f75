"""What a service may do at the broker, which is what it declares, and who may give it the right."""

import json
import re

import pytest

from schemas.registry import VOCABULARY
from services.composition import SERVICES, announced, subscriptions
from services.plumbing.messaging import broker_users
from services.plumbing.messaging.broker_users import MANAGEMENT_SETTING
from tests.contract.deployment import ROOT, compose


def test_the_brokers_administrator_touches_only_queues_of_ours() -> None:
    """The services' users stand in no file: the migration makes them from the same URIs that the services are given."""
    definitions = json.loads(compose(RABBITMQ_PASSWORD="secret")["configs"]["broker-administrator"]["content"])
    assert definitions["users"] == [{"name": "bancheng", "password": "secret", "tags": ["administrator"]}]
    assert {definitions["permissions"][0][right] for right in ("configure", "write", "read")} == {r"^bancheng\."}
    imported = json.loads((ROOT / "deploy/rabbitmq/definitions.json").read_text(encoding="utf-8"))
    assert imported.keys().isdisjoint({"users", "permissions", "topic_permissions"})

    plugins = (ROOT / "deploy/rabbitmq/enabled_plugins").read_text(encoding="utf-8")
    assert "rabbitmq_management" in plugins
    migrate = compose(RABBITMQ_PASSWORD="secret")["services"]["migrate"]["environment"]
    assert migrate[MANAGEMENT_SETTING] == "http://bancheng:secret@rabbitmq:15672"
    assert not [port for port in compose()["services"]["rabbitmq"].get("ports", []) if "15672" in port]
    services = compose()["services"]
    for name in SERVICES:
        uri = services[name]["environment"][broker_users.setting_of(name)]
        assert migrate[broker_users.setting_of(name)] == uri
        assert broker_users.virtual_host_of(uri) == definitions["vhosts"][0]["name"]


def test_a_service_may_do_at_the_broker_only_what_it_declares() -> None:
    """Written out for one service, so that a change of the rule is seen as what it means."""
    rights = broker_users.rights_of(
        "one",
        {"one": ["one.done.v1", "said.v1"], "two": ["two.done.v1", "said.v1"]},
        {"one": ["two.done.v1"], "two": ["one.done.v1"], "three": ["two.done.v1"], "four": ["said.v1"]},
    )
    assert rights == broker_users.Rights(
        configure=r"^(bancheng\.one)$",
        write=r"^(bancheng\.events|bancheng\.four|bancheng\.one|bancheng\.two)$",
        read=r"^(bancheng\.events|bancheng\.one)$",
        announce=r"^(one\.done\.v1|said\.v1)$",
        receive=r"^(one\.done\.v1|said\.v1|two\.done\.v1)$",
    )


@pytest.mark.parametrize("name", SERVICES)
def test_each_event_may_be_announced_by_its_own_services_alone(name: str) -> None:
    rights = broker_users.rights_of(name, announced(), subscriptions())
    for type_, event in VOCABULARY.items():
        is_its = name in event.ANNOUNCED_BY
        assert bool(re.search(rights.announce, type_)) == is_its
        assert bool(re.search(rights.receive, type_)) == (is_its or type_ in subscriptions()[name])
