"""A house whose people are notified by channels of every sort, and the far sides of these."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
import requests

from schemas.center.access import departments_of, headed_by, roles_of
from schemas.center.thresholds import NoticeRule
from schemas.channels import ApplicantMessage
from services.sandbox.sandbox import Sandbox
from tests.e2e.actors import at
from tests.stack.certificates import SelfMade
from tests.stack.desk_house import DeskHouse
from tests.stack.far_side import MailServer, WebServer
from tests.stack.house import demo_center

STARTS_AT = "2026-04-28 09:02"
"""As other houses, and past the minute in which robots are left alone."""
KEY = "key of the gateway"
LIAISON, OTHER, SMS_LIAISON, SITS = "luo-min", "cai-yun", "zhong-ling", "peng-zhiyuan"
HEAD, DIRECTOR = "xie-weidong", "shen-guoqiang"


class FarSides(NamedTuple):
    """What the channels lead to."""

    web: WebServer
    mail: MailServer

    def said(self, path: str) -> str:
        """All that was posted to a path, as text."""
        return "\n".join(post.body.decode() for post in self.web.at(path))

    def mails(self, address: str) -> list[str]:
        """The texts of all mails to somebody, with their subjects."""
        found = self.mail.to(address)
        return [f"{mail['Subject']}\n{mail.get_payload(decode=True).decode()}" for mail in found]  # type: ignore[union-attr]


@contextmanager
def told_house() -> Iterator[tuple[DeskHouse, FarSides]]:
    """All services in one process, applicants and the staff with channels; for each sort of them a far side."""
    center = demo_center()
    center = replace(center, notices=replace(NoticeRule(), to_applicants=tuple(ApplicantMessage)))
    certificate = SelfMade()
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        far = FarSides(stack.enter_context(WebServer()), stack.enter_context(MailServer(certificate)))
        for name, value in {
            "BANCHENG_NOTIFY_HOSTS": "http://127.0.0.1",
            "BANCHENG_NOTIFY_SMTP": far.mail.url,
            "BANCHENG_CA_FILE": str(certificate.file),
            "BANCHENG_NOTIFY_SMS_URL": f"{far.web.url}/sms",
            "BANCHENG_NOTIFY_SMS_KEY": KEY,
            "BANCHENG_NOTIFY_PHONE_URL": f"{far.web.url}/phone",
            "BANCHENG_NOTIFY_PHONE_KEY": KEY,
        }.items():
            patch.setenv(name, value)
        house = DeskHouse(stack.enter_context(Sandbox(center, at(STARTS_AT))))
        own: dict[str, dict[str, Any]] = {
            **{leader: {"kind": "feishu", "address": f"{far.web.url}/feishu"} for leader in center.roster.leaders},
            LIAISON: {"kind": "email", "address": "luo-min@example.gov.cn"},
            OTHER: {"kind": "wecom", "address": f"{far.web.url}/wecom?key=1"},
            SITS: {"kind": "dingtalk", "address": f"{far.web.url}/dingtalk?access_token=1", "secret": "SEC1"},
            HEAD: {"kind": "webhook", "address": f"{far.web.url}/webhook", "secret": "hook"},
            DIRECTOR: {"kind": "phone", "address": "13900002222"},
            SMS_LIAISON: {"kind": "sms", "address": "13900003333"},
        }
        for staff, channel in own.items():
            _set_channel(house, staff, channel)
        yield house, far


def _set_channel(house: DeskHouse, staff: str, channel: dict[str, Any]) -> None:
    center = house.sandbox.center
    department = next(iter((*departments_of(center, staff), *headed_by(center, staff))), None)
    token = house.sandbox.token(staff, *roles_of(center, staff), department=department)
    reply = requests.put(
        f"http://{house.sandbox.addresses['notify']}/channels",
        json={"channels": [channel]},
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )
    assert reply.status_code == 200, reply.text
