"""What a gateway for text messages or the telephone is sent, and what its answers mean. Pure.

A text message names a template that the operator has registered with the carrier, and its parameters: nothing else may
be sent. The gateway is a small program beside the carrier's own interface: ``POST`` of JSON, with the key as a bearer.
"""

import json
from collections.abc import Mapping
from uuid import UUID

from services.notify.rules.chain import Reception
from services.notify.rules.robots import Request
from services.notify.rules.texts import NoticeMessage, in_order

SEVERAL = "several"
"""The template of a message that speaks of more than one notice."""


def request_to(message: NoticeMessage, url: str, key: str) -> Request:
    """The post of a message: to whom, which template, which parameters; ``id`` is the same when it is sent again."""
    first = in_order(message)[0]
    is_one = message.notices == 1
    body = {
        "id": str(message.id),
        "to": message.address,
        "kind": message.kind,
        "template": first.template if is_one else SEVERAL,
        "language": message.language,
        "parameters": {
            "number": first.number,
            "light": first.light,
            "level": first.level,
            "due_at": first.due_at.isoformat() if first.due_at else None,
            "count": message.notices,
            "link": first.link,
        },
    }
    return Request(url, json.dumps(body, ensure_ascii=False).encode(), _headers(key))


def to_applicant(url: str, key: str, id_: UUID, kind: str, phone: str, parameters: Mapping[str, str | None]) -> Request:
    """The post of a text message to an applicant; ``id`` is the same when it is sent again."""
    body = {"id": str(id_), "to": phone, "kind": "sms", "template": f"applicant.{kind}", "parameters": parameters}
    return Request(url, json.dumps(body, ensure_ascii=False).encode(), _headers(key))


def _headers(key: str) -> dict[str, str]:
    return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})


def outcome_of(status: int, body: bytes) -> tuple[Reception, str | None]:
    """What an answer means, and a code for what is wrong. Whatever says ``code`` other than 0 or OK was not taken."""
    if status == 429:
        return Reception.THROTTLED, "throttled"
    if not 200 <= status < 300:
        # 401 and 403 are the operator's key, which is mended; 400, 404 and 422 are this number.
        return (Reception.REFUSED if status in (400, 404, 422) else Reception.FAILED), f"http_{status}"
    try:
        said = json.loads(body) if body.strip() else {}
        code = said.get("code", 0) if isinstance(said, dict) else 0
    except ValueError:
        return Reception.FAILED, "not_understood"
    if code in (0, "0", "OK", "ok", None):
        return Reception.DELIVERED, None
    return Reception.FAILED, f"code_{str(code)[:40]}"
