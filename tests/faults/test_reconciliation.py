"""What a queue lost is found again: open tickets are listed, and a service that misses one asks for it."""

from contextlib import closing

from schemas.enums import Role
from tests.faults.house import House, Plan
from tests.stack.eventually import eventually
from tests.stack.waiting import amqp_connection

HEARERS = ("routing", "deadline_watch")
ROUND_S = 180.0
"""A ticket is named once it is a minute old, in a round a minute."""


def test_the_reconciliation_finds_a_ticket_whose_messages_were_deleted() -> None:
    with House(Plan()) as house:
        subscribers = [house.supervisor.of(service)[0] for service in HEARERS]
        for hearer in subscribers:
            hearer.stop()
        ticket_id = _register(house)
        assert eventually(lambda: house.rows("SELECT count(*) FROM intake.outbox")[0].count == 0)
        with amqp_connection(house.amqp_uri) as connection, closing(connection.channel()) as channel:
            deleted = [channel.queue_purge(f"bancheng.{service}") for service in HEARERS]
        assert deleted[0] == 1, "the registration"
        assert deleted[1] >= 1, "and how far the news of intake have come, once a second"
        for hearer in subscribers:
            hearer.start()
        assert eventually(lambda: _is_found(house, ticket_id), seconds=ROUND_S, pause=0.5)
        missing = [hearer.process.metric("bancheng_reconciliation_missing_total") for hearer in subscribers]
        assert sorted(missing) in ([0, 1], [1, 1]), "asked for once each, unless the answer to the other came first"
        (ticket,) = house.rows("SELECT registered_at FROM intake.tickets")
        (deadline,) = house.rows("SELECT started_at FROM deadline_watch.deadlines WHERE kind = 'answer'")
        assert deadline.started_at == ticket.registered_at, "no time is given back"


def _register(house: House) -> str:
    applicant = {"kind": "person", "name": "周小满", "phone": "13900001111"}
    response = house.supervisor.of("intake")[0].process.ask(
        "POST",
        "/tickets",
        json={"title": "路灯不亮", "text": "路灯不亮一个月", "channel": "window", "applicant": applicant},
        headers={"Authorization": f"Bearer {house.token(Role.CLERK)}"},
    )
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def _is_found(house: House, ticket_id: str) -> bool:
    """Whether both have the ticket, and the deadline knows who leads."""
    (row,) = house.rows(
        "SELECT EXISTS (SELECT FROM routing.tickets WHERE id = %(id)s) AS is_routed, EXISTS (SELECT FROM"
        " deadline_watch.deadlines WHERE ticket_id = %(id)s AND department IS NOT NULL) AS is_clocked",
        id=ticket_id,
    )
    return bool(row.is_routed and row.is_clocked)
