"""What is shown once things were solved: suggestions that were right, a rule that was overruled, help, data deleted."""

from schemas.enums import Role
from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse

TITLE, TEXT = "古树名木认养证", "认养古树名木没有窗口受理，跑了两次。"
"""No rule of the center file fits it."""
HELP = {"kind": "accompany", "need": "elderly", "satisfaction": 5}


def solve_some(house: DeskHouse) -> None:
    """On a morning; the tickets are over afterwards."""
    actors = house.actors
    for nth in range(3):
        _solve(house, actors.register(f"{TITLE}，第{nth + 1}件", TEXT))
    disputed = actors.register("发票盖章找错了门", "税务窗口说发票盖章不归它管。")
    actors.send_back(disputed, "SWJ")
    actors.leader.post(f"/tickets/{disputed.id}/arbitrate", {"lead": "SJJ", "why": "由市场监管局办理到底"})
    gone = actors.register("不再反映的事项", "群众已撤回，并要求删除个人信息。")
    actors.citizen.post(f"/tickets/{gone.number}/withdraw", {"code": gone.code})
    auditor = house.sandbox.client("intake", house.sandbox.token("shen-pei", Role.AUDITOR))
    auditor.post(f"/tickets/{gone.id}/forget", {"reason": "群众本人申请删除"})
    clerk = house.sandbox.client("intake", house.sandbox.token("he-jing", Role.CLERK))
    for minutes, more in ((10, {}), (25, {"need": "disabled", "kind": "fill", "satisfaction": 4})):
        times = {"started_at": "2026-04-27T15:00:00+08:00", "ended_at": f"2026-04-27T15:{minutes}:00+08:00"}
        clerk.post("/helps", HELP | times | more)
    house.sandbox.settle()


def _solve(house: DeskHouse, ticket: Ticket) -> None:
    actors = house.actors
    actors.leader.post(f"/tickets/{ticket.id}/arbitrate", {"lead": "NYJ", "why": "古树归农业农村局管"})
    house.sandbox.settle()
    actors.accept(ticket, "NYJ")
    actors.liaison("NYJ").post(f"/tickets/{ticket.id}/answer", {"answer": "到二楼填表即可认养。"})
    house.sandbox.settle()
    actors.window.post(f"/tickets/{ticket.id}/close", {"outcome": "resolved"})
    house.sandbox.settle()
