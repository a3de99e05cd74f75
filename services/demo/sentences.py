"""How what the house says of a ticket reads as a sentence. Pure: from replies of its interfaces to lines of text.

A line is a fact, and a quote of people's own words, which may be cut short.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas.words import PROMISES, DeadlineState, Mark
from services.demo.words import Reply, Words, short


class Sentence(NamedTuple):
    """``style`` is a colour; nothing is said by it that the words do not say."""

    fact: str
    quote: str = ""
    style: str = ""


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
    """What happened, in the order in which it was heard; then who was told of clocks that reached a mark."""
    told = {entry["what"] for entry in telling.entries}
    for entry in telling.entries:
        say = _SAYINGS.get(entry["what"])
        sentence = say(entry, telling, words, told) if say else None
        if sentence is not None:
            yield sentence
    for escalation in telling.escalations:
        yield _escalated(escalation, words)


def _arrived(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    intake, ticket = telling.intake or {}, telling.ticket
    applicant = intake.get("applicant", {})
    repeated = telling.numbers.get(intake.get("repeat_of") or "")
    again = f" · repeats {short(repeated)}" if repeated else ""
    who = f"{applicant.get('name')} {applicant.get('phone')}"
    return Sentence(f"{ticket['channel']} · {who}{again}", ticket["title"], "bold")


def _routed(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence | None:
    ticket = telling.ticket
    if "ticket.reopened" in told:
        return None
    others = f" with {', '.join(ticket['assisting'])}" if ticket["assisting"] else ""
    facts = f"{words.department(ticket['lead'])}{others} · {ticket['complexity']} · due {words.when(ticket['due_at'])}"
    if ticket["decided_by"]:
        return Sentence(f"{words.person(ticket['decided_by'])} decides: {facts}", ticket["why"], "cyan")
    again = "now " if "assignment.returned" in told else ""
    return Sentence(f"→ {again}{facts}", ticket["why"])


def _docketed(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    due = _clock(telling.ticket, "arbitrate")
    why = _DOCKETED_WHY[entry["text"]]
    until = f", to be decided by {words.when(due['due_at'])}" if due else ""
    return Sentence(f"→ the duty leader's docket: {why}{until}", style="cyan")


_DOCKETED_WHY = {
    "no_rule": "no rule fits",
    "returned": "sent back too often",
    "department_gone": "its department is gone",
}


def _sent_back(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    return Sentence(f"sent back by {words.department(entry['department'])}", entry["text"], "cyan")


def _signed_late(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence | None:
    clock = _clock(telling.ticket, "acknowledge", entry["department"])
    is_late = clock is not None and clock["state"] == DeadlineState.BREACHED
    return Sentence(f"signed for at last by {words.department(entry['department'])}") if is_late else None


def _completed(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence | None:
    if told & {"ticket.answered", "report.filed"}:
        return None
    return Sentence(f"{words.department(entry['department'])} reports to the lead", entry["text"])


def _kept(kind: str, telling: Telling, words: Words) -> tuple[str, str]:
    """Whether the promise was kept, and its colour; nothing of an answer where a report was promised."""
    clock = _clock(telling.ticket, kind)
    if clock is None:
        return "", ""
    if clock["state"] == DeadlineState.MET:
        return ", in time", "green"
    return f", LATE (was due {words.when(clock['due_at'])})", "red"


def _reported(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    kept, style = _kept("report", telling, words)
    return Sentence(f"special-topic report by {words.department(entry['department'])}{kept}", entry["text"], style)


def _answered(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    kept, style = _kept("answer", telling, words)
    return Sentence(f"answered by {words.department(entry['department'])}{kept}", entry["text"], style)


def _reclassified(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    due = words.when(telling.ticket["due_at"])
    return Sentence(f"{words.person(entry['by'])}: complex after all, report due {due}", entry["text"], "cyan")


def _extended(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    due = words.when(telling.ticket["due_at"])
    return Sentence(f"{words.person(entry['by'])} grants more time, now due {due}", entry["text"], "cyan")


def _waiting(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    return Sentence("the clock waits for the applicant's papers", entry["text"], "cyan")


def _supplied(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    return Sentence(f"the papers are here, the clock goes on: due {words.when(telling.ticket['due_at'])}", style="cyan")


def _declined(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    return Sentence("not accepted; what can be done instead", entry["text"])


def _withdrawn(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    return Sentence("withdrawn by the citizen")


def _rated(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence:
    rating = entry["text"].replace("_", " ")
    if "ticket.reopened" in told:
        ticket = telling.ticket
        again = (
            f"round {ticket['round']} begins: {words.department(ticket['lead'])}, due {words.when(ticket['due_at'])}"
        )
        return Sentence(f"rated {rating}, {again}", style="magenta")
    closed = f"; closed, {telling.ticket['outcome']}" if "ticket.closed" in told else ""
    return Sentence(f"rated {rating}{closed}")


def _closed(entry: Reply, telling: Telling, words: Words, told: set[str]) -> Sentence | None:
    return None if "ticket.rated" in told else Sentence(f"closed, {entry['text']}")


_MISSED = {"answer": "not answered", "report": "no report", "acknowledge": "not signed for", "arbitrate": "not decided"}


def _escalated(escalation: Reply, words: Words) -> Sentence:
    step, missed = words.rung(escalation), _MISSED[escalation["kind"]]
    days = f"{step.working_days} working day{'s' if step.working_days > 1 else ''}"
    state = {
        Mark.APPROACHING: f"{days} left",
        Mark.BREACHED: f"{missed} in time",
        Mark.OVERDUE: f"{missed}, {days} late",
    }[step.mark]
    to = ", ".join(map(words.person, escalation["to"]))
    skipped = f" (nobody is {', '.join(escalation['skipped'])})" if escalation["skipped"] else ""
    rung = f"{step.light.upper()} {escalation['level']}"
    return Sentence(f"{rung} · {state} → {to}{skipped}", style=str(step.light))


def _clock(ticket: Reply, kind: str, department: str | None = None) -> Reply | None:
    """The newest clock of a kind in the ticket's round; of one department, except for promises."""
    clocks = [
        clock
        for clock in ticket["clocks"]
        if clock["kind"] == kind
        and clock["round"] == ticket["round"]
        and clock["state"] != DeadlineState.CANCELLED
        and (kind in PROMISES or department in (None, clock["department"]))
    ]
    return max(clocks, key=lambda clock: clock["id"], default=None)


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
