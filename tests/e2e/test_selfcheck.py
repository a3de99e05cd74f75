"""The demonstration's look at itself afterwards finds what is lost, parked, or announced for nothing."""

from contextlib import closing

import psycopg2

from services.demo.people import Receipt
from services.demo.selfcheck import findings
from services.sandbox.sandbox import Sandbox
from services.wording import Language, Wording
from tests.e2e.actors import Actors, at
from tests.stack.house import demo_center

ENGLISH = Wording(Language.EN)


def test_the_self_check_finds_what_is_wrong() -> None:
    with Sandbox(demo_center(), at("2025-03-03 10:00")) as sandbox:
        ticket = Actors(sandbox).register("公积金提取被退回", "公积金提取申请三次被退回,窗口说系统里查不到我的缴存。")
        given = Receipt(ticket.id, ticket.number, ticket.code, None)
        assert findings(sandbox, [given], ENGLISH) == []
        lost = given._replace(number="BC-20250303-0099")
        found = findings(sandbox, [given, lost], ENGLISH)
        assert [finding for finding in found if "BC-20250303-0099" in finding] == found != []
        with closing(psycopg2.connect(sandbox.database_url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO routing.inbox VALUES (gen_random_uuid()) RETURNING event_id")
            cursor.execute(
                "INSERT INTO routing.held (event_id, type, body, attempts, error)"
                " SELECT event_id, 'note.lost.v1', '', 9, 'no reason' FROM routing.inbox LIMIT 1"
            )
            cursor.execute(
                "INSERT INTO routing.escalations (deadline_id, level, revision, ticket_id, kind, recipients, skipped,"
                " escalated_at) VALUES (gen_random_uuid(), 1, 1, %s, 'answer', '{}', '{}', now())",
                (ticket.id,),
            )
            cursor.execute("DELETE FROM deadline_watch.deadlines")
        assert findings(sandbox, [given], ENGLISH) == [
            f"{ticket.number} has no deadline.",
            "note.lost.v1 is parked at routing: no reason",
            "0 marks were announced, but 1 rungs of the ladder were reached.",
        ]
