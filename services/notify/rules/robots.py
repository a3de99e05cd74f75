"""What robots want: bodies, signatures, how many messages they take, and what their answers mean. Pure.

All three answer 200 to what they refuse and say so in a code. They count messages in windows of a minute, from wherever
it begins: a bucket that refills slower than the limit, and holds little, keeps to it in every window.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from schemas.channels import NoticeChannel
from services.notify.rules.chain import Reception

_TOO_FAST = {
    NoticeChannel.WECOM: {45009, 45033},
    NoticeChannel.DINGTALK: {410100, 660026, 130101},
    NoticeChannel.FEISHU: {9499, 11232, 99991400},
}
_NEVER = {
    NoticeChannel.WECOM: {93000, 40014, 40001, 93004, 93008},  # no such robot, or its key is wrong
    NoticeChannel.DINGTALK: {
        300001,
        310000,
        400101,
        400102,
        400013,
    },  # no such token, wrong signature, robot off
    NoticeChannel.FEISHU: {19001, 19021, 19022, 19024},  # no such hook, wrong signature, address or word not allowed
}


class Rate(NamedTuple):
    """A bucket: at most ``capacity`` at once, and ``per_second`` more."""

    capacity: float
    per_second: float


RATES = {
    NoticeChannel.WECOM: Rate(5, 15 / 60),  # 20 a minute
    NoticeChannel.DINGTALK: Rate(5, 15 / 60),  # 20 a minute, then ten minutes nothing
    NoticeChannel.FEISHU: Rate(3, 1.5),  # 100 a minute and 5 a second
}
LONGEST = {NoticeChannel.WECOM: 2000, NoticeChannel.DINGTALK: 18_000, NoticeChannel.FEISHU: 18_000}
"""Bytes of a text: WeCom takes 2,048, Feishu 20 KB with what is round it."""


class Request(NamedTuple):
    """What is posted, and where."""

    url: str
    body: bytes
    headers: dict[str, str]


def request_to(kind: NoticeChannel, address: str, secret: str, text: str, at: datetime) -> Request:
    """The post of a text by a robot at real time ``at``, signed if the robot has a secret."""
    said = shortened(text, LONGEST[kind])
    url, body = address, dict[str, Any]()
    match kind:
        case NoticeChannel.WECOM:
            body = {"msgtype": "text", "text": {"content": said}}
        case NoticeChannel.DINGTALK:
            body = {"msgtype": "text", "text": {"content": said}}
            if secret:
                stamp = str(int(at.timestamp() * 1000))
                signed = {"timestamp": stamp, "sign": dingtalk_signature(secret, stamp)}
                url += ("&" if "?" in url else "?") + urlencode(signed)
        case _:
            body = {"msg_type": "text", "content": {"text": said}}
            if secret:
                stamp = str(int(at.timestamp()))
                body = {"timestamp": stamp, "sign": feishu_signature(secret, stamp), **body}
    return Request(url, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


def dingtalk_signature(secret: str, milliseconds: str) -> str:
    """HMAC-SHA256 keyed by the secret over time and secret, in base64."""
    digest = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()


def feishu_signature(secret: str, seconds: str) -> str:
    """HMAC-SHA256 keyed by time and secret over nothing, in base64."""
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256)).decode()


def shortened(text: str, most: int) -> str:
    """As many whole lines as fit into so many bytes of UTF-8; the last line, where to look, always stays."""
    *lines, last = text.split("\n")
    kept: list[str] = []
    used = len(last.encode()) + len("\n…".encode())
    for line in lines:
        used += len(line.encode()) + 1
        if used > most:
            return "\n".join([*kept, "…", last])
        kept.append(line)
    return text


def outcome_of(kind: NoticeChannel, status: int, body: bytes) -> tuple[Reception, str | None]:
    """What a robot's answer means, and a code for what is wrong."""
    if status == 429:
        return Reception.THROTTLED, "throttled"
    if status != 200:
        return (Reception.REFUSED if status in (400, 401, 403, 404, 410) else Reception.FAILED), f"http_{status}"
    try:
        said = json.loads(body)
        code = int(next((said[name] for name in ("errcode", "code", "StatusCode") if name in said), -1))
    except (ValueError, TypeError):
        return Reception.FAILED, "not_understood"
    if code == 0:
        return Reception.DELIVERED, None
    if code in _TOO_FAST[kind]:
        return Reception.THROTTLED, "throttled"
    return (Reception.REFUSED if code in _NEVER[kind] else Reception.FAILED), f"code_{code}"
