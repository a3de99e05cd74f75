"""What the demonstration has to tell, of one ticket to which everything happened, and the words for it."""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas.enums import Channel, DeadlineKind, Outcome, Post, Rating
from schemas.errors import Conflict
from schemas.reasons import ArbitrationReason
from schemas.record.record import Record
from schemas.values import Phone
from services.demo.sentence import Refusal, Sentence, Words, refused
from services.demo.sentences import TicketUpdate, sentences
from services.demo.story import ACTS
from services.wording import Language, Wording
from tests.routing_builders import a_city_center, a_promise, extends


class Reachable(Record):
    """A phone as in a registration."""

    phone: Phone


CENTER = a_city_center()
LEADER = CENTER.roster.leaders[0]
DUE = "2025-01-27T17:00+08:00"
DEADLINES = [
    {"id": kind, "kind": kind, "round": 1, "department": "SWJ", "state": "breached", "due_at": DUE}
    for kind in DeadlineKind
]
TICKET: dict[str, Any] = {
    "channel": "window",
    "title": "发票开不出来",
    "lead": "SWJ",
    "assisting": ["ZJJ", "GAJ"],
    "complexity": "complex",
    "due_at": DUE,
    "decided_by": None,
    "why": "keyword:APP, cause:legacy, matter:X1",
    "outcome": "phased",
    "round": 1,
    "deadlines": DEADLINES,
    "assignments": [{"department": "GAJ", "state": "returned"}],
    "escalations": [],
    "state": "closed",
    "id": "1",
}
ENTRY = {"department": "SWJ", "text": "一句话", "by": LEADER}


def words_in(language: Language) -> Words:
    return Words(CENTER, Wording(language))


def told(words: Words, *happened: str, **ticket: Any) -> Iterator[Sentence]:
    entries = tuple(
        {**ENTRY, "what": what, "text": text or "一句话"}
        for what, _, text in (each.partition("=") for each in happened)
    )
    intake = {"applicant": {"name": "张**", "phone": "138****8000"}, "repeat_of": "2"}
    return sentences(TicketUpdate(entries, TICKET | ticket, (), intake, {"2": "BC-20250124-0002"}), words)


def everything_told(words: Words) -> Iterator[Sentence]:
    """Each sort of sentence, in each of its forms."""
    for channel in Channel:
        yield from told(words, "ticket.registered", channel=channel)
    yield from told(words, "ticket.routed")
    yield from told(words, "ticket.routed", assisting=[], complexity="ordinary", due_at=None, why="suggested:SWJ")
    yield from told(words, "ticket.routed", decided_by=LEADER, why="")
    for reason in ArbitrationReason:
        yield from told(words, f"arbitration.requested={reason}")
    yield from told(words, "assignment.returned", "ticket.routed")
    yield from told(words, "assignment.accepted", "assignment.completed")
    met = [deadline | {"state": "met"} for deadline in DEADLINES]
    for deadlines in (DEADLINES, met, []):
        yield from told(words, "report.filed", deadlines=deadlines)
        yield from told(words, "ticket.answered", deadlines=deadlines)
    yield from told(words, "ticket.reclassified", "extension.granted", "materials.requested", "materials.supplied")
    yield from told(words, "ticket.declined", "ticket.withdrawn")
    for rating in Rating:
        yield from told(words, f"ticket.rated={rating}", "ticket.reopened")
        yield from told(words, f"ticket.rated={rating}", "ticket.closed")
    for outcome in Outcome:
        yield from told(words, f"ticket.closed={outcome}")
    escalations = tuple(
        {"kind": kind, "level": level, "to": [LEADER, *CENTER.departments["SWJ"].liaisons], "skipped": [*Post]}
        for kind, ladder in CENTER.ladder.items()
        for level in range(1, len(ladder) + 1)
    )
    yield from sentences(TicketUpdate((), TICKET, escalations, None, {}), words)
    for act in ACTS:
        yield refused(Refusal("BC-20250124-0001", (), act=act), words)
    for why in reasons_not_to_extend():
        yield refused(Refusal("BC-20250124-0001", (("", why),), act="extend"), words)
    whys = (("applicant.phone", reason_of_a_bad_phone()),)
    yield refused(Refusal(None, whys, title="一", batch="feed-1", size=5), words)


def reasons_not_to_extend() -> Iterator[str]:
    """As routing says them."""
    for when, promise, more in (
        ("2025-01-27T16:00", a_promise(), {}),
        ("2025-01-27T18:00", a_promise(), {"requested": "2025-01-24T10:00"}),
        ("2025-01-24T10:00", a_promise(), {"granted": 1}),
        ("2025-01-24T10:00", a_promise(state="paused"), {}),
        ("2025-01-24T10:00", a_promise(state="met"), {}),
    ):
        with pytest.raises(Conflict) as refusal:
            extends(when, promise, **more)
        yield refusal.value.detail


def reason_of_a_bad_phone() -> str:
    """As the schema says it."""
    (error,) = Reachable.schema().validate({"phone": "1760000"})["phone"]
    return str(error)
