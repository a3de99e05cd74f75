"""Who follows along reads the timeline of all tickets on from where they stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from schemas.center.center import Center
from schemas.enums import Role
from services.sandbox.sandbox import Sandbox
from tests.e2e.actors import Actors, at, refusal

DEMO = Path(__file__).parents[2] / "deploy" / "centers" / "demo.yml"


@pytest.fixture(scope="module")
def house() -> Iterator[Actors]:
    center = Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
    with Sandbox(center, at("2025-03-03 10:00")) as sandbox:
        yield Actors(sandbox)


def test_the_timeline_of_all_tickets_is_read_on_from_an_entry(house: Actors) -> None:
    one = house.register("公积金提取被退回", "公积金提取申请三次被退回,窗口说系统里查不到我的缴存。")
    first = house.window.get("/timeline")
    assert {line["number"] for line in first["items"]} == {one.number}
    assert [line["what"] for line in first["items"]] == ["ticket.registered", "ticket.routed", "assignment.made"]
    other = house.register("发票开不出来", "发票一直开不出来,税务说等通知。")
    second = house.window.get("/timeline", after=first["next"], limit=1)
    assert [(line["number"], line["what"]) for line in second["items"]] == [(other.number, "ticket.registered")]
    third = house.window.get("/timeline", after=second["next"])
    assert [line["what"] for line in third["items"]] == ["ticket.routed", "assignment.made"]
    nothing = house.window.get("/timeline", after=third["next"])
    assert nothing == {"items": [], "next": third["next"]}


def test_a_department_does_not_see_the_timeline_of_all_tickets(house: Actors) -> None:
    assert refusal(house.liaison("GJJ").get, "/timeline").status == 403


def test_operators_may_follow_the_timeline(house: Actors) -> None:
    ops = house.sandbox.client("routing", house.sandbox.token("wei-tao", Role.OPS))
    assert ops.get("/timeline", limit=1)["items"]
