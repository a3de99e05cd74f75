"""What Prometheus and Grafana ask for exists: alerts and dashboard against the metrics that the program declares."""

import ast
import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stack.promtool import promtool

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy/prometheus"
ALERT_TESTS = (PROMETHEUS / "alerts_test.yml", PROMETHEUS / "alerts_of_days_test.yml")
RULES: list[Any] = [
    rule
    for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARD = json.loads((ROOT / "deploy/grafana/dashboards/bancheng.json").read_text(encoding="utf-8"))
TARGETS: list[Any] = [target for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]

_SAMPLES = {"Counter": ("_total",), "Gauge": ("",), "Histogram": ("_bucket", "_count", "_sum")}
_OF_PROMETHEUS = {
    "up": set(),
    "ALERTS": {"alertname", "alertstate", "severity"},
    "process_start_time_seconds": set(),
    "process_resident_memory_bytes": set(),
    "rabbitmq_detailed_queue_messages": {"queue", "vhost"},
}
_EVERYWHERE = {"job", "instance"}
_WORDS = {"and", "or", "unless", "offset", "bool", "by", "without", "on", "ignoring"}


@functools.cache
def declared() -> dict[str, set[str]]:
    """The labels of every metric that the services declare, by the names of its samples."""
    found: dict[str, set[str]] = {}
    for file in (ROOT / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Counter" | "Gauge" | "Histogram" as kind), args=[name, _, *labels]):
                    has = set(ast.literal_eval(labels[0])) if labels else set()
                    found |= {ast.literal_eval(name) + suffix: has for suffix in _SAMPLES[kind]}
    return found


def asked(query: str) -> Iterator[tuple[str, set[str]]]:
    """The metrics that a query names, each with the labels that it asks of it; groupings are asked of all of them."""
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', "", re.sub(r"\[[^]]*\]", "", query))
    grouping = {
        label
        for words in re.findall(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)", plain)
        for label in re.findall(r"\w+", words)
    }
    plain = re.sub(r"\b(?:by|without|on|ignoring)\s*\([^)]*\)", "", plain)
    for name, matchers in re.findall(r"\b([a-zA-Z_:][\w:]*)\b(?!\s*\()(?:\s*\{([^}]*)\})?", plain):
        if name not in _WORDS:
            yield name, set(re.findall(r"(\w+)\s*[=!]", matchers)) | grouping


def unknown_in(query: str) -> list[str]:
    """The metrics of a query that nobody exposes, and the labels that they do not have."""
    known = declared() | _OF_PROMETHEUS
    wrong = []
    for name, labels in asked(re.sub(r"\boffset\s+\w+", "", query)):
        if name not in known:
            wrong.append(name)
        elif strange := labels - known[name] - _EVERYWHERE - ({"le"} if name.endswith("_bucket") else set()):
            wrong.append(f"{name}{{{','.join(sorted(strange))}}}")
    return wrong


def test_a_metric_or_a_label_that_nobody_has_is_found() -> None:
    assert unknown_in('sum by (service, le) (rate(bancheng_http_request_seconds_bucket{route="/x"}[5m]))') == []
    assert unknown_in('max(bancheng_outbox_age{service="a"}) or up == 0') == ["bancheng_outbox_age"]
    assert unknown_in("sum by (colour) (bancheng_tickets_open offset 1h)") == ["bancheng_tickets_open{colour}"]


def test_promtool_accepts_the_configuration() -> None:
    promtool("check", "config", PROMETHEUS / "prometheus.yml")


def test_every_alert_fires_when_it_must_and_only_then() -> None:
    for file in ALERT_TESTS:
        promtool("test", "rules", file)


@pytest.mark.parametrize("alert", RULES, ids=lambda alert: alert["alert"])
def test_an_alert_is_shown_firing_and_silent_and_says_what_to_do(alert: Any) -> None:
    name = alert["alert"]
    assert alert["labels"]["severity"] in ("critical", "warning", "info")
    assert set(alert["annotations"]) == {"summary", "description", "runbook"}
    assert unknown_in(alert["expr"]) == []

    tests = [each for file in ALERT_TESTS for each in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]]
    checks = [each for test in tests for each in test["promql_expr_test"] if f'alertname="{name}"' in each["expr"]]
    fired = [sample["labels"] for check in checks for sample in check["exp_samples"]]
    assert fired
    assert any(not check["exp_samples"] for check in checks)
    for label in re.findall(r"\$labels\.(\w+)", json.dumps(alert["annotations"])):
        assert all(f"{label}=" in labels for labels in fired), f"{name} has no label {label}"


@pytest.mark.parametrize("query", sorted({target["expr"] for target in TARGETS}))
def test_a_query_of_the_dashboard_names_only_what_exists(query: str) -> None:
    assert unknown_in(query) == []


def test_every_query_of_the_dashboard_can_be_parsed(tmp_path: Path) -> None:
    rules = [
        {"record": f"query:{number}", "expr": target["expr"].replace("$__rate_interval", "1m")}
        for number, target in enumerate(TARGETS)
    ]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", file)


def test_the_dashboard_asks_the_provisioned_source() -> None:
    sources = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())
    assert {target["datasource"]["uid"] for target in TARGETS} == {sources["datasources"][0]["uid"]}
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_prometheus_asks_every_service_at_its_port() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    jobs = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    asked_at = {job["job_name"]: job["static_configs"][0]["targets"] for job in jobs}
    for name, service in compose["services"].items():
        if service.get("command", [])[:1] == ["run"]:
            port = service["environment"]["BANCHENG_OPERATIONS_ADDRESS"].rpartition(":")[2]
            assert asked_at[name] == [f"{name}:{port}"]
