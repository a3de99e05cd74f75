"""How what the services say of a ticket reads as sentences. Pure: from replies of their interfaces to lines of text."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.enums import PROMISES, DeadlineState
from services.demo.sentence import Reply, Sentence, Words, escalated, short


class TicketUpdate(NamedTuple):
    """What happened to one ticket at one instant: entries of the timeline, the ticket then, and its new escalations.

    ``intake`` is the masked ticket with its applicant, on arrival only; ``numbers`` are those of other tickets by id.
    """

    entries: tuple[Reply, ...]
    ticket: Reply
    escalations: tuple[Reply, ...]
    intake: Reply | None
    numbers: Mapping[str, str]


DOCKETED_WHY = {
    "no_rule": "no rule fits",
    "returned": "sent back too often",
    "department_gone": "its department is gone",
}
"""Phrases for the ArbitrationReasons."""


def sentences(update: TicketUpdate, words: Words) -> Iterator[Sentence]:
    """What happened, in the order in which it became known; then who was told of deadlines that reached a mark."""
    happened = {entry["what"] for entry in update.entries}
    for entry in update.entries:
        sentence = (
            _of_deciding(entry, update, words, happened)
            or _of_working(entry, update.ticket, words, happened)
            or _of_working_together(entry, update, words)
        )
        if sentence is not None:
            yield sentence
    for escalation in update.escalations:
        yield escalated(escalation, words)


def _of_deciding(entry: Reply, update: TicketUpdate, words: Words, happened: set[str]) -> Sentence | None:
    """A ticket arrives; who handles it and how long that may take is decided."""
    ticket, say = update.ticket, words.say
    match entry["what"]:
        case "ticket.registered":
            intake = update.intake or {}
            applicant = intake.get("applicant", {})
            repeated = update.numbers.get(intake.get("repeat_of") or "")
            again = say(" · repeats {number}", number=short(repeated)) if repeated else ""
            who = f"{applicant.get('name')} {applicant.get('phone')}"
            return Sentence(f"{say.word(ticket['channel'])} · {who}{again}", ticket["title"], "bold")
        case "ticket.routed" if "ticket.reopened" not in happened:
            return _routed(ticket, words, is_again="assignment.returned" in happened)
        case "arbitration.requested":
            due = _deadline(ticket, "arbitrate")
            fact = say("→ the duty leader's docket: {why}", why=say(DOCKETED_WHY[entry["text"]]))
            until = say(", to be decided by {when}", when=words.when(due["due_at"])) if due else ""
            return Sentence(f"{fact}{until}", style="cyan")
        case "ticket.reclassified":
            leader, when = words.person(entry["by"]), words.when(ticket["due_at"])
            fact = say("{leader}: complex after all, report due {when}", leader=leader, when=when)
            return Sentence(fact, entry["text"], "cyan")
        case "extension.granted":
            leader, when = words.person(entry["by"]), words.when(ticket["due_at"])
            fact = say("{leader} grants more time, now due {when}", leader=leader, when=when)
            return Sentence(fact, entry["text"], "cyan")
        case "materials.requested":
            return Sentence(say("the deadline waits for the applicant's papers"), entry["text"], "cyan")
        case "materials.supplied":
            when = words.when(ticket["due_at"])
            return Sentence(say("the papers are here, the deadline goes on: due {when}", when=when), style="cyan")
    return None


def _of_working(entry: Reply, ticket: Reply, words: Words, happened: set[str]) -> Sentence | None:
    """What departments do about a ticket, and how it ends."""
    say, department = words.say, words.department(entry.get("department"))
    match entry["what"]:
        case "assignment.returned":
            return Sentence(say("sent back by {department}", department=department), entry["text"], "cyan")
        case "assignment.accepted":
            deadline = _deadline(ticket, "acknowledge", entry["department"])
            if deadline and deadline["state"] == DeadlineState.BREACHED:
                return Sentence(say("signed for at last by {department}", department=department))
        case "assignment.completed" if not happened & {"ticket.answered", "report.filed"}:
            return Sentence(say("{department} reports to the lead", department=department), entry["text"])
        case "report.filed":
            kept, style = _kept("report", ticket, words)
            fact = say("special-topic report by {department}", department=department)
            return Sentence(f"{fact}{kept}", entry["text"], style)
        case "ticket.answered":
            kept, style = _kept("answer", ticket, words)
            return Sentence(f"{say('answered by {department}', department=department)}{kept}", entry["text"], style)
        case "ticket.declined":
            return Sentence(say("not accepted; what can be done instead"), entry["text"])
        case "ticket.withdrawn":
            return Sentence(say("withdrawn by the citizen"))
        case "ticket.rated":
            rated = say("rated {rating}", rating=say.word(entry["text"]))
            if "ticket.reopened" in happened:
                lead, when = words.department(ticket["lead"]), words.when(ticket["due_at"])
                again = say(", round {round} begins: {lead}, due {when}", round=ticket["round"], lead=lead, when=when)
                return Sentence(f"{rated}{again}", style="magenta")
            if "ticket.closed" in happened:
                rated += say("; closed, {outcome}", outcome=say.word(ticket["outcome"]))
            return Sentence(rated)
        case "ticket.closed" if "ticket.rated" not in happened:
            return Sentence(say("closed, {outcome}", outcome=say.word(entry["text"])))
    return None


def _of_working_together(entry: Reply, update: TicketUpdate, words: Words) -> Sentence | None:
    """What goes to and fro between departments and leaders."""
    ticket, say, department = update.ticket, words.say, words.department(entry.get("department"))
    match entry["what"]:
        case "progress.reported":
            return Sentence(say("{department} has come this far", department=department), entry["text"])
        case "assignment.handed_over":
            staff, _, why = entry["text"].partition(", ")
            handed = say("{department} leaves it to {person}", department=department, person=words.person(staff))
            return Sentence(handed, why)
        case "extension.requested":
            days = ticket["extensions"][-1]["working_days"]
            asked = say("{department} asks for {days} working days more", department=department, days=days)
            return Sentence(asked, entry["text"], "cyan")
        case "extension.refused":
            return Sentence(say("{leader} gives no more time", leader=words.person(entry["by"])), entry["text"], "cyan")
        case "meeting.called":
            when, _, place = entry["text"].partition(", ")
            leader, meets = words.person(entry["by"]), words.when(when)
            return Sentence(say("{leader} calls a joint meeting: {when}", leader=leader, when=meets), place, "cyan")
        case "meeting.held":
            return Sentence(say("the departments have met"), entry["text"], "cyan")
        case "report.signed" if entry is _alike(entry, update)[-1]:
            signed = {each["department"] for each in ticket["signatures"] if each["round"] == ticket["round"]}
            missing = [each for each in ticket["assisting"] if each not in signed]
            if missing:
                return Sentence(say("report not signed yet by {departments}", departments=say.listed(missing)))
            return Sentence(say("report signed by every department"), style="green")
        case "escalation.acknowledged" if entry is _alike(entry, update, by=entry["by"])[0]:
            return Sentence(say("{person} acknowledges the escalation", person=words.person(entry["by"])))
    return None


def _alike(entry: Reply, update: TicketUpdate, **fields: str) -> list[Reply]:
    """The entries of the same sort, with these ``fields``: what several do at one instant is told once."""
    return [each for each in update.entries if each.items() >= {"what": entry["what"], **fields}.items()]


def signed_minutes(sitting: Reply, words: Words) -> Sentence:
    """A leader has signed the minutes of a sitting, with how much was decided and what is handed over."""
    decided, leader = len(sitting["decisions"]), words.person(sitting["signed_by"])
    fact = words.say("{leader} signs the minutes ({decided} decided) and hands over", leader=leader, decided=decided)
    return Sentence(fact, sitting["handover"], "cyan")


def _routed(ticket: Reply, words: Words, *, is_again: bool) -> Sentence:
    """Who handles a ticket, and who or which rule said so; ``is_again`` after a department sent it back."""
    say, departments = words.say, words.department(ticket["lead"])
    if ticket["assisting"]:
        departments = say("{lead} with {assisting}", lead=departments, assisting=say.listed(ticket["assisting"]))
    due, complexity = words.when(ticket["due_at"]), say.word(ticket["complexity"])
    facts = say("{departments} · {complexity} · due {when}", departments=departments, complexity=complexity, when=due)
    if ticket["decided_by"]:
        leader = words.person(ticket["decided_by"])
        return Sentence(say("{leader} decides: {facts}", leader=leader, facts=facts), ticket["why"], "cyan")
    why = say.reasons(ticket["why"].split(", "))
    return Sentence(say("→ now {facts}", facts=facts) if is_again else f"→ {facts}", why)


def _kept(kind: str, ticket: Reply, words: Words) -> tuple[str, str]:
    """Whether the promise was kept, and its colour; nothing of an answer where a report was promised."""
    deadline = _deadline(ticket, kind)
    if deadline is None:
        return "", ""
    if deadline["state"] == DeadlineState.MET:
        return words.say(", in time"), "green"
    return words.say(", LATE (was due {when})", when=words.when(deadline["due_at"])), "red"


def _deadline(ticket: Reply, kind: str, department: str | None = None) -> Reply | None:
    """The newest deadline of a kind in the ticket's round; of one department, except for promises."""
    deadlines = [
        deadline
        for deadline in ticket["deadlines"]
        if deadline["kind"] == kind
        and deadline["round"] == ticket["round"]
        and deadline["state"] != DeadlineState.CANCELLED
        and (kind in PROMISES or department in (None, deadline["department"]))
    ]
    return max(deadlines, key=lambda deadline: deadline["id"], default=None)
