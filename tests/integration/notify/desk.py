"""The notify service at work, the far sides of its channels, and what the other services tell it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from schemas.enums import Light, Role
from schemas.events.event import Event
from schemas.events.notices import NoticeRequested
from schemas.events.tickets import EscalationVoided, TicketEscalated
from services.access import centers
from services.plumbing.database.transaction import new_id
from tests.builders import published
from tests.deadline_builders import at, registered
from tests.stack import desk
from tests.stack.access import bearer
from tests.stack.certificates import SelfMade
from tests.stack.desk import Header
from tests.stack.eventually import eventually
from tests.stack.far_side import MailServer, WebServer
from tests.stack.house import demo_center
from tests.stack.one_service import OneService

NOW = at("2025-01-24 10:07")
DUE = at("2025-01-27 17:00")
LIAISON, OTHER, HEAD, LEADER = "luo-min", "cai-yun", "xie-weidong", "gu-yan"
WHO: dict[str, Header] = {
    LIAISON: bearer(LIAISON, Role.LIAISON, department="SWJ"),
    OTHER: bearer(OTHER, Role.LIAISON, department="SJJ"),
    HEAD: bearer(HEAD, Role.DEPARTMENT_HEAD, department="SWJ"),
    LEADER: bearer(LEADER, Role.DUTY_LEADER),
    "wei-tao": bearer("wei-tao", Role.OPS),
}
ROBOT_SECRET, HOOK_SECRET = "SEC-of-the-tests", "hook of the tests"


class Desk(desk.Desk):
    """What the tests do to one notify service."""

    web: WebServer
    mail: MailServer

    def sets(self, staff: str, *channels: dict[str, Any], **wishes: Any) -> Any:
        """Somebody sets all of their channels."""
        body = {"channels": list(channels), **wishes}
        return self.good(200, "PUT", "/channels", WHO[staff], body)

    def ticket(self, number: str = "", ticket_id: UUID | None = None) -> UUID:
        """A ticket of which intake has told notify."""
        ticket_id = ticket_id or new_id()
        self.house.announce(a_registration(ticket_id, number))
        return ticket_id

    def requests(self, *to: str, ticket_id: UUID | None = None, template: str = "assignment.made") -> UUID:
        """Routing has somebody notified; the notice's id."""
        event = NoticeRequested(
            center="BC",
            ticket_id=ticket_id or self.ticket(),
            notice_id=uuid4(),
            recipients=to,
            template=template,
            requested_at=NOW,
        )
        self.house.announce(event)
        return event.notice_id

    def escalates(self, *to: str, level: int = 2, light: Light = Light.RED) -> TicketEscalated:
        """Routing announces that a level of the ladder was reached."""
        event = an_escalation(self.ticket(), to, level=level, light=light)
        self.house.announce(event)
        return event

    def voids(self, escalated: TicketEscalated) -> None:
        """Routing announces that it was not."""
        self.house.announce(void_of(escalated))

    def notices(self, staff: str, state: str = "all") -> list[dict[str, Any]]:
        """What somebody finds in the desk."""
        found: list[dict[str, Any]] = self.page(staff, state)["notices"]
        return found

    def page(self, staff: str, state: str = "all") -> dict[str, Any]:
        """The same with how many are unread."""
        page: dict[str, Any] = self.good(200, "GET", f"/notices?state={state}", WHO[staff])
        return page

    def states(self, notice_id: UUID, staff: str) -> dict[str, str]:
        """What became of a notice by each channel."""
        rows = self.house.rows(
            "SELECT channel, state FROM deliveries WHERE notice_id = %(id)s AND recipient = %(staff)s ORDER BY id",
            id=str(notice_id),
            staff=staff,
        )
        return {row.channel: row.state for row in rows}

    def becomes(self, notice_id: UUID, staff: str, *, hurried: bool = True, **states: str) -> None:
        """Wait until a notice has come so far; the pauses between tries are cut short unless told otherwise."""

        def has_come() -> bool:
            if hurried:
                self.hurry()
            return self.states(notice_id, staff) == states

        assert eventually(has_come, seconds=30), (self.states(notice_id, staff), self.service.log[-2000:])

    def hurry(self) -> None:
        """What waits for another try is tried now; what the service has in hand is left to it, or both wait in vain."""
        for change, state in (
            ("next_try_at = bancheng.real_now(), arrived_at = arrived_at - interval '1 minute'", "'waiting'"),
            ("leased_until = bancheng.real_now()", "'sending' AND error = 'unanswered'"),
        ):
            self.house.rows(
                f"UPDATE deliveries SET {change} WHERE id IN"
                f" (SELECT id FROM deliveries WHERE state = {state} FOR UPDATE SKIP LOCKED)"
            )

    def clear(self) -> None:
        """Nobody has channels or notices; the far sides take everything and remember nothing."""
        self.house.rows("TRUNCATE deliveries, recipients, notices, channels, people, robots CASCADE")
        self.web.posts.clear()
        self.web.answer = WebServer().answer
        self.mail.mails.clear()
        self.mail.refuses.clear()


def a_registration(ticket_id: UUID, number: str = "") -> Event:
    """A ticket as intake announces it."""
    number = number or f"BC-20250124-{ticket_id.int % 10000:04}"
    return registered("2025-01-24 10:00", ticket_id, title="发票", text="发票", number=number)


def an_escalation(ticket_id: UUID, to: tuple[str, ...], *, level: int = 2, light: Light = Light.RED) -> TicketEscalated:
    """A level of the ladder as routing announces it."""
    return TicketEscalated(
        center="BC",
        ticket_id=ticket_id,
        deadline_id=uuid4(),
        kind="answer",
        level=level,
        revision=1,
        due_at=DUE,
        light=light,
        template="deadline.breached" if light is Light.RED else "deadline.approaching",
        to=to,
        escalated_at=NOW,
    )


def void_of(escalated: TicketEscalated) -> EscalationVoided:
    """What routing announces when it had not been reached."""
    return EscalationVoided(
        center="BC",
        ticket_id=escalated.ticket_id,
        deadline_id=escalated.deadline_id,
        kind=escalated.kind,
        level=escalated.level,
        revision=escalated.revision,
        to=escalated.to,
        voided_at=NOW,
    )


@contextmanager
def opened_desk(amqp_uri: str, database_url: str, *, clock: datetime = NOW, **environment: str) -> Iterator[Desk]:
    """A notify service, a web server, a mail server that wants TLS and a login; ``environment`` are more settings."""
    house = OneService("notify", amqp_uri, database_url, clock=f"{clock.isoformat()}@0")
    with house.database.transaction() as tx:
        centers.keep(tx, published(demo_center()))
    process = house.process()
    certificate = SelfMade()
    with WebServer() as web, MailServer(certificate) as mail:
        process.environment |= {
            "BANCHENG_NOTIFY_HOSTS": "http://127.0.0.1",
            "BANCHENG_NOTIFY_SMTP": mail.url,
            "BANCHENG_CA_FILE": str(certificate.file),
            "BANCHENG_NOTIFY_SMS_URL": f"{web.url}/sms",
            "BANCHENG_NOTIFY_SMS_KEY": "sms key",
            "BANCHENG_NOTIFY_PHONE_URL": f"{web.url}/phone",
            "BANCHENG_DESK_URL": "https://desk.example.gov.cn",
        } | environment
        with house.tap() as tap, process as service:
            opened = Desk(house, service, tap)
            opened.web, opened.mail = web, mail
            yield opened
            print(service.log[-4000:])  # pytest shows it when a test failed
    house.database.close()
