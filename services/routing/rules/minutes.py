"""The minutes of a sitting and the hand-over to the next leader, as the program drafts them. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from schemas.center.center import Center
from schemas.enums import DocketSection
from schemas.requests.sittings import LeftUndone, SittingDecision
from services.routing.rules.sittings import HeldSitting
from services.wording import Wording

_ORDER = (
    *("arbitration.decided", "ticket.reclassified", "extension.granted", "extension.refused"),
    *("meeting.called", "meeting.moved", "meeting.cancelled", "meeting.held"),
)
_WITH_A_TIME = ("meeting.called", "meeting.moved")
"""Whose text begins with when it takes place."""
SECTIONS = (
    DocketSection.ARBITRATION,
    DocketSection.EXTENSIONS,
    DocketSection.BREACHED,
    DocketSection.ABOUT_TO_BREAK,
)
"""What is handed over, in this order."""


def draft_of_minutes(
    sitting: HeldSitting, decisions: Sequence[SittingDecision], center: Center, zone: tzinfo, say: Wording
) -> str:
    """Who sat when, and what was decided, kind by kind."""
    lines = [
        say("Minutes of the sitting"),
        say("{name}, {hours}", name=_name(center, sitting.leader), hours=_hours(sitting, zone, say)),
    ]
    if sitting.opened_by != sitting.leader:
        lines.append(say("Opened by {name}", name=_name(center, sitting.opened_by)))
    in_order = sorted(decisions, key=lambda each: _ORDER.index(each.what) if each.what in _ORDER else len(_ORDER))
    for what, group in groupby(in_order, key=lambda each: each.what):
        of_kind = list(group)
        lines += ["", say("{what}: {count}", what=_heading(what, say), count=len(of_kind))]
        lines += [f"{nth}. {_decision(each, center, zone, say)}" for nth, each in enumerate(of_kind, start=1)]
    if not decisions:
        lines += ["", say("Nothing was decided.")]
    return "\n".join(lines)


def draft_of_handover(left_undone: Iterable[LeftUndone], say: Wording) -> str:
    """What lies on the docket for the next leader."""
    return "\n".join(_undone(left_undone, say)) or say("Nothing was left undone.")


def _undone(left_undone: Iterable[LeftUndone], say: Wording) -> Iterator[str]:
    for each in left_undone:
        if not each.count:
            continue
        count = f"{each.count}+" if each.has_more else str(each.count)
        yield say("{what}: {count}", what=_section(each.section, say), count=count)
        yield from (f"- {ticket.number} {ticket.title}" for ticket in each.tickets)


def _decision(decision: SittingDecision, center: Center, zone: tzinfo, say: Wording) -> str:
    department = center.departments[decision.department].name if decision.department in center.departments else ""
    parts = [f"{decision.number} {decision.title}"]
    if decision.what == "arbitration.decided" and department:
        parts.append(say("led by {department}", department=department))
    if decision.working_days:
        parts.append(say("{days} working days more", days=decision.working_days))
    if decision.text:
        parts.append(_said(decision.what, decision.text.rstrip("。."), zone, say))
    parts.append(f"{_name(center, decision.by)} {decision.at.astimezone(zone):%H:%M}".strip())
    return say("; ").join(parts)


def _said(what: str, text: str, zone: tzinfo, say: Wording) -> str:
    if what not in _WITH_A_TIME:
        return text
    when, _, rest = text.partition(", ")
    begins = datetime.fromisoformat(when).astimezone(zone)
    return say("; ").join((f"{say.day(begins)} {begins:%H:%M}", rest))


def _heading(what: str, say: Wording) -> str:
    match what:
        case "arbitration.decided":
            return say("Decided who handles it")
        case "ticket.reclassified":
            return say("Made complex")
        case "extension.granted":
            return say("More time granted")
        case "extension.refused":
            return say("More time refused")
        case "meeting.called":
            return say("Joint meetings called")
        case "meeting.moved":
            return say("Joint meetings moved")
        case "meeting.cancelled":
            return say("Joint meetings cancelled")
        case "meeting.held":
            return say("Joint meetings held")
        case _:
            return what


def _section(section: DocketSection, say: Wording) -> str:
    match section:
        case DocketSection.ARBITRATION:
            return say("To arbitrate")
        case DocketSection.EXTENSIONS:
            return say("Requests for more time")
        case DocketSection.BREACHED:
            return say("Promises broken")
        case _:
            return say("About to break before the next sitting")


def _hours(sitting: HeldSitting, zone: tzinfo, say: Wording) -> str:
    opened, closed = sitting.opened_at.astimezone(zone), sitting.closed_at and sitting.closed_at.astimezone(zone)
    until = _until(opened, closed, say) if closed else ""
    return f"{say.day(opened)} {opened:%H:%M}–{until}"


def _until(opened: datetime, closed: datetime, say: Wording) -> str:
    return f"{closed:%H:%M}" if closed.date() == opened.date() else f"{say.day(closed)} {closed:%H:%M}"


def _name(center: Center, staff: str | None) -> str:
    return center.staff[staff].name if staff in center.staff else staff or ""
