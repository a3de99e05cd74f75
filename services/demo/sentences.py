"""How what the house says of a ticket reads as a sentence. Pure: from replies of its interfaces to lines of text."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.enums import PROMISES, DeadlineState
from services.demo.sentence import Sentence, escalated
from services.demo.words import Reply, Words, short


class Telling(NamedTuple):
    """What happened to one ticket at one instant: entries of the timeline, the ticket then, and what was not yet told.

    ``intake`` is the masked ticket with its applicant, on arrival only; ``numbers`` are those of other tickets by id.
    """

    entries: tuple[Reply, ...]
    ticket: Reply
    escalations: tuple[Reply, ...]
    intake: Reply | None
    numbers: Mapping[str, str]


def sentences(telling: Telling, words: Words) -> Iterator[Sentence]:
    """What happened, in the order in which it was heard; then who was told of deadlines that reached a mark."""
    told = {entry["what"] for entry in telling.entries}
    for entry in telling.entries:
        told_by = _SAYINGS.get(entry["what"])
        sentence = told_by(entry, telling, words, told) if told_by else None
        if sentence is not None:
            yield sentence
    for escalation in telling.escalations:
        yield escalated(escalation, words)


def _arrived(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    intake, ticket, say = telling.intake or {}, telling.ticket, words.say
    applicant = intake.get("applicant", {})
    repeated = telling.numbers.get(intake.get("repeat_of") or "")
    again = say(" · repeats {number}", number=short(repeated)) if repeated else ""
    who = f"{applicant.get('name')} {applicant.get('phone')}"
    return Sentence(f"{say.word(ticket['channel'])} · {who}{again}", ticket["title"], "bold")


def _routed(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence | None:
    ticket, say = telling.ticket, words.say
    if "ticket.reopened" in told:
        return None
    departments = words.department(ticket["lead"])
    if ticket["assisting"]:
        departments = say("{lead} with {assisting}", lead=departments, assisting=say.listed(ticket["assisting"]))
    due, complexity = words.when(ticket["due_at"]), say.word(ticket["complexity"])
    facts = say("{departments} · {complexity} · due {when}", departments=departments, complexity=complexity, when=due)
    if ticket["decided_by"]:
        leader = words.person(ticket["decided_by"])
        return Sentence(say("{leader} decides: {facts}", leader=leader, facts=facts), ticket["why"], "cyan")
    why = say.reasons(ticket["why"].split(", "))
    return Sentence(say("→ now {facts}", facts=facts) if "assignment.returned" in told else f"→ {facts}", why)


def _docketed(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    due, say = _deadline(telling.ticket, "arbitrate"), words.say
    fact = say("→ the duty leader's docket: {why}", why=say(DOCKETED_WHY[entry["text"]]))
    until = say(", to be decided by {when}", when=words.when(due["due_at"])) if due else ""
    return Sentence(f"{fact}{until}", style="cyan")


DOCKETED_WHY = {
    "no_rule": "no rule fits",
    "returned": "sent back too often",
    "department_gone": "its department is gone",
}
"""Phrases for the ArbitrationReasons."""


def _sent_back(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    fact = words.say("sent back by {department}", department=words.department(entry["department"]))
    return Sentence(fact, entry["text"], "cyan")


def _signed_late(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence | None:
    deadline = _deadline(telling.ticket, "acknowledge", entry["department"])
    if deadline is None or deadline["state"] != DeadlineState.BREACHED:
        return None
    return Sentence(words.say("signed for at last by {department}", department=words.department(entry["department"])))


def _completed(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence | None:
    if told & {"ticket.answered", "report.filed"}:
        return None
    fact = words.say("{department} reports to the lead", department=words.department(entry["department"]))
    return Sentence(fact, entry["text"])


def _kept(kind: str, telling: Telling, words: Words) -> tuple[str, str]:
    """Whether the promise was kept, and its colour; nothing of an answer where a report was promised."""
    deadline = _deadline(telling.ticket, kind)
    if deadline is None:
        return "", ""
    if deadline["state"] == DeadlineState.MET:
        return words.say(", in time"), "green"
    return words.say(", LATE (was due {when})", when=words.when(deadline["due_at"])), "red"


def _reported(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    kept, style = _kept("report", telling, words)
    fact = words.say("special-topic report by {department}", department=words.department(entry["department"]))
    return Sentence(f"{fact}{kept}", entry["text"], style)


def _answered(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    kept, style = _kept("answer", telling, words)
    fact = words.say("answered by {department}", department=words.department(entry["department"]))
    return Sentence(f"{fact}{kept}", entry["text"], style)


def _reclassified(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    leader, due = words.person(entry["by"]), words.when(telling.ticket["due_at"])
    fact = words.say("{leader}: complex after all, report due {when}", leader=leader, when=due)
    return Sentence(fact, entry["text"], "cyan")


def _extended(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    leader, due = words.person(entry["by"]), words.when(telling.ticket["due_at"])
    return Sentence(
        words.say("{leader} grants more time, now due {when}", leader=leader, when=due), entry["text"], "cyan"
    )


def _waiting(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    return Sentence(words.say("the deadline waits for the applicant's papers"), entry["text"], "cyan")


def _supplied(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    due = words.when(telling.ticket["due_at"])
    return Sentence(words.say("the papers are here, the deadline goes on: due {when}", when=due), style="cyan")


def _declined(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    return Sentence(words.say("not accepted; what can be done instead"), entry["text"])


def _withdrawn(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    return Sentence(words.say("withdrawn by the citizen"))


def _rated(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    ticket, say = telling.ticket, words.say
    rated = say("rated {rating}", rating=say.word(entry["text"]))
    if "ticket.reopened" in told:
        lead, due = words.department(ticket["lead"]), words.when(ticket["due_at"])
        again = say(", round {round} begins: {lead}, due {when}", round=ticket["round"], lead=lead, when=due)
        return Sentence(f"{rated}{again}", style="magenta")
    closed = say("; closed, {outcome}", outcome=say.word(ticket["outcome"])) if "ticket.closed" in told else ""
    return Sentence(f"{rated}{closed}")


def _closed(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence | None:
    if "ticket.rated" in told:
        return None
    return Sentence(words.say("closed, {outcome}", outcome=words.say.word(entry["text"])))


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


_SAYINGS = {
    "ticket.registered": _arrived,
    "ticket.routed": _routed,
    "arbitration.requested": _docketed,
    "assignment.returned": _sent_back,
    "assignment.accepted": _signed_late,
    "assignment.completed": _completed,
    "report.filed": _reported,
    "ticket.answered": _answered,
    "ticket.reclassified": _reclassified,
    "extension.granted": _extended,
    "materials.requested": _waiting,
    "materials.supplied": _supplied,
    "ticket.declined": _declined,
    "ticket.withdrawn": _withdrawn,
    "ticket.rated": _rated,
    "ticket.closed": _closed,
}
