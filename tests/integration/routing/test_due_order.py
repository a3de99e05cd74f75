"""Lists of assignments begin with what breaks first, and their pages miss nothing."""

from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from schemas.enums import DeadlineKind
from schemas.events.deadlines import DeadlinePaused, DeadlineResumed
from services.plumbing.database.transaction import new_id
from tests.integration.routing.desk import CLERK, TAX, Desk, a_deadline_set, a_registration
from tests.routing_builders import at
from tests.stack.eventually import eventually

MONDAY, TUESDAY = at("2025-01-27T17:00"), at("2025-02-05T17:00")


def pages(desk: Desk, query: str, size: int = 2) -> list[dict[str, Any]]:
    """All items of a list, read in pages of ``size``."""
    items, after = list[dict[str, Any]](), ""
    while True:
        page = desk.ask("GET", f"/assignments?{query}&limit={size}{after}", CLERK).json()
        items += page["items"]
        if page["next"] is None:
            return items
        after = f"&after={quote(page['next'])}"


def due_of(desk: Desk, ticket_id: UUID) -> Any:
    (row,) = desk.house.rows(
        "SELECT nullif(next_due_at, 'infinity') AS due_at FROM assignments WHERE ticket_id = %(id)s", id=str(ticket_id)
    )
    return row.due_at


def test_what_breaks_first_comes_first_and_what_is_due_at_no_time_last(desk: Desk) -> None:
    unknown, later, sooner, broken = (desk.registered() for _ in range(4))
    for ticket_id, due_at in ((later, TUESDAY), (sooner, MONDAY), (broken, at("2025-01-23T17:00"))):
        desk.deadline_set(ticket_id, due_at)
    assert eventually(lambda: due_of(desk, broken))
    found = [UUID(each["ticket_id"]) for each in pages(desk, "order=due&department=SWJ")]
    assert [each for each in found if each in (unknown, later, sooner, broken)] == [broken, sooner, later, unknown]
    assert len(set(found)) == len(found)
    assert [UUID(each["ticket_id"]) for each in pages(desk, "state=made&department=SWJ", 200)] == found
    assert desk.ask("GET", "/assignments?order=due&limit=1", TAX).json()["items"][0]["ticket_id"] == str(found[0])


def test_a_signature_due_sooner_counts_only_for_its_own_department(desk: Desk) -> None:
    ticket_id = desk.registered()
    desk.deadline_set(ticket_id, TUESDAY)
    desk.deadline_set(ticket_id, at("2025-01-20T17:00"), kind=DeadlineKind.ACKNOWLEDGE, department="GAJ")
    desk.deadline_set(ticket_id, MONDAY, kind=DeadlineKind.ACKNOWLEDGE)
    assert eventually(lambda: due_of(desk, ticket_id) == MONDAY)


def test_a_deadline_that_waits_for_the_applicant_is_due_at_no_time(desk: Desk) -> None:
    ticket_id = desk.registered()
    deadline: dict[str, Any] = {"center": "BC", "ticket_id": ticket_id, "kind": DeadlineKind.ANSWER, "round": 1}
    deadline["deadline_id"] = desk.deadline_set(ticket_id)
    assert eventually(lambda: due_of(desk, ticket_id) == MONDAY)
    paused = DeadlinePaused(**deadline, revision=1, sequence=2, paused_at=at("2025-01-24T11:00"), remaining_seconds=60)
    desk.hears(paused, source="deadline_watch", until=lambda: due_of(desk, ticket_id) is None)
    resumed = DeadlineResumed(
        **deadline,
        revision=2,
        sequence=3,
        resumed_at=at("2025-01-26T11:00"),
        due_at=TUESDAY,
        provisional=False,
        why="supplied",
    )
    desk.hears(resumed, source="deadline_watch", until=lambda: due_of(desk, ticket_id) == TUESDAY)


def test_a_deadline_that_is_heard_of_before_its_ticket_counts_all_the_same(desk: Desk) -> None:
    ticket_id = new_id()
    event = a_deadline_set(ticket_id)
    desk.hears(event, source="deadline_watch", until=lambda: desk.deadline(event.deadline_id))
    desk.hears(a_registration(ticket_id), until=lambda: desk.knows(ticket_id))
    assert due_of(desk, ticket_id) == MONDAY


def test_an_order_that_says_nothing_is_refused_and_so_is_a_strange_cursor(desk: Desk) -> None:
    for query in ("state=completed&order=due", f"order=due&after={uuid4()}", "order=made&after=eCB5"):
        reply = desk.ask("GET", f"/assignments?{query}", CLERK)
        assert (reply.status_code, set(reply.json()["errors"])) == (422, {"order" if "completed" in query else "after"})
