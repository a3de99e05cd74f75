"""Two acts at the same moment: one wins, and the ticket says so."""

from collections.abc import Callable
from typing import Any

from tests.integration.routing.desk import POLICE, TAX, WHY, Desk
from tests.stack.at_once import at_once


def status(desk: Desk, who: dict[str, str], path: str, **body: Any) -> Callable[[], int]:
    return lambda: desk.ask("POST", path, who, body).status_code


def test_a_return_racing_completion_has_one_legal_outcome(desk: Desk) -> None:
    for _ in range(6):
        ticket_id = desk.agreed()
        path = desk.part(ticket_id, "GAJ")
        statuses = at_once(
            status(desk, POLICE, f"{path}/return", reason="not_our_duty", explanation=WHY),
            status(desk, POLICE, f"{path}/complete", result="done"),
        )
        assert sorted(statuses) == [200, 409]
        expected = ("returned", "in_arbitration") if statuses[0] == 200 else ("completed", "assigned")
        assert (desk.parts(ticket_id)["GAJ"], desk.ticket(ticket_id)["state"]) == expected


def test_an_answer_racing_anything_has_one_legal_outcome(desk: Desk) -> None:
    for _ in range(4):
        ticket_id = desk.registered()
        path = desk.signs(ticket_id, "SWJ", TAX)
        answer = status(desk, TAX, f"/tickets/{ticket_id}/answer", answer="已为您开好发票。")
        statuses = at_once(answer, status(desk, TAX, f"{path}/return", reason="not_our_duty", explanation=WHY), answer)
        assert statuses.count(200) == 1
        assert sorted(statuses) == [200, 409, 409] or statuses[1] == 200
        won = statuses[1] == 200
        assert desk.parts(ticket_id)["SWJ"] == ("returned" if won else "completed")
