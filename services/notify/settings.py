"""What notify is told from outside (README: Running it)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schemas.channels import NoticeChannel
from services.plumbing.ciphers import BadKeys, FieldCipher
from services.plumbing.http.outgoing import AllowedHosts, tls
from services.plumbing.mail import BadMailServer, MailServer, mail_server
from services.plumbing.runtime.resources import MissingSetting

ROBOTS_HOSTS = "qyapi.weixin.qq.com,oapi.dingtalk.com,open.feishu.cn"
"""The hosts of the robots, which may be asked where no setting says otherwise."""


@dataclass(frozen=True)
class Gateway:
    """A gateway of the operator's: its address, and the key that it wants."""

    url: str
    key: str
    hosts: AllowedHosts


@dataclass(frozen=True)
class NotifySettings:
    """``desk_url`` is the desk's address as staff reach it, ``citizen_url`` as applicants do; ``hosts`` whom robots and
    webhooks may be at, ``intake`` who is asked for an applicant's phone. They hold secrets: never log them.
    """

    cipher: FieldCipher
    desk_url: str
    hosts: AllowedHosts
    mail_server: MailServer | None = None
    gateways: Mapping[NoticeChannel, Gateway] = field(default_factory=dict)
    intake: Gateway | None = None
    citizen_url: str = ""


def notify_settings() -> NotifySettings:
    """The settings of this process. Raises MissingSetting, which shows no key."""
    try:
        hosts = AllowedHosts(os.environ.get("BANCHENG_NOTIFY_HOSTS") or ROBOTS_HOSTS)
    except ValueError as error:
        raise MissingSetting(f"BANCHENG_NOTIFY_HOSTS: {error}") from None
    try:
        tls()
    except OSError as error:
        raise MissingSetting(f"BANCHENG_CA_FILE: {error}") from None
    smtp = os.environ.get("BANCHENG_NOTIFY_SMTP") or ""
    try:
        server = mail_server(smtp) if smtp else None
    except BadMailServer as error:
        raise MissingSetting(f"BANCHENG_NOTIFY_SMTP: {error}") from None
    gateways = {
        NoticeChannel.SMS: _gateway("BANCHENG_NOTIFY_SMS_URL", os.environ.get("BANCHENG_NOTIFY_SMS_KEY")),
        NoticeChannel.PHONE: _gateway("BANCHENG_NOTIFY_PHONE_URL", os.environ.get("BANCHENG_NOTIFY_PHONE_KEY")),
    }
    desk_url = (os.environ.get("BANCHENG_DESK_URL") or "http://127.0.0.1:8005").rstrip("/")
    return NotifySettings(
        cipher=_cipher(),
        desk_url=desk_url,
        hosts=hosts,
        mail_server=server,
        gateways={kind: each for kind, each in gateways.items() if each is not None},
        intake=_intake(),
        citizen_url=(os.environ.get("BANCHENG_DESK_CITIZEN_URL") or desk_url).rstrip("/"),
    )


def _cipher() -> FieldCipher:
    keys = os.environ.get("BANCHENG_NOTIFY_KEY") or ""
    if not keys:
        raise MissingSetting("BANCHENG_NOTIFY_KEY is not set")
    try:
        return FieldCipher(keys)
    except BadKeys as error:
        raise MissingSetting(f"BANCHENG_NOTIFY_KEY cannot be used: {error}") from None


def _intake() -> Gateway | None:
    own = os.environ.get("BANCHENG_INTAKE_ADDRESS") or "127.0.0.1:8001"
    return _gateway("BANCHENG_INTAKE_URL", None, otherwise=f"http://{own}")


def _gateway(name: str, key: str | None, otherwise: str = "") -> Gateway | None:
    """A gateway's host is named by its own setting, which the operator makes: it may be any."""
    url = os.environ.get(name) or otherwise
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise MissingSetting(f"{name} is no address such as https://sms.example.gov.cn/send")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Gateway(url, key or "", AllowedHosts(f"{parts.scheme}://{host}"))
