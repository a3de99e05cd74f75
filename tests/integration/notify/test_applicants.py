"""Applicants are sent text messages of what happens to their ticket: through intake, routing, notify and a gateway."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from schemas.center.thresholds import NoticeRule
from schemas.channels import ApplicantMessage
from schemas.enums import Role
from services.plumbing.database.transaction import new_id
from services.plumbing.runtime.resources import BrokerAccess
from tests.stack.eventually import eventually
from tests.stack.far_side import Reply, WebServer
from tests.stack.frozen import freeze, thaw
from tests.stack.house import House, demo_center, service_process
from tests.stack.services import ServiceProcess

OPENS = datetime.fromisoformat("2026-04-28T09:00:00+08:00")
"""A Tuesday."""
_phones = count(13500000000)


class MessageHouse(House):
    """Intake, routing and notify as processes, and a gateway; it is nine o'clock."""

    def __init__(self, amqp_uri: str, database_url: str) -> None:
        notices = NoticeRule(to_applicants=tuple(ApplicantMessage))
        super().__init__([replace(demo_center(), notices=notices)], also=("notify",))
        self.amqp_uri, self.database_url = amqp_uri, database_url

    def _set_up(self) -> None:
        self.web = self.cleanup.enter_context(WebServer())
        self.migrate(BrokerAccess(self.amqp_uri), clock=f"{OPENS.isoformat()}@0")
        self.publish_centers()
        self.intake, self.routing = self._start("intake"), self._start("routing")
        self.environment |= {
            "BANCHENG_INTAKE_URL": self.intake.url,
            "BANCHENG_NOTIFY_SMS_URL": f"{self.web.url}/sms",
            "BANCHENG_NOTIFY_SMS_KEY": "sms key",
            "BANCHENG_DESK_CITIZEN_URL": "https://desk.example.gov.cn",
        }
        self.notify = self._start("notify")

    def _start(self, service: str) -> ServiceProcess:
        return self.cleanup.enter_context(service_process(service, self.environment))

    def does(self, service: ServiceProcess, path: str, role: Role, /, **body: Any) -> Any:
        """Somebody of the tax office or of the window acts, who may."""
        staff, department = ("luo-min", "SWJ") if role is Role.LIAISON else ("liu-yang", None)
        header = {"Authorization": f"Bearer {self.token(role, staff, department)}", "Idempotency-Key": str(new_id())}
        reply = service.ask("POST", path, headers=header, json=body)
        assert reply.status_code in (200, 201), reply.text
        return reply.json()

    def registers(self) -> tuple[Any, str]:
        """A ticket about an invoice; what intake replies, and the applicant's phone."""
        phone = str(next(_phones))
        applicant = {"kind": "person", "name": "周小满", "phone": phone}
        text = "跑了三次，窗口都说系统问题。"
        ticket = {"title": "发票开不出来", "text": text, "channel": "window", "applicant": applicant}
        return self.does(self.intake, "/tickets", Role.CLERK, **ticket), phone

    def sent(self, phone: str) -> list[dict[str, Any]]:
        """What the gateway was given for a phone, in order."""
        return [post.said for post in self.web.at("/sms") if post.said["to"] == phone]

    def comes(self, phone: str, *messages: str) -> list[dict[str, Any]]:
        """Wait until these messages, and no others, have come."""
        wanted = sorted(f"applicant.{each}" for each in messages)
        assert eventually(lambda: sorted(each["template"] for each in self.sent(phone)) == wanted, seconds=20), (
            self.sent(phone),
            self.notify.log[-2000:],
        )
        return self.sent(phone)

    def state(self, ticket_id: str) -> dict[str, str]:
        """How far each message of a ticket is."""
        found = self.rows("SELECT kind, state FROM notify.applicant_messages WHERE ticket_id = %(id)s", id=ticket_id)
        return {row.kind: row.state for row in found}


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[MessageHouse]:
    with MessageHouse(amqp_uri, database_url) as standing:
        yield standing
        print(standing.notify.log[-4000:])


@pytest.fixture(autouse=True)
def morning(house: MessageHouse) -> None:
    house.step(OPENS)
    house.web.answer = WebServer().answer


def test_a_text_message_is_sent_of_each_step_and_holds_nothing_personal(house: MessageHouse) -> None:
    receipt, phone = house.registers()
    received, routed = sorted(house.comes(phone, "received", "routed"), key=lambda each: each["template"])
    assert received["parameters"]["number"] == routed["parameters"]["number"] == receipt["number"]
    assert routed["parameters"]["department"] == "税务局"
    assert received["parameters"]["link"] == "https://desk.example.gov.cn/status"
    assert not {"周小满", receipt["query_code"], "发票"} & set(str(house.sent(phone)).split("'"))
    assert house.web.at("/sms")[-1].headers["Authorization"] == "Bearer sms key"
    parts = house.rows("SELECT id FROM routing.assignments WHERE ticket_id = %(id)s", id=receipt["id"])
    house.does(house.routing, f"/assignments/{parts[0].id}/accept", Role.LIAISON)
    house.does(house.routing, f"/tickets/{receipt['id']}/answer", Role.LIAISON, answer="已为您开好发票。")
    house.comes(phone, "received", "routed", "answered")
    house.does(house.routing, f"/tickets/{receipt['id']}/close", Role.CLERK, outcome="resolved")
    house.comes(phone, "received", "routed", "answered", "rating_asked")
    assert not house.rows("SELECT FROM notify.applicant_messages m WHERE m::text LIKE %(phone)s", phone=f"%{phone}%")


def test_who_must_bring_papers_is_reminded_the_day_before_they_are_due(house: MessageHouse) -> None:
    receipt, phone = house.registers()
    house.does(house.intake, f"/tickets/{receipt['id']}/materials", Role.CLERK, items=["营业执照"], due_on="2026-05-06")
    asked = house.comes(phone, "received", "routed", "materials_requested")
    assert {each["parameters"]["due_on"] for each in asked} == {None, "2026-05-06"}
    house.step(datetime.fromisoformat("2026-05-05T08:59:00+08:00"))
    assert not eventually(lambda: len(house.sent(phone)) > 3, seconds=2)
    house.step(datetime.fromisoformat("2026-05-05T09:00:00+08:00"))
    house.comes(phone, "received", "routed", "materials_requested", "materials_due")


def test_who_has_brought_the_papers_is_not_reminded(house: MessageHouse) -> None:
    receipt, phone = house.registers()
    house.does(house.intake, f"/tickets/{receipt['id']}/materials", Role.CLERK, items=["营业执照"], due_on="2026-05-06")
    house.comes(phone, "received", "routed", "materials_requested")
    house.does(house.intake, f"/tickets/{receipt['id']}/materials/supply", Role.CLERK)
    assert eventually(lambda: house.state(receipt["id"])["materials_due"] == "void")
    house.step(datetime.fromisoformat("2026-05-05T10:00:00+08:00"))
    assert not eventually(lambda: len(house.sent(phone)) > 3, seconds=2)


def test_what_the_gateway_does_not_take_is_tried_again_with_the_same_id(house: MessageHouse) -> None:
    house.web.answer = lambda post: Reply(500)
    receipt, phone = house.registers()
    assert eventually(lambda: len(house.sent(phone)) >= 2, seconds=20)
    house.web.answer = WebServer().answer
    house.rows("UPDATE notify.applicant_messages SET next_try_at = bancheng.real_now() WHERE state = 'waiting'")
    assert eventually(lambda: set(house.state(receipt["id"]).values()) == {"delivered"}, seconds=20)
    tries: dict[str, set[str]] = {}
    for each in house.sent(phone):
        tries.setdefault(each["template"], set()).add(each["id"])
    assert {name: len(ids) for name, ids in tries.items()} == {"applicant.received": 1, "applicant.routed": 1}


def test_a_number_that_the_gateway_refuses_is_not_tried_again(house: MessageHouse) -> None:
    house.web.answer = lambda post: Reply(422)
    receipt, phone = house.registers()
    assert eventually(lambda: list(house.state(receipt["id"]).values()) == ["failed", "failed"], seconds=20)
    assert len(house.sent(phone)) == 2


def test_while_intake_is_away_messages_wait_for_it(house: MessageHouse) -> None:
    receipt, phone = house.registers()
    house.comes(phone, "received", "routed")
    freeze(house.intake.pid)
    try:
        parts = house.rows("SELECT id FROM routing.assignments WHERE ticket_id = %(id)s", id=receipt["id"])
        house.does(house.routing, f"/assignments/{parts[0].id}/accept", Role.LIAISON)
        house.does(house.routing, f"/tickets/{receipt['id']}/answer", Role.LIAISON, answer="已为您开好发票。")
        assert eventually(lambda: house.state(receipt["id"]).get("answered") == "sending", seconds=10)
    finally:
        thaw(house.intake.pid)
    assert eventually(lambda: house.state(receipt["id"])["answered"] == "delivered", seconds=30)
    house.comes(phone, "received", "routed", "answered")
