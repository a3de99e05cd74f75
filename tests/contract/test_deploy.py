"""What is deployed fits together: images, settings, commands, addresses, secrets, and Kubernetes' schemas."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
from jsonschema import Draft202012Validator

from services.cli import main
from services.commands.keys import PASSWORDS
from services.composition import SERVICES
from services.plumbing.database.logins import setting_of, user_of
from services.plumbing.messaging import broker_users
from services.plumbing.messaging.broker_users import MANAGEMENT_SETTING
from tests.contract.deployment import ROOT, VARIABLE, compose, compose_text, containers, examples, manifests

KUBERNETES = "1.34"
OPERATIONS = 9000
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")

_FIXED = re.compile(r"[\w./-]+:v?\d+(\.\d+)+(-[\w.-]+)?")
_SECRETS = {"BANCHENG_SECRET", "BANCHENG_DATA_KEY", "BANCHENG_MASKING_KEY", "BANCHENG_NOTIFY_KEY", *PASSWORDS}


def test_the_compose_file_is_one_by_the_compose_specification(tmp_path: Path) -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(compose())]
    assert errors == []
    for command in _compose_commands():  # compose itself, where there is one, knows more than its schema
        settings = tmp_path / "env"
        settings.write_text("".join(f"{name}={value or 'x'}\n" for name, value in examples().items()))
        done = subprocess.run(
            [*command, "--project-directory", ROOT, "--env-file", settings, "config", "--quiet"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def _compose_commands() -> list[list[str]]:
    found = []
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            asked = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, check=False)
            if asked.returncode == 0 and asked.stdout.strip().lstrip("v").startswith("2"):
                found.append(command)
    return found


def test_every_image_has_a_fixed_version() -> None:
    build = re.findall(r"^FROM (\S+)", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    images = {*build, *(service["image"] for service in compose()["services"].values())}
    images |= {container["image"] for container in containers()}
    assert [image for image in images if not _FIXED.fullmatch(image)] == []


def test_compose_refuses_to_start_without_a_secret() -> None:
    used = {name: operator for name, operator, _word in VARIABLE.findall(compose_text())}
    assert {name for name, operator in used.items() if operator == "?"} == _SECRETS
    assert {name for name, operator, _word in VARIABLE.findall(compose_text()) if operator != "?"}.isdisjoint(_SECRETS)
    assert all(not examples()[name] for name in _SECRETS)


def test_every_setting_is_explained_with_its_default() -> None:
    defaults = {name: word for name, operator, word in VARIABLE.findall(compose_text()) if operator == "-"}
    assert examples() == defaults | dict.fromkeys(_SECRETS, "")


def test_no_port_is_open_to_the_world_by_default() -> None:
    ports = [port for service in compose()["services"].values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_what_runs_for_long_is_restarted_limited_and_asked_how_it_is() -> None:
    for name, service in compose()["services"].items():
        assert service["mem_limit"], name
        if name not in ("migrate", "publish-center"):
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name


def test_every_mounted_file_is_there() -> None:
    mounts = [mount for service in compose()["services"].values() for mount in service.get("volumes", [])]
    sources = [mount.split(":")[0] for mount in mounts if mount.startswith(".")]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_deployed_at_its_port(name: str) -> None:
    port = SERVICES[name].default_address.split(":")[1]
    setting = f"BANCHENG_{name.upper()}_ADDRESS"

    service = compose()["services"][name]
    assert service["command"] == ["run", name]
    assert service["environment"][setting] == f"0.0.0.0:{port}"
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"127.0.0.1:{OPERATIONS}/health/ready" in service["healthcheck"]["test"][-1]

    settings = next(each["data"] for each in manifests() if each["kind"] == "ConfigMap")
    assert settings[setting] == f"0.0.0.0:{port}"
    container = next(each for each in containers() if each["args"] == ["run", name])
    assert container["ports"] == [
        {"name": "http", "containerPort": int(port)},
        {"name": "operations", "containerPort": OPERATIONS},
    ]


def test_operations_have_a_port_that_only_prometheus_and_the_probes_reach() -> None:
    settings = next(each["data"] for each in manifests() if each["kind"] == "ConfigMap")
    assert settings["BANCHENG_OPERATIONS_ADDRESS"] == f"0.0.0.0:{OPERATIONS}"
    for name in SERVICES:
        service = compose()["services"][name]
        assert service["environment"]["BANCHENG_OPERATIONS_ADDRESS"] == f"0.0.0.0:{OPERATIONS}"
        assert not [port for port in service["ports"] if port.endswith(f":{OPERATIONS}")]
        container = next(each for each in containers() if each["args"] == ["run", name])
        assert {container[probe]["httpGet"]["port"] for probe in PROBES} == {"operations"}
    published = [port for each in manifests() if each["kind"] == "Service" for port in each["spec"]["ports"]]
    assert {port["targetPort"] for port in published} == {"http"}


def test_a_pod_is_reached_through_the_ingress_and_by_prometheus_alone() -> None:
    (policy,) = (each["spec"] for each in manifests() if each["kind"] == "NetworkPolicy")
    chosen = policy["podSelector"]["matchLabels"].items()
    pods = [each["spec"]["template"]["metadata"]["labels"] for each in manifests() if each["kind"] == "Deployment"]
    assert len(pods) == len(SERVICES)
    assert [labels for labels in pods if not chosen <= labels.items()] == []
    assert [[port["port"] for port in rule["ports"]] for rule in policy["ingress"]] == [["http"], ["operations"]]
    sources = [source for rule in policy["ingress"] for source in rule["from"]]
    (desk,) = (source["podSelector"]["matchLabels"] for source in sources if "podSelector" in source)
    assert [labels for labels in pods if desk.items() <= labels.items()] == [desk]
    assert all(source["namespaceSelector"]["matchLabels"] for source in sources if "podSelector" not in source)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_given_its_own_secrets_and_no_others(name: str) -> None:
    environment = compose()["services"][name]["environment"]
    urls = {setting for setting in environment if setting.endswith("DATABASE_URL")}
    assert urls == {setting_of(name)}
    assert user_of(environment[setting_of(name)]) == f"bancheng_{name}"
    uris = {setting for setting in environment if "AMQP_URI" in setting}
    assert uris == {broker_users.setting_of(name)}
    broker_users.ensure_own(name, environment[broker_users.setting_of(name)])
    assert ("BANCHENG_DATA_KEY" in environment) == (name == "intake")
    assert ("BANCHENG_MASKING_KEY" in environment) == (name in ("intake", "routing"))
    assert ("BANCHENG_NOTIFY_KEY" in environment) == (name == "notify")

    container = next(each for each in containers() if each["args"] == ["run", name])
    given = {source["secretRef"]["name"] for source in container["envFrom"] if "secretRef" in source}
    assert given == {"bancheng", f"bancheng-{name.replace('_', '-')}"}


def test_only_the_migration_acts_as_an_administrator() -> None:
    services = compose()["services"]
    assert [name for name, each in services.items() if "DATABASE_URL" in (each.get("environment") or {})] == ["migrate"]
    for setting in ("AMQP_URI", MANAGEMENT_SETTING):
        assert [name for name, each in services.items() if setting in (each.get("environment") or {})] == ["migrate"]
    for settings_of in (setting_of, broker_users.setting_of):
        assert {settings_of(name) for name in SERVICES} <= services["migrate"]["environment"].keys()
    migrate = [each for each in containers() if {"secretRef": {"name": "bancheng-migrate"}} in each["envFrom"]]
    assert [each["args"] for each in migrate] == [["migrate"]]


def test_every_command_is_one_of_banchengs() -> None:
    ours = [each["command"] for each in compose()["services"].values() if each["image"].startswith("bancheng:")]
    for command in ours + [each["args"] for each in containers()]:
        context = main.make_context("bancheng", command[:1], resilient_parsing=True)
        assert main.get_command(context, command[0]), command


def test_every_manifest_is_one_by_the_schema_of_kubernetes() -> None:
    found = list(manifests())
    assert len(found) == 3 + 2 * len(SERVICES)
    for manifest in found:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
