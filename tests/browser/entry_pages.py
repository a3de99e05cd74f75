"""Entries of the question base in every state, and the pages that show them."""

from typing import Any

from schemas.enums import Role
from services.sandbox.client import Client
from tests.stack.desk_house import DeskHouse

ENTRY: dict[str, Any] = {
    "question": "企业跨区迁移怎么办税务迁移？",
    "other_wordings": ["公司搬到另一个区，税务怎么转？", "跨区迁移要先清税吗？"],
    "answer": "先在电子税务局提交跨区迁移申请，无欠税、无未缴销发票的三个工作日办结。\n迁入地自动接收，不用两头跑。",
    "steps": "一、登录电子税务局提交申请。\n二、缴销发票、结清税款。\n三、到迁入地领取新的登记信息。",
    "materials": ["营业执照副本", "经办人身份证件"],
    "basis": [
        {
            "title": "税务登记管理办法",
            "number": "总局令第48号",
            "article": "第二十条",
            "in_force": "2020-01-01",
        },
        {"title": "市迁移一件事实施办法（试行）", "ends": "2026-05-31"},
    ],
    "departments": ["SWJ", "SJJ"],
    "valid_until": "2027-03-31",
}


def furnish_entries(house: DeskHouse) -> None:
    """One that is shown, with another version being vetted and a flag; drafts; one that waits for a department."""

    def who(staff: str, role: Role, department: str | None = None) -> Client:
        return house.sandbox.client("knowledge", house.sandbox.token(staff, role, department=department))

    clerk, tax = who("he-jing", Role.CLERK), who("luo-min", Role.LIAISON, "SWJ")
    market, justice = who("cai-yun", Role.LIAISON, "SJJ"), who("pei-qing", Role.LIAISON, "SFJ")
    shown = clerk.post("/entries", ENTRY)["id"]
    clerk.post(f"/entries/{shown}/submit", {"version": 1})
    for each in (tax, market, justice):
        each.post(f"/entries/{shown}/vet", {"version": 1, "verdict": "approve"})
    clerk.post(f"/entries/{shown}/flag", {"reason": "迁入地说还要到窗口补签一次字。"})
    waiting = clerk.post("/entries", ENTRY | {"question": "发票丢了怎么补办？", "departments": ["SWJ"]})["id"]
    clerk.post(f"/entries/{waiting}/submit", {"version": 1})
    clerk.post("/entries", ENTRY | {"question": "契税减免要哪些材料？", "valid_until": None, "basis": []})


def entry_pages(house: DeskHouse) -> dict[str, tuple[str, str]]:
    """The pages by their names: who looks at each, and its address."""
    clerk = house.sandbox.client("knowledge", house.sandbox.token("he-jing", Role.CLERK))
    found = {each["question"]: each["id"] for each in clerk.get("/entries")["items"]}
    shown = found[ENTRY["question"]]
    return {
        "entries": ("he-jing", "/entries"),
        "entry": ("luo-min", f"/entries/{shown}"),
        "entry-vetting": ("luo-min", f"/entries/{found['发票丢了怎么补办？']}"),
        "entry-form": ("he-jing", f"/entries/{shown}/edit"),
        "vetting": ("luo-min", "/vetting"),
        "review": ("luo-min", "/review"),
        "entry-imports": ("wei-tao", "/entries/imports"),
        "center-question-base": ("wei-tao", "/center-file/edit?part=question_base"),
    }
