"""A house that is furnished with tickets of every sort, for the pages to show."""

from schemas.enums import Role
from tests.browser.entry_pages import furnish_entries
from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse


def furnish(house: DeskHouse) -> dict[str, Ticket]:
    """Tickets of every sort: new, signed for, returned, in arbitration, answered, waiting for papers, broken."""
    actors = house.actors
    tickets = {
        "old": actors.register("退税材料交了三个月没有结果", "去年的退税材料交到税务窗口三个月，每次问都说在审核。"),
        "arbitration": actors.register("楼道里的旧沙发没人搬", "楼道里堆了旧沙发半年，打了几个电话都说找别人。"),
        "answered": actors.register("公积金提取申请被退回", "公积金提取申请三次被退回，说系统里查不到我的缴存。"),
        "waiting": actors.register("营业执照变更被退回", "营业执照变更法人，每次都说缺材料。"),
        "complex": actors.register(
            "培训机构消防手续互相推", "培训机构办证要消防意见，消防说先办证。", cause="department_gap"
        ),
    }
    actors.accept(tickets["answered"], "GJJ")
    actors.liaison("GJJ").post(
        f"/tickets/{tickets['answered'].id}/answer", {"answer": "缴存记录已补录，请到窗口提取。"}
    )
    actors.clerk.post(
        f"/tickets/{tickets['waiting'].id}/materials", {"items": ["法定代表人身份证复印件", "股东会决议"]}
    )
    actors.accept(tickets["complex"], "WTJ")
    peng = house.sandbox.client("routing", house.sandbox.token("peng-zhiyuan", Role.DUTY_LEADER))
    sitting = peng.post("/sittings/open")["id"]
    actors.now("2026-04-28 12:00")
    peng.post(f"/sittings/{sitting}/close")
    extension = {"working_days": 2, "reason": "须等消防部门出具现场意见", "legal_basis": "行政许可法第四十二条"}
    actors.now("2026-05-07 11:00")
    tickets["new"] = actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。电话13900001234。")
    furnish_entries(house)
    actors.accept(tickets["new"], "SWJ")
    tickets["fresh"] = actors.register("契税减免一直没有答复", "契税减免申请交上去一个月，没有答复。")
    actors.liaison("SWJ").post(f"/tickets/{tickets['new'].id}/extension", extension)
    _bring_together(house, tickets)
    house.sandbox.settle()
    return tickets


def _bring_together(house: DeskHouse, tickets: dict[str, Ticket]) -> None:
    """Two complex tickets more: of one the departments meet, of the other the report is filed and not signed by all."""
    actors = house.actors
    for name, title in (("meeting", "培训学校消防验收没人管"), ("reported", "托管班办证消防手续卡住")):
        ticket = tickets[name] = actors.register(
            title, "培训机构办证要消防意见，消防说先办证。", cause="department_gap"
        )
        departments = [each["department"] for each in actors.ticket(ticket)["assignments"]]
        actors.accept(ticket, *departments)
        called = {"meets_at": "2026-05-08T14:30:00+08:00", "place": "三楼会议室", "departments": departments}
        meeting = actors.leader.post(f"/tickets/{ticket.id}/meetings", called)
        progress = {"progress": "已约消防部门周五现场核对。"}
        actors.liaison("WTJ").post(f"/assignments/{actors.assignment(ticket, 'WTJ')['id']}/progress", progress)
    actors.leader.post(f"/meetings/{meeting['id']}/hold", {"outcome": "先出消防意见书，再办许可。"})
    report = {"report": "专题报告：文旅与教育、住建现场会商，先办消防意见书，再办许可，五日内办结。"}
    actors.liaison("WTJ").post(f"/tickets/{tickets['reported'].id}/report", report)
    actors.liaison("JYJ").post(f"/tickets/{tickets['reported'].id}/report/sign")
