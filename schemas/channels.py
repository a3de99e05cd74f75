"""The closed lists of notices: by which channels they go out, what becomes of them there, what an applicant is sent."""

from enum import StrEnum


class NoticeChannel(StrEnum):
    """How a notice reaches a person: in the desk always, and by the first of their own channels that works."""

    DESK = "desk"
    EMAIL = "email"
    SMS = "sms"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"
    PHONE = "phone"


ROBOTS = frozenset({NoticeChannel.WECOM, NoticeChannel.DINGTALK, NoticeChannel.FEISHU})
"""Robots post into a group chat of somebody else's system: they are shown numbers and lights alone."""


class DeliveryState(StrEnum):
    """A notice on its way by one channel: it waits, is being sent (or was, and nothing was answered), was delivered,
    failed for good, or is void, since what it would have said was taken back before it was sent.
    """

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    VOID = "void"


class ApplicantMessage(StrEnum):
    """What the applicant is sent as a text message: the ticket was received, a department has it, papers are missing,
    they are due tomorrow, papers that were promised are to come (half way, the day before, on the day), it was
    answered, it can be rated.
    """

    RECEIVED = "received"
    ROUTED = "routed"
    MATERIALS_REQUESTED = "materials_requested"
    MATERIALS_DUE = "materials_due"
    TOLERANCE_DUE = "tolerance_due"
    ANSWERED = "answered"
    RATING_ASKED = "rating_asked"
