"""What is personal in a ticket is deleted in every service, and what is told of it later brings nothing back."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql

from schemas.enums import Role
from services.composition import SERVICES
from services.sandbox.client import CallRefused, Client
from tests.e2e.actors import Ticket, refusal
from tests.stack.desk_house import SCRIPT, DeskHouse, desk_house
from tests.stack.eventually import eventually

NAME, PHONE, ID_NUMBER = "欧阳静怡", "13912345678", "11010519491231002X"
WORD = "鼋鼍龘靐"
"""Stands in the letter and in whatever staff writes about it, and nowhere else."""
WHY = "群众本人申请删除"


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def rows_with(house: DeskHouse, *words: str) -> dict[str, list[str]]:
    """In which tables of which services a word stands, as text, in JSON or arrays, or as bytes; rows as text."""
    needles = [needle for word in words for needle in (word, word.encode().hex(), ascii(word)[1:-1])]
    found: dict[str, list[str]] = {}
    with closing(psycopg2.connect(house.sandbox.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE'",
            (list(SERVICES),),
        )
        for schema, table in cursor.fetchall():
            query = sql.SQL("SELECT each::text FROM {} AS each WHERE each::text LIKE ANY(%s)")
            cursor.execute(query.format(sql.Identifier(schema, table)), ([f"%{each}%" for each in needles],))
            if rows := [text for (text,) in cursor.fetchall()]:
                found[f"{schema}.{table}"] = rows
    return found


def written_about(house: DeskHouse) -> Ticket:
    """A closed ticket of which every text that there can be holds the word."""
    actors, applicant = house.actors, {"kind": "person", "name": NAME, "phone": PHONE, "id_number": ID_NUMBER}
    ticket = actors.register(
        f"{WORD}认养证",
        f"我叫{NAME}，电话{PHONE}，{WORD}的认养跑了两次。",
        applicant=applicant,
        refused_before=[{"where": f"{WORD}窗口", "times": 2}],
        missing_materials=[f"{WORD}证明"],
    )
    actors.clerk.post(f"/tickets/{ticket.id}/materials", {"items": [f"{WORD}材料"]})
    actors.clerk.post(f"/tickets/{ticket.id}/materials/supply")
    house.sandbox.settle()
    actors.leader.post(f"/tickets/{ticket.id}/arbitrate", {"lead": "NYJ", "why": f"{WORD}归农业农村局"})
    house.sandbox.settle()
    actors.accept(ticket, "NYJ")
    part, liaison = actors.assignment(ticket, "NYJ")["id"], actors.liaison("NYJ")
    liaison.post(f"/assignments/{part}/progress", {"progress": f"已去看过{WORD}"})
    asked = {"working_days": 2, "reason": f"{WORD}要会诊", "legal_basis": f"{WORD}条例"}
    liaison.post(f"/tickets/{ticket.id}/extension", asked)
    liaison.post(f"/tickets/{ticket.id}/answer", {"answer": f"{WORD}可以认养，已通知{NAME}。"})
    house.sandbox.settle()
    actors.window.post(f"/tickets/{ticket.id}/close", {"outcome": "resolved"})
    house.sandbox.settle()
    actors.citizen.post(
        f"/tickets/{ticket.number}/rating", {"code": ticket.code, "rating": "satisfied", "comment": f"{WORD}谢谢"}
    )
    house.sandbox.settle()
    return ticket


def of(house: DeskHouse, staff: str, role: Role, service: str = "intake") -> Client:
    return house.sandbox.client(service, house.sandbox.token(staff, role))


def forget(house: DeskHouse, ticket: Ticket) -> Any:
    return of(house, "shen-pei", Role.AUDITOR).post(f"/tickets/{ticket.id}/forget", {"reason": WHY})


def test_after_forgetting_no_table_of_any_service_holds_a_word_of_it(house: DeskHouse) -> None:
    ticket = written_about(house)
    before = rows_with(house, WORD)
    assert {"intake.tickets", "routing.tickets", "routing.timeline", "routing.assignments", "routing.extensions"} <= {
        *before
    }
    assert "knowledge.tickets" in before
    assert eventually(lambda: "routing.search_terms" in rows_with(house, WORD[:2])), "it can be searched for"
    assert forget(house, ticket)["number"] == ticket.number
    house.sandbox.settle()
    assert rows_with(house, WORD, NAME, PHONE, ID_NUMBER) == {}
    assert "routing.search_terms" not in rows_with(house, WORD[:2])
    left = house.actors.ticket(ticket)
    assert (left["number"], left["lead"], left["outcome"], left["title"]) == (ticket.number, "NYJ", "resolved", "—")
    assert {each["what"] for each in left["timeline"]} >= {"ticket.registered", "ticket.rated", "ticket.forgotten"}
    similar = of(house, "liu-yang", Role.CLERK, "knowledge").post("/similar", {"title": f"{WORD}认养证", "text": ""})
    assert similar["items"] == []

    reveals = house.actors.clerk
    assert refusal(reveals.post, f"/tickets/{ticket.id}/applicant", {"reason": "需要联系申请人"}).status == 409
    assert refusal(reveals.post, f"/tickets/{ticket.id}/rating", {"rating": "dissatisfied"}).status == 409
    status = {"code": ticket.code}
    assert refusal(house.actors.citizen.post, f"/tickets/{ticket.number}/status", status).status == 404
    assert refusal(forget, house, ticket).status == 409
    (noted, *_) = of(house, "shen-pei", Role.AUDITOR).get("/audit/forgettings")["items"]
    assert (noted["number"], noted["staff"], noted["reason"]) == (ticket.number, "shen-pei", WHY)


def test_an_open_ticket_is_not_forgotten_nor_by_everybody(house: DeskHouse) -> None:
    ticket = house.actors.register("养犬登记", "狗证办不下来。")
    assert refusal(forget, house, ticket).status == 409
    house.actors.citizen.post(f"/tickets/{ticket.number}/withdraw", {"code": ticket.code})
    for staff, role in (("liu-yang", Role.CLERK), ("gu-yan", Role.DUTY_LEADER), ("wei-tao", Role.OPS)):
        with pytest.raises(CallRefused, match="403"):
            of(house, staff, role).post(f"/tickets/{ticket.id}/forget", {"reason": WHY})
    assert refusal(of(house, "shen-pei", Role.AUDITOR).post, f"/tickets/{ticket.id}/forget", {}).status == 422


def test_the_auditor_and_the_director_delete_on_a_page(house: DeskHouse) -> None:
    first, second = (house.actors.register(f"养犬登记{nth}", f"狗证{SCRIPT}") for nth in range(2))
    for ticket in (first, second):
        house.actors.citizen.post(f"/tickets/{ticket.number}/withdraw", {"code": ticket.code})
    house.sandbox.settle()
    auditor, director = house.person("shen-pei"), house.person("shen-guoqiang")
    page = "/audit?part=forgettings"
    done = auditor.send(page, "/audit/forget", {"number": first.number.lower(), "reason": f"{WHY}{SCRIPT}"})
    assert done.status_code == 303
    shown = auditor.get(page).text
    assert first.number in shown
    assert SCRIPT not in shown
    assert auditor.send(page, "/audit/forget", {"number": "不是编号", "reason": WHY}).status_code == 404
    assert auditor.send(page, "/audit/forget", {"number": first.number, "reason": WHY}).status_code == 409
    done = director.send(f"/desk/{second.id}", f"/audit/forget?then=/desk/{second.id}", _named(second))
    assert (done.status_code, done.headers["Location"]) == (303, f"/desk/{second.id}")
    house.sandbox.settle()
    assert "个人信息已于" in director.get(f"/desk/{second.id}").text
    assert "个人信息已于" in director.get(f"/tickets/{second.id}").text
    clerk = house.person("liu-yang")
    assert clerk.post("/audit/forget", {"csrf_token": clerk.csrf_token} | _named(second)).status_code == 404


def _named(ticket: Ticket) -> dict[str, str]:
    return {"number": ticket.number, "reason": WHY}
