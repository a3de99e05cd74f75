"""The closed lists of the field: one English word each, used in HTTP, events, tables and metrics alike."""

from enum import StrEnum


class Complexity(StrEnum):
    """An ordinary ticket is promised a solution, a complex one a special-topic report (专题报告)."""

    ORDINARY = "ordinary"
    COMPLEX = "complex"


class Cause(StrEnum):
    """Why the matter could not be got done elsewhere (原因类别)."""

    UNCLEAR_POLICY = "unclear_policy"  # 政策模糊
    DEPARTMENT_GAP = "department_gap"  # 部门衔接不畅
    LEGACY = "legacy"  # 历史遗留
    MATERIALS = "materials"  # 材料问题
    SYSTEM_FAULT = "system_fault"  # 系统问题
    LAX_EXECUTION = "lax_execution"  # 政策执行不严
    SERVICE_ATTITUDE = "service_attitude"  # 服务作风
    POLICY_FORBIDS = "policy_forbids"  # 政策不允许
    OUT_OF_SCOPE = "out_of_scope"  # 不属受理范围


class Channel(StrEnum):
    """The way by which a ticket came in (渠道)."""

    WINDOW = "window"
    PHONE = "phone"
    HOTLINE = "hotline"
    ONLINE = "online"
    APP = "app"
    TRANSFER = "transfer"


class ApplicantKind(StrEnum):
    """Who applies: a person or an organisation."""

    PERSON = "person"
    ORGANISATION = "organisation"


class AttachmentKind(StrEnum):
    """What a file of a ticket is, by its content."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"


class TicketState(StrEnum):
    """Where a ticket stands. ``awaiting_materials`` waits for the applicant, ``in_arbitration`` for the duty leader."""

    REGISTERED = "registered"
    IN_ARBITRATION = "in_arbitration"
    ASSIGNED = "assigned"
    AWAITING_MATERIALS = "awaiting_materials"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DepartmentRole(StrEnum):
    """A department's part in a ticket: one leads (牵头), the others assist (协办) and report to the lead."""

    LEAD = "lead"
    ASSISTING = "assisting"


class AssignmentState(StrEnum):
    """An assignment is signed for, then completed; or returned; or replaced when the ticket is routed anew."""

    MADE = "made"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    COMPLETED = "completed"
    REPLACED = "replaced"


class DocketSection(StrEnum):
    """What waits for the duty leader: to be arbitrated, broken, about to break, more time requested, what came back."""

    ARBITRATION = "arbitration"
    BREACHED = "breached"
    ABOUT_TO_BREAK = "about_to_break"
    EXTENSIONS = "extensions"
    REPEATS = "repeats"


class MeetingState(StrEnum):
    """A joint meeting is called, then held with an outcome, or cancelled."""

    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


class ExtensionState(StrEnum):
    """More time is requested, then granted or refused by a leader; or it lapsed, since the ticket ended before that."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


class Outcome(StrEnum):
    """How a ticket ended: solved, explained why it cannot be (解释说明), or solved in phases (阶段性办理)."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    PHASED = "phased"


class Rating(StrEnum):
    """The five levels of 好差评; the two lowest re-open the ticket."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


BAD_RATINGS = frozenset({Rating.DISSATISFIED, Rating.VERY_DISSATISFIED})


class DeadlineKind(StrEnum):
    """What must be done in time: sign for an assignment, answer, report, arbitrate."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    REPORT = "report"
    ARBITRATE = "arbitrate"


PROMISES = frozenset({DeadlineKind.ANSWER, DeadlineKind.REPORT})
"""The kinds that are promises to the citizen; the others are internal rules."""


class DeadlineState(StrEnum):
    """A deadline runs, is paused, or has ended: met in time, breached, or cancelled because it no longer applies."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class Mark(StrEnum):
    """The sort of instant on a deadline at which something is announced."""

    APPROACHING = "approaching"
    BREACHED = "breached"
    OVERDUE = "overdue"


class Light(StrEnum):
    """What a wall screen shows: green, yellow (at most one working day left), red (broken)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Post(StrEnum):
    """A position that the ladder of escalation can tell."""

    LIAISON = "liaison"
    FIRST_RESPONSIBLE = "first_responsible"
    DEPARTMENT_HEAD = "department_head"
    DUTY_LEADER = "duty_leader"
    CENTER_DIRECTOR = "center_director"
    SUPERVISION_OFFICE = "supervision_office"


class Role(StrEnum):
    """What a bearer of an access token may do. ``NOTIFIER`` is no person's: it is the service that sends messages."""

    CLERK = "clerk"
    LIAISON = "liaison"
    DEPARTMENT_HEAD = "department_head"
    DUTY_LEADER = "duty_leader"
    DIRECTOR = "director"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    OPS = "ops"
    CHANNEL = "channel"
    NOTIFIER = "notifier"
