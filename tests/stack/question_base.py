"""Entries of the question base that are shown: written by the window, vetted by a department and by justice."""

from typing import Any

from schemas.enums import Role
from services.sandbox.client import Client
from tests.stack.desk_house import DeskHouse

PROVIDENT_FUND: dict[str, Any] = {
    "question": "公积金怎么提取？",
    "other_wordings": ["取公积金要什么材料"],
    "answer": "缴存人可以在线上或到窗口提取。材料齐全的，三个工作日内到账。",
    "steps": "1. 在“公积金”小程序里填写申请。\n2. 到二楼公积金窗口核对原件。\n3. 三个工作日内到账。",
    "materials": ["身份证", "本人银行卡", "购房合同或租房备案证明"],
    "basis": [
        {
            "title": "住房公积金管理条例",
            "number": "国务院令第350号",
            "article": "第二十四条",
            "in_force": "2002-03-24",
        }
    ],
    "departments": ["GJJ"],
    "valid_until": "2026-12-31",
}


def publish(house: DeskHouse, **changes: Any) -> str:
    """Publish an entry like PROVIDENT_FUND; its id."""
    entry = PROVIDENT_FUND | changes
    entry_id = _client(house, "liu-yang", Role.CLERK).post("/entries", entry)["id"]
    _client(house, "liu-yang", Role.CLERK).post(f"/entries/{entry_id}/submit", {"version": 1})
    for department in (*entry["departments"], house.sandbox.center.question_base.justice):
        staff = house.sandbox.center.departments[department].liaisons[0]
        client = _client(house, staff, Role.LIAISON, department)
        client.post(f"/entries/{entry_id}/vet", {"version": 1, "verdict": "approve"})
    return str(entry_id)


def _client(house: DeskHouse, staff: str, role: Role, department: str | None = None) -> Client:
    return house.sandbox.client("knowledge", house.sandbox.token(staff, role, department=department))
