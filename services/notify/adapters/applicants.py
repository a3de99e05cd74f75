"""A text message to an applicant: intake says where it goes, the gateway sends it, and the phone is kept nowhere."""

import json
from typing import Any

from schemas.channels import NoticeChannel
from schemas.enums import Role
from services.access.tokens import Actor, issue
from services.notify.adapters import Sent
from services.notify.rules import gateways
from services.notify.rules.chain import Reception
from services.notify.settings import Gateway, NotifySettings
from services.plumbing.database.transaction import Row
from services.plumbing.http import outgoing
from services.plumbing.runtime.resources import environment

TOKEN_SECONDS = 60
STATUS_PATH = "/status"
"""Of the desk: where applicants look up their ticket by its number and their code, which no message holds."""


def deliver(settings: NotifySettings, message: Row) -> Sent:
    """Hand a message over; raises nothing that is foreseen."""
    gateway = settings.gateways.get(NoticeChannel.SMS)
    if gateway is None or settings.intake is None:
        return Sent(Reception.REFUSED, "no_gateway" if gateway is None else "no_intake")
    contact = _contact(settings.intake, message)
    if isinstance(contact, Sent):
        return contact
    number, phone = contact
    parameters = {
        "number": number,
        "department": message.department,
        "due_on": message.due_on.isoformat() if message.due_on else None,
        "link": f"{settings.citizen_url}{STATUS_PATH}",
    }
    request = gateways.to_applicant(gateway.url, gateway.key, message.id, message.kind, phone, parameters)
    try:
        answer = outgoing.send(gateway.hosts, request.url, request.body, request.headers)
    except outgoing.HostNotAllowed:
        return Sent(Reception.REFUSED, "host_not_allowed")
    except outgoing.NotSent:
        return Sent(Reception.FAILED, "not_reached")
    except outgoing.NotAnswered:
        return Sent(Reception.UNANSWERED, "unanswered")
    return Sent(*gateways.outcome_of(answer.status, answer.body))


def _contact(intake: Gateway, message: Row) -> tuple[str, str] | Sent:
    """The ticket's number and the applicant's phone; what is wrong, if they are not to be had."""
    actor = Actor(staff="notify", roles=(Role.NOTIFIER,), center=message.center)
    token = issue(environment().secret, actor, seconds=TOKEN_SECONDS)
    url = f"{intake.url.rstrip('/')}/tickets/{message.ticket_id}/contact"
    try:
        answer = outgoing.send(intake.hosts, url, b"", {"Authorization": f"Bearer {token}"}, method="GET")
    except outgoing.HostNotAllowed:
        return Sent(Reception.REFUSED, "no_intake")
    except (outgoing.NotSent, outgoing.NotAnswered):
        return Sent(Reception.FAILED, "intake_not_reached")
    if answer.status == 404:
        return Sent(Reception.REFUSED, "no_ticket")
    if answer.status != 200:
        return Sent(Reception.FAILED, f"intake_{answer.status}")
    found: dict[str, Any] = json.loads(answer.body)
    return found["number"], found["phone"]
