"""A solved ticket becomes what others can learn from: a draft of the question base, or a typical case."""

from uuid import UUID

from schemas.cases import PromotedTo, TypicalCaseState
from schemas.center.center import Center
from schemas.entries import Audience
from schemas.errors import Conflict, Forbidden, NotFound
from schemas.events.cases import CaseConsented, CasePromoted
from schemas.events.notices import NoticeRequested
from schemas.requests.cases import CasePromotion, ConsentToCase, PromoteCase
from services.access.tokens import Actor
from services.knowledge import store
from services.knowledge.actions.drafting import create_draft
from services.knowledge.actions.notifying import liaisons_of
from services.knowledge.rules import case as rules
from services.knowledge.rules.entry import EntryDraft
from services.knowledge.rules.ticket import KnownTicket
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.runtime.cooperation import TimeSlice

CONSENT_ASKED = "case.consent_asked"
"""The template of the notice to those who receive for a department."""


def promote(tx: Transaction, center: Center, ticket: KnownTicket, body: PromoteCase, actor: Actor) -> CasePromotion:
    """Make of a solved ticket what is asked; its departments vet an entry, and consent to a typical case. Of somebody
    of one of them it is the consent of their own department. Raises Conflict, Invalid.
    """
    rules.ensure_solved(ticket)
    given = {"title": body.title, "text": body.text, "answer": body.answer}
    texts = {name: getattr(ticket, name) if value is None else value for name, value in given.items()}
    rules.ensure_impersonal(texts, TimeSlice())
    departments = tuple(each for each in rules.departments_in(ticket) if each in center.departments)
    if body.to is PromotedTo.ENTRY:
        return _to_entry(tx, center, ticket, texts, departments, actor)
    before = store.typical_cases.find(tx, center.code, ticket.id, lock=True)
    if before is not None and before.state in (TypicalCaseState.AWAITING, TypicalCaseState.SHOWN):
        raise Conflict("the ticket is a typical case already")
    store.typical_cases.insert(tx, ticket, **texts, departments=departments, by=actor.staff)
    if actor.department in departments:
        store.typical_cases.consent(tx, ticket.id, actor.department, actor.staff, consents=True, why="")
    awaited = tuple(each for each in departments if each != actor.department)
    if not awaited:
        store.typical_cases.set_state(tx, ticket.id, TypicalCaseState.SHOWN)
    else:
        _ask_for_consent(tx, center, ticket, awaited)
    _announce(tx, ticket, PromotedTo.TYPICAL_CASE, departments, actor.staff, awaited=awaited)
    return CasePromotion(ticket_id=ticket.id, promoted_to=PromotedTo.TYPICAL_CASE, awaited=awaited)


def _to_entry(
    tx: Transaction,
    center: Center,
    ticket: KnownTicket,
    texts: dict[str, str],
    departments: tuple[str, ...],
    actor: Actor,
) -> CasePromotion:
    if store.typical_cases.entry_of(tx, ticket.id) is not None:
        raise Conflict("an entry was made of the ticket already")
    draft = EntryDraft(
        question=texts["title"],
        answer=texts["answer"],
        departments=departments,
        matters=(ticket.matter,) if ticket.matter else (),
        audience=Audience.WINDOW,
    )
    entry = create_draft(tx, center, draft, actor.staff, ticket_id=ticket.id)
    _announce(tx, ticket, PromotedTo.ENTRY, departments, actor.staff, entry_id=entry.id)
    return CasePromotion(
        ticket_id=ticket.id, promoted_to=PromotedTo.ENTRY, entry_id=entry.id, entry_number=entry.number
    )


def consent(tx: Transaction, center: str, ticket_id: UUID, body: ConsentToCase, actor: Actor) -> None:
    """A department lets others read a typical case, or takes that back. Raises NotFound, Forbidden, Conflict."""
    found = store.typical_cases.find(tx, center, ticket_id, lock=True)
    if found is None:
        raise NotFound("no such typical case")
    department = actor.department
    if department is None or department not in found.departments:
        raise Forbidden("the case does not name your department")
    if found.state == TypicalCaseState.TAKEN_BACK:
        raise Conflict("the ticket turned out not to be solved")
    store.typical_cases.consent(tx, ticket_id, department, actor.staff, consents=body.consents, why=body.why.strip())
    said = {row.department: row.consents for row in store.typical_cases.consents(tx, [ticket_id])}
    state = TypicalCaseState.AWAITING
    if not all(said.values()):
        state = TypicalCaseState.REFUSED
    elif said.keys() >= set(found.departments):
        state = TypicalCaseState.SHOWN
    store.typical_cases.set_state(tx, ticket_id, state)
    tx.announce(
        CaseConsented(
            center=center,
            ticket_id=ticket_id,
            department=department,
            consents=body.consents,
            is_shown=state is TypicalCaseState.SHOWN,
            given_by=actor.staff,
            given_at=tx.now,
        )
    )


def _ask_for_consent(tx: Transaction, center: Center, ticket: KnownTicket, departments: tuple[str, ...]) -> None:
    recipients = dict.fromkeys(staff for each in departments for staff in liaisons_of(center, each))
    tx.announce(
        NoticeRequested(
            center=center.code,
            ticket_id=ticket.id,
            notice_id=new_id(),
            recipients=tuple(recipients),
            template=CONSENT_ASKED,
            requested_at=tx.now,
        )
    )


def _announce(
    tx: Transaction,
    ticket: KnownTicket,
    to: PromotedTo,
    departments: tuple[str, ...],
    by: str,
    *,
    entry_id: UUID | None = None,
    awaited: tuple[str, ...] = (),
) -> None:
    tx.announce(
        CasePromoted(
            center=ticket.center,
            ticket_id=ticket.id,
            promoted_to=to,
            entry_id=entry_id,
            departments=departments,
            awaited=awaited,
            promoted_by=by,
            promoted_at=tx.now,
        )
    )
