"""What is deployed, as it is written: the compose file, the manifests for Kubernetes, the example of the settings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
MANIFESTS = sorted((ROOT / "deploy/k8s").glob("*.yml"))
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def compose_text() -> str:
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def compose(**given: str) -> Any:
    """The compose file as compose reads it: every variable replaced by what is given, else by its default."""

    def replace(variable: re.Match[str]) -> str:
        name, operator, word = variable.groups()
        return given.get(name) or (word if operator == "-" else f"<{name}>")

    return yaml.safe_load(VARIABLE.sub(replace, compose_text()))


def manifests() -> Iterator[Any]:
    for file in MANIFESTS:
        yield from yaml.safe_load_all(file.read_text(encoding="utf-8"))


def containers() -> Iterator[Any]:
    for manifest in manifests():
        pod = manifest.get("spec", {}).get("template", {}).get("spec", {})
        yield from (*pod.get("initContainers", []), *pod.get("containers", []))


def examples() -> dict[str, str]:
    lines = (ROOT / "deploy/env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
