"""Many tickets at once that need several departments."""

from schemas.enums import Role
from tests.stack.desk_house import DeskHouse


def register_complex(house: DeskHouse, number: int) -> None:
    """A feed brings so many, each led by the culture office (WTJ), with three departments to assist."""
    tickets = [
        {
            "title": f"培训机构消防手续互相推{nth}",
            "text": f"培训机构办证要消防意见，消防说先办证，跑了 {nth} 次。",
            "channel": "hotline",
            "cause": "department_gap",
            "applicant": {"kind": "person", "name": "周小满", "phone": f"138{nth:08}"},
        }
        for nth in range(number)
    ]
    feed = house.sandbox.client("intake", house.sandbox.token("hotline", Role.CHANNEL))
    feed.post("/tickets:batch", {"tickets": tickets})
    house.sandbox.settle()
