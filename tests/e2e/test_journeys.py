"""Tickets travel from the window to their end, over HTTP, RabbitMQ and PostgreSQL, on a stepped clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from schemas.center.center import Center
from services.sandbox.sandbox import Sandbox
from tests.e2e.actors import Actors, at, refusal
from tests.stack.broker_users import broker_of

DEMO = Path(__file__).parents[2] / "deploy" / "centers" / "demo.yml"


@pytest.fixture(scope="module")
def house(amqp_uri: str) -> Iterator[Actors]:
    center = Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
    with Sandbox(center, at("2025-01-02 09:00"), broker=broker_of(amqp_uri)) as sandbox:
        yield Actors(sandbox)


def test_an_ordinary_ticket_is_answered_in_time(house: Actors) -> None:
    house.now("2025-03-03 10:00")
    ticket = house.register("公积金提取被退回", "公积金提取申请三次被退回,窗口说系统里查不到我的缴存。")
    assert house.ticket(ticket)["lead"] == "GJJ"
    house.accept(ticket, "GJJ")
    house.now("2025-03-05 16:59")
    house.liaison("GJJ").post(f"/tickets/{ticket.id}/answer", {"answer": "缴存记录已合并,提取款明日到账。"})
    house.now("2025-03-12 10:00")
    (deadline,) = house.deadlines(ticket, "answer")
    assert (deadline["state"], deadline["due_at"]) == ("met", "2025-03-05T17:00:00+08:00")
    assert house.escalations(ticket, "answer") == {1: ["liu-yang", "zhong-ling"]}
    seen = house.citizen.post(f"/tickets/{ticket.number}/status", {"code": ticket.code})
    assert (seen["state"], seen["answer"]) == ("answered", "缴存记录已合并,提取款明日到账。")


def test_a_breached_ticket_climbs_to_the_third_level(house: Actors) -> None:
    house.now("2025-01-24 10:00")
    ticket = house.register("发票开不出来", "发票一直开不出来,税务说等通知。")
    house.accept(ticket, "SWJ")
    (deadline,) = house.deadlines(ticket, "answer")
    assert deadline["due_at"] == "2025-01-27T17:00:00+08:00", "Sunday 26 January is a make-up day"
    house.now("2025-01-27 16:59")
    assert set(house.escalations(ticket, "answer")) == {1}
    house.now("2025-01-27 17:01")
    assert set(house.escalations(ticket, "answer")) == {1, 2}
    house.now("2025-02-05 17:01")
    told = house.escalations(ticket, "answer")
    assert told[1] == ["liu-yang", "luo-min"]
    assert "xie-weidong" in told[2]
    assert len(told[2]) == 2
    assert told[3] == ["shen-guoqiang"]
    house.liaison("SWJ").post(f"/tickets/{ticket.id}/answer", {"answer": "开票权限已恢复。"})
    house.now("2025-02-28 17:01")
    assert set(house.escalations(ticket, "answer")) == {1, 2, 3}, "nothing goes on after the answer"
    (deadline,) = house.deadlines(ticket, "answer")
    assert deadline["state"] == "breached"


def test_a_complex_ticket_needs_its_report_and_every_department(house: Actors) -> None:
    house.now("2025-04-02 09:00")
    ticket = house.register(
        "医保年限认定两家说法不一", "医保窗口说我缴费年限不够,人社窗口说视同缴费年限已认定,医保不认。"
    )
    view = house.ticket(ticket)
    assert (view["complexity"], view["lead"], sorted(view["assisting"])) == ("complex", "YBJ", ["RSJ", "SWJ"])
    (deadline,) = house.deadlines(ticket, "report")
    assert deadline["due_at"] == "2025-04-10T17:00:00+08:00"
    assert [each["state"] for each in house.deadlines(ticket, "answer")] == ["cancelled"]
    house.accept(ticket, "YBJ", "RSJ", "SWJ")
    lead = house.liaison("YBJ")
    answer = {"answer": "视同缴费年限已补录,不需补缴。"}
    assert refusal(lead.post, f"/tickets/{ticket.id}/answer", answer).status == 409
    lead.post(f"/tickets/{ticket.id}/report", {"report": "关于视同缴费年限认定的专题报告:以人社认定为准,医保补录。"})
    assert refusal(lead.post, f"/tickets/{ticket.id}/answer", answer).status == 409
    for department in ("RSJ", "SWJ"):
        assignment = house.assignment(ticket, department)["id"]
        house.liaison(department).post(f"/assignments/{assignment}/complete", {"result": "已核对并向牵头部门反馈"})
    lead.post(f"/tickets/{ticket.id}/answer", answer)
    house.sandbox.settle()
    assert house.ticket(ticket)["state"] == "answered"
    assert house.deadlines(ticket, "report")[0]["state"] == "met"


def test_a_second_return_goes_to_the_duty_leader_whose_decision_is_final(house: Actors) -> None:
    house.now("2025-05-12 09:30")
    ticket = house.register("户口簿与医保姓名不一致", "户口簿和身份证姓名写法不一致,社保和医保都不给办。")
    first = house.ticket(ticket)["lead"]
    house.send_back(ticket, first)
    second = house.ticket(ticket)["lead"]
    assert second != first
    house.send_back(ticket, second)
    assert house.ticket(ticket)["state"] == "in_arbitration"
    assert ticket.id in [item["ticket_id"] for item in house.leader.get("/docket")["items"]]
    house.leader.post(f"/tickets/{ticket.id}/arbitrate", {"lead": first, "why": "以户籍登记为准,由首家牵头"})
    house.sandbox.settle()
    assert house.ticket(ticket)["lead"] == first
    assignment = house.assignment(ticket, first)["id"]
    body = {"reason": "not_our_duty", "explanation": "仍然不属于我局职责"}
    assert refusal(house.liaison(first).post, f"/assignments/{assignment}/return", body).status == 409
    assert house.deadlines(ticket, "arbitrate")[0]["state"] == "met"
    promise = [
        each for kind in ("answer", "report") for each in house.deadlines(ticket, kind) if each["state"] == "running"
    ]
    assert [each["started_at"] for each in promise] == ["2025-05-12T09:30:00+08:00"], "returning stops no deadline"


def test_a_pause_keeps_the_remaining_time_across_the_holiday(house: Actors) -> None:
    house.now("2025-09-29 10:00")
    ticket = house.register("公租房申请材料", "公租房申请交了三次材料都说不齐。")
    house.now("2025-09-30 10:00")
    house.clerk.post(f"/tickets/{ticket.id}/materials", {"items": ["收入证明"]})
    house.now("2025-10-10 10:00")
    (deadline,) = house.deadlines(ticket, "answer")
    assert deadline["state"] == "paused"
    assert 2 not in house.escalations(ticket, "answer"), "a paused ticket is not breached"
    house.clerk.post(f"/tickets/{ticket.id}/materials/supply")
    house.sandbox.settle()
    (deadline,) = house.deadlines(ticket, "answer")
    assert (deadline["state"], deadline["due_at"]) == ("running", "2025-10-11T17:00:00+08:00"), (
        "to the make-up Saturday"
    )


def test_a_ticket_reclassified_on_its_second_day_keeps_the_time_it_spent(house: Actors) -> None:
    house.now("2025-06-16 10:00")
    ticket = house.register("停水三天", "小区停水三天,水务说要物业,物业说要水务。")
    house.now("2025-06-18 11:00")
    house.leader.post(
        f"/tickets/{ticket.id}/reclassify", {"complexity": "complex", "why": "涉及历史遗留的二次供水移交"}
    )
    house.sandbox.settle()
    (report,) = house.deadlines(ticket, "report")
    assert (report["started_at"], report["due_at"]) == ("2025-06-16T10:00:00+08:00", "2025-06-23T17:00:00+08:00")
    house.now("2025-06-18 17:01")
    assert 2 not in house.escalations(ticket, "answer"), "the old limit is gone"


def test_an_extension_is_granted_in_time_and_refused_too_late(house: Actors) -> None:
    house.now("2025-07-07 10:00")
    ticket = house.register("违建投诉没人管", "楼上违建投诉半年没人管。")
    more = {"working_days": 3, "reason": "需要现场测绘", "legal_basis": "服务规范第十二条"}
    house.now("2025-07-09 09:01")
    refused = refusal(house.leader.post, f"/tickets/{ticket.id}/extension", more)
    assert refused.status == 409
    assert "2025-07-09" in refused.detail, "the refusal says what the last moment was"
    other = house.register("路灯不亮", "门口路灯不亮一个月了。")
    house.leader.post(f"/tickets/{other.id}/extension", more)
    house.sandbox.settle()
    (deadline,) = house.deadlines(other, "answer")
    assert (deadline["due_at"], deadline["revision"]) == ("2025-07-16T17:00:00+08:00", 2)


def test_a_dissatisfied_citizen_gets_a_second_round(house: Actors) -> None:
    house.now("2025-08-04 10:00")
    ticket = house.register("学位申请", "孩子入学学位申请没有下文。")
    lead = house.ticket(ticket)["lead"]
    house.accept(ticket, lead)
    house.liaison(lead).post(f"/tickets/{ticket.id}/answer", {"answer": "请耐心等待通知。"})
    house.sandbox.settle()
    house.now("2025-08-06 10:00")
    house.citizen.post(
        f"/tickets/{ticket.number}/rating", {"rating": "dissatisfied", "comment": "没有解决", "code": ticket.code}
    )
    house.sandbox.settle()
    first, second = house.deadlines(ticket, "answer")
    assert (first["state"], second["state"]) == ("met", "running")
    assert second["due_at"] == "2025-08-08T17:00:00+08:00"
    assert house.ticket(ticket)["round"] == 2
    assert house.assignment(ticket, lead)["round"] == 2
