"""What leaders do about their sittings and the roster, each over HTTP with the leader's own token."""

from zoneinfo import ZoneInfo

from services.demo.acts import LeaderMoment
from services.demo.story import Story
from services.sandbox.client import Client


def perform(moment: LeaderMoment, leader: Client, story: Story, zone: ZoneInfo) -> None:
    """All acts of a moment, in the order in which they are declared. Raises CallRefused."""
    for act in moment.acts:
        match act:
            case "open_sitting":
                leader.post("/sittings/open")
            case "close_sitting":
                leader.post(f"{_own_sitting(moment, leader)}/close")
            case "sign_minutes":
                path = _own_sitting(moment, leader)
                draft = leader.get(path)
                handover = f"{moment.sign_minutes}\n{draft['handover']}"
                leader.post(f"{path}/sign", {"minutes": draft["minutes"], "handover": handover})
            case "propose_swap" if moment.propose_swap:
                own, other = (
                    story.instant(when, zone).isoformat()
                    for when in (moment.propose_swap.own, moment.propose_swap.other)
                )
                leader.post("/roster/swaps", {"opens_at": own, "other_opens_at": other})
            case "take_leave" if moment.take_leave:
                leader.post("/roster/leaves", moment.take_leave.dump())


def _own_sitting(moment: LeaderMoment, leader: Client) -> str:
    """The address of the latest sitting that the leader opened."""
    sittings = leader.get("/sittings")["items"]
    return f"/sittings/{next(each['id'] for each in sittings if each['id'] and each['leader'] == moment.leader)}"
