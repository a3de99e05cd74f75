"""What a generic webhook is sent: CloudEvents, signed as Standard Webhooks has it. Pure.

One notice is one event (structured mode), several are a list of them (batch mode). An event's id is that of the
delivery: who gets it twice can tell. ``webhook-signature`` is HMAC-SHA256 over ``<id>.<seconds>.<body>``, keyed by the
secret.
"""

import base64
import hashlib
import hmac
import json
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Any

from schemas.events.event import BATCH_CONTENT_TYPE, CONTENT_TYPE
from services.notify.rules.chain import Reception
from services.notify.rules.robots import Request
from services.notify.rules.texts import NoticeLine, NoticeMessage

TYPE = "notice.sent.v1"


def event_of(line: NoticeLine, zone: tzinfo) -> dict[str, Any]:
    """One notice as a CloudEvent."""
    return {
        "specversion": "1.0",
        "id": str(line.delivery_id),
        "source": "/bancheng/notify",
        "type": TYPE,
        "subject": str(line.ticket_id or line.entry_id or line.notice_id),
        "time": line.created_at.isoformat(),
        "datacontenttype": "application/json",
        "center": line.center,
        "data": {
            "notice_id": str(line.notice_id),
            "ticket_id": str(line.ticket_id) if line.ticket_id else None,
            "entry_id": str(line.entry_id) if line.entry_id else None,
            "number": line.number,
            "template": line.template,
            "light": line.light,
            "kind": line.kind,
            "level": line.level,
            "due_at": line.due_at.astimezone(zone).isoformat() if line.due_at else None,
            "text": line.text,
            "link": line.link,
        },
    }


def request_to(message: NoticeMessage, at: datetime, zone: tzinfo) -> Request:
    """The post of a message at real time ``at``."""
    events = [event_of(line, zone) for line in message.lines]
    is_one = len(events) == 1
    body = json.dumps(events[0] if is_one else events, ensure_ascii=False).encode()
    stamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": CONTENT_TYPE if is_one else BATCH_CONTENT_TYPE,
        "Webhook-Id": str(message.id),
        "Webhook-Timestamp": stamp,
    }
    if message.secret:
        headers["Webhook-Signature"] = "v1," + signature(message.secret, str(message.id), stamp, body)
    return Request(message.address, body, headers)


def signature(secret: str, id_: str, seconds: str, body: bytes) -> str:
    """In base64. A secret like ``whsec_...`` holds its key in base64, any other is the key."""
    key = secret.encode()
    if secret.startswith("whsec_"):
        with suppress(ValueError):
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    return base64.b64encode(hmac.digest(key, f"{id_}.{seconds}.".encode() + body, hashlib.sha256)).decode()


def outcome_of(status: int) -> tuple[Reception, str | None]:
    """What an answer means, and a code for what is wrong."""
    if 200 <= status < 300:
        return Reception.DELIVERED, None
    if status == 429:
        return Reception.THROTTLED, "throttled"
    return (Reception.REFUSED if status in (400, 401, 403, 404, 405, 410) else Reception.FAILED), f"http_{status}"
