"""Events as deadline_watch hears them, and the policy it decides by; each argument replaces one field."""

from typing import Any
from uuid import UUID, uuid5

from schemas.center.center import Center
from schemas.enums import ApplicantKind, Channel, Complexity, DepartmentRole
from schemas.events.assignments import AssignmentAccepted, AssignmentMade, AssignmentReplaced, AssignmentReturned
from schemas.events.decisions import ArbitrationDecided, ArbitrationRequested, ExtensionGranted
from schemas.events.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    ReportFiled,
    TicketAnswered,
    TicketDeclined,
    TicketReclassified,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from schemas.reasons import ArbitrationReason, DeclineReason, ReturnReason
from services.calendar.calendar import work_calendar
from services.deadline_watch.rules.deadline import Policy
from tests.builders import a_center
from tests.builders import at as at

_NAMES = UUID("018d0000-0000-7000-8000-000000000000")
TICKET = uuid5(_NAMES, "ticket")


def named(name: str) -> UUID:
    """An id that is the same for the same name."""
    return uuid5(_NAMES, name)


def a_policy(center: Center | None = None, *earlier: Center) -> Policy:
    """``center`` as the newest version of its file, after ``earlier`` ones."""
    versions = [*earlier, center or a_center()]

    def at_version(version: int) -> Policy:
        found = versions[version - 1]
        return Policy(center=found, version=version, calendar=work_calendar(found.calendar), earlier=at_version)

    return at_version(len(versions))


def _about(ticket: UUID | str, **values: Any) -> dict[str, Any]:
    return {"center": "BC", "ticket_id": named(ticket) if isinstance(ticket, str) else ticket, **values}


def registered(when: str, ticket: UUID | str = TICKET, **changes: Any) -> TicketRegistered:
    """A ticket taken in at the window."""
    values = {
        "number": "BC-20250124-0007",
        "title": "发票",
        "text": "发票领不到",
        "channel": Channel.WINDOW,
        "applicant_kind": ApplicantKind.PERSON,
        "first_responsible": "he-jing",
        "registered_by": "he-jing",
        "registered_at": at(when),
    }
    return TicketRegistered(**_about(ticket, **values | changes))


def routed(when: str, ticket: UUID | str = TICKET, **changes: Any) -> TicketRouted:
    """An ordinary ticket that the tax office leads."""
    values = {"round": 1, "complexity": Complexity.ORDINARY, "lead": "SWJ", "why": "rule tax", "routed_at": at(when)}
    return TicketRouted(**_about(ticket, **values | changes))


def reclassified(when: str, ticket: UUID | str = TICKET, **changes: Any) -> TicketReclassified:
    """From ordinary to complex."""
    values = {"round": 1, "complexity": Complexity.COMPLEX, "why": "two offices", "reclassified_by": "gu"}
    return TicketReclassified(**_about(ticket, reclassified_at=at(when), **values | changes))


def reopened(when: str, ticket: UUID | str = TICKET, **changes: Any) -> TicketReopened:
    """A bad rating after the first round."""
    return TicketReopened(**_about(ticket, **{"round": 2, "reopened_at": at(when)} | changes))


def declined(when: str, ticket: UUID | str = TICKET) -> TicketDeclined:
    """Not accepted."""
    values = {
        "reason": DeclineReason.IN_COURT,
        "remedy": "ask the court",
        "declined_by": "he-jing",
        "declined_at": at(when),
    }
    return TicketDeclined(**_about(ticket, **values))


def withdrawn(when: str, ticket: UUID | str = TICKET) -> TicketWithdrawn:
    """The citizen took it back."""
    return TicketWithdrawn(**_about(ticket, withdrawn_at=at(when)))


def materials_requested(when: str, ticket: UUID | str = TICKET, *, working_days_left: int = 10) -> MaterialsRequested:
    """The applicant must bring a paper."""
    values = {"items": ("户口簿",), "working_days_left": working_days_left, "requested_by": "gu"}
    return MaterialsRequested(**_about(ticket, **values, requested_at=at(when)))


def materials_supplied(when: str, ticket: UUID | str = TICKET) -> MaterialsSupplied:
    """The applicant has brought it."""
    return MaterialsSupplied(**_about(ticket, supplied_by="he-jing", supplied_at=at(when)))


def answered(when: str, ticket: UUID | str = TICKET, **changes: Any) -> TicketAnswered:
    """The solution was fed back."""
    values = {"round": 1, "department": "SWJ", "answer": "领到了", "answered_by": "luo-min", "answered_at": at(when)}
    return TicketAnswered(**_about(ticket, **values | changes))


def report_filed(when: str, ticket: UUID | str = TICKET, **changes: Any) -> ReportFiled:
    """The special-topic report was filed."""
    values = {"round": 1, "department": "SWJ", "report": "专题报告", "filed_by": "luo-min", "filed_at": at(when)}
    return ReportFiled(**_about(ticket, **values | changes))


def extension_granted(when: str, ticket: UUID | str = TICKET, **changes: Any) -> ExtensionGranted:
    """Three more working days."""
    values = {"round": 1, "working_days": 3, "reason": "survey", "legal_basis": "art. 42"}
    values |= {"extension_id": named("extension"), "requested_by": "luo-min", "approved_by": "gu"}
    return ExtensionGranted(**_about(ticket, granted_at=at(when), **values | changes))


def assignment_made(when: str, ticket: UUID | str = TICKET, **changes: Any) -> AssignmentMade:
    """The tax office's share."""
    values = {
        "assignment_id": named("share"),
        "round": 1,
        "department": "SWJ",
        "role": DepartmentRole.LEAD,
        "made_at": at(when),
    }
    return AssignmentMade(**_about(ticket, **values | changes))


def assignment_accepted(when: str, ticket: UUID | str = TICKET, **changes: Any) -> AssignmentAccepted:
    """The tax office signed."""
    values = {"assignment_id": named("share"), "department": "SWJ", "accepted_by": "luo-min", "accepted_at": at(when)}
    return AssignmentAccepted(**_about(ticket, **values | changes))


def assignment_returned(when: str, ticket: UUID | str = TICKET, **changes: Any) -> AssignmentReturned:
    """The tax office sent it back."""
    values = {
        "assignment_id": named("share"),
        "department": "SWJ",
        "reason": ReturnReason.NOT_OUR_DUTY,
        "explanation": "housing",
        "returned_by": "luo-min",
        "returned_at": at(when),
    }
    return AssignmentReturned(**_about(ticket, **values | changes))


def assignment_replaced(when: str, ticket: UUID | str = TICKET, **changes: Any) -> AssignmentReplaced:
    """The tax office has no part in it any more."""
    values = {"assignment_id": named("share"), "department": "SWJ", "replaced_at": at(when)}
    return AssignmentReplaced(**_about(ticket, **values | changes))


def arbitration_requested(when: str, ticket: UUID | str = TICKET, **changes: Any) -> ArbitrationRequested:
    """No rule fits."""
    values = {
        "arbitration_id": named("docket"),
        "round": 1,
        "reason": ArbitrationReason.NO_RULE,
        "requested_at": at(when),
    }
    return ArbitrationRequested(**_about(ticket, **values | changes))


def arbitration_decided(when: str, ticket: UUID | str = TICKET, **changes: Any) -> ArbitrationDecided:
    """The duty leader has decided."""
    values = {"arbitration_id": named("docket"), "round": 1, "decided_by": "gu", "decided_at": at(when)}
    return ArbitrationDecided(**_about(ticket, **values | changes))
