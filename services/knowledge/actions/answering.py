"""A question is answered out of the question base, and what came of it is kept."""

import time
from datetime import tzinfo
from typing import NamedTuple
from uuid import UUID

from schemas.center.center import Center
from schemas.entries import Audience, Basis
from schemas.enums import Role
from schemas.errors import Forbidden, Invalid
from schemas.requests.answers import AnswerHelped, Answers, AskedState, PublishedAnswer
from schemas.requests.entries import BasisView
from services.access import centers
from services.access.tokens import Actor
from services.calendar.calendar import work_calendar
from services.knowledge import metrics, store
from services.knowledge.actions.finding import Found, find
from services.knowledge.rules.asking import BESIDE, CLEARLY, ENOUGH
from services.plumbing.database.transaction import Row, Transaction, new_id
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.masking import mask_text

SHOWN = 3


class Asker(NamedTuple):
    """Who asks: a citizen (no role), who is shown what is for everybody, or somebody of the staff of ``department``."""

    audiences: tuple[Audience, ...]
    department: str | None
    role: Role | None


def asker(actor: Actor) -> Asker:
    """What the bearer of a token, or whoever has none, is shown."""
    if not actor.roles:
        return Asker((Audience.PUBLIC,), None, None)
    return Asker((Audience.PUBLIC, Audience.WINDOW), actor.department, actor.roles[0])


def center_asked(tx: Transaction, actor: Actor, named: str | None) -> Center:
    """The center of whoever asks, or for a citizen the one that is named, or the only one. Raises Invalid, NotFound."""
    if actor.roles:
        return centers.current(tx, actor.center)
    if named is not None:
        return centers.current(tx, named)
    known = centers.codes(tx)
    if len(known) != 1:
        raise Invalid("center", "Must name the center, since there are several.")
    return centers.current(tx, known[0][0])


def ensure_may_speak(tx: Transaction, actor: Actor, named: str | None = None) -> None:
    """A center says whether questions are taken by voice; of somebody without a token it is known late which one is
    asked, so until then any that does is enough. Raises Forbidden.
    """
    if actor.roles or named is not None:
        asked = [center_asked(tx, actor, named)]
    else:
        asked = [centers.current(tx, code) for code, _ in centers.codes(tx)]
    if not any(center.microphone for center in asked):
        raise Forbidden("the center takes no questions by voice")


def answer(tx: Transaction, center: Center, words: str, who: Asker) -> Answers:
    """The answers to a question, which is kept masked."""
    began = time.perf_counter()
    masked = mask_text(words.strip(), pause=TimeSlice())
    shown = _published(tx, center, masked, who, BESIDE)[:SHOWN]
    if not any(each.likeness >= ENOUGH for each in shown):
        shown = []
    id_ = new_id()
    store.answers.note(tx, id_, center.code, masked, who.role, [each.entry_id for each in shown])
    metrics.count_asked(tx, found=bool(shown), seconds=time.perf_counter() - began)
    return Answers(id=id_, items=tuple(shown))


def fitting(tx: Transaction, center: Center, words: str, who: Asker) -> tuple[PublishedAnswer, ...]:
    """The answer to what is being typed, if there is one that clearly is; nothing is kept of it."""
    return tuple(_published(tx, center, words, who, CLEARLY)[:1])


def _published(tx: Transaction, center: Center, words: str, who: Asker, least: float) -> list[PublishedAnswer]:
    zone: tzinfo = work_calendar(center.calendar).zone
    near = [each for each in find(tx, center.code, words) if each.likeness >= least]
    today = tx.now.astimezone(zone).date()
    ids = [each.entry_id for each in near]
    rows = store.answers.published(tx, center.code, ids, who.audiences, who.department, today) if ids else {}
    return [_answer(center, rows[each.entry_id], each, zone) for each in near if each.entry_id in rows]


def note_opened(tx: Transaction, asked_id: UUID, actor: Actor, entry_id: UUID) -> AskedState:
    """One of the answers was read. Raises NotFound, Invalid for one that was not shown."""
    asked = store.answers.lock(tx, asked_id, actor.center or None)
    if entry_id not in asked.shown:
        raise Invalid("entry_id", "Was not among the answers.")
    store.answers.update(tx, asked_id, opened=entry_id)
    return _state(store.answers.lock(tx, asked_id, None))


def note_helped(tx: Transaction, asked_id: UUID, actor: Actor, body: AnswerHelped) -> AskedState:
    """Whether it helped, as was said last. Only the staff names a ticket. Raises NotFound, Invalid."""
    asked = store.answers.lock(tx, asked_id, actor.center or None)
    if body.helped and body.not_there:
        raise Invalid("not_there", "What helped was there.")
    ticket_id = asked.ticket_id
    if body.ticket_id is not None:
        if not actor.roles or store.tickets.find(tx, asked.center, None, body.ticket_id) is None:
            raise Invalid("ticket_id", "No such ticket is known.")
        ticket_id = body.ticket_id
    is_missed = not asked.shown or body.not_there
    if is_missed and not asked.is_missed:
        metrics.count_not_there(tx)
    store.answers.update(tx, asked_id, helped=body.helped, is_missed=is_missed, ticket_id=ticket_id)
    return _state(store.answers.lock(tx, asked_id, None))


def _state(asked: Row) -> AskedState:
    return AskedState(
        id=asked.id,
        at=asked.at,
        opened=asked.opened,
        helped=asked.helped,
        not_there=asked.is_missed,
        ticket_id=asked.ticket_id,
    )


def _answer(center: Center, row: Row, found: Found, zone: tzinfo) -> PublishedAnswer:
    names = {code: department.name for code, department in center.departments.items()}
    return PublishedAnswer(
        entry_id=row.entry_id,
        number=row.number,
        version=row.version,
        question=row.question,
        answer=row.answer,
        steps=row.steps,
        materials=tuple(row.materials),
        basis=tuple(BasisView(**vars(Basis.load(each))) for each in row.basis),
        departments=tuple(names.get(code, code) for code in row.departments),
        reviewed_on=row.reviewed_at.astimezone(zone).date(),
        valid_until=row.valid_until,
        likeness=round(found.likeness, 2),
    )
