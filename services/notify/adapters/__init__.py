"""The ways out: a message is handed to the far side of its channel, and what that made of it comes back."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import NamedTuple

from schemas.channels import ROBOTS, NoticeChannel
from services.notify.adapters import mail
from services.notify.rules import gateways, robots, texts, webhooks
from services.notify.rules.chain import Reception
from services.notify.rules.robots import Request
from services.notify.settings import NotifySettings
from services.plumbing.http import outgoing
from services.plumbing.http.outgoing import AllowedHosts

Reading = Callable[[outgoing.Answer], tuple[Reception, str | None]]


class Sent(NamedTuple):
    """What the far side made of a message, and a code for what was wrong."""

    outcome: Reception
    error: str | None = None


def deliver(settings: NotifySettings, message: texts.NoticeMessage, at: datetime, zone: tzinfo) -> Sent:
    """Hand a message over at real time ``at``. It waits for the network and for nothing else, and raises nothing that
    is foreseen.
    """
    kind = message.kind
    if kind is NoticeChannel.EMAIL:
        return Sent(*mail.deliver(settings, message))
    if kind in ROBOTS:
        request = robots.request_to(kind, message.address, message.secret, texts.short_of(message), at)
        return _post(settings.hosts, request, lambda got: robots.outcome_of(kind, got.status, got.body))
    if kind is NoticeChannel.WEBHOOK:
        request = webhooks.request_to(message, at, zone)
        return _post(settings.hosts, request, lambda got: webhooks.outcome_of(got.status))
    gateway = settings.gateways.get(kind)
    if gateway is None:
        return Sent(Reception.REFUSED, "no_gateway")
    request = gateways.request_to(message, gateway.url, gateway.key)
    return _post(gateway.hosts, request, lambda got: gateways.outcome_of(got.status, got.body))


def _post(hosts: AllowedHosts, request: Request, read: Reading) -> Sent:
    try:
        return Sent(*read(outgoing.send(hosts, request.url, request.body, request.headers)))
    except outgoing.HostNotAllowed:
        return Sent(Reception.REFUSED, "host_not_allowed")
    except outgoing.NotSent:
        return Sent(Reception.FAILED, "not_reached")
    except outgoing.NotAnswered:
        return Sent(Reception.UNANSWERED, "unanswered")
