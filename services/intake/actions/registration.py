"""Registration of tickets: each is checked by itself, masked, compared with earlier ones, numbered and announced."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import marshmallow

from schemas.center.center import Center
from schemas.errors import Invalid, Refused
from schemas.events.tickets import EarlierRefusal, TicketRegistered
from schemas.requests.intake import BatchResult, RegisterTicket, TicketRegisteredReply
from services.access import centers
from services.intake import store
from services.intake.actions.applicants import phone_fingerprints
from services.intake.rules.similarity import Earlier, repeat_of
from services.intake.rules.tickets import checked_registration, new_query_code, number_of
from services.intake.store.registration import COMPARED_TICKETS, Draft
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.fingerprints import MaskingKeys
from services.privacy.masking import mask_letter


def register(
    tx: Transaction,
    cipher: FieldCipher,
    masking_keys: MaskingKeys,
    center: Center,
    tickets: Sequence[tuple[RegisterTicket, str]],
) -> list[TicketRegisteredReply]:
    """Store checked tickets, each with the staff id of who registers it, and announce them. Returns the receipts, in
    the same order.

    Other greenlets may run between the tickets. The numbers are taken last, since from then on every other registration
    of the day waits for the commit.
    """
    time_slice = TimeSlice()
    drafts = [_draft(ticket, staff, cipher, masking_keys, time_slice) for ticket, staff in tickets]
    repeats = _repeats(tx, center, drafts, time_slice)
    day = tx.now.astimezone(ZoneInfo(center.calendar.time_zone)).date()
    first = store.registration.take_numbers(tx, center.code, day, len(drafts)) if drafts else 0
    _leave_unlinked(tx, center, drafts, repeats)
    numbered = [(number_of(center.code, day, first + place), draft) for place, draft in enumerate(drafts)]
    store.registration.insert(tx, cipher, center.code, numbered, repeats)
    receipts = []
    for number, draft in numbered:
        earlier = repeats.get(draft.id)
        tx.correlations[str(draft.id)] = new_id()
        tx.announce(_registered(tx, center, number, draft, earlier))
        receipts.append(
            TicketRegisteredReply(
                id=draft.id, number=number, query_code=draft.query_code, registered_at=tx.now, repeat_of=earlier
            )
        )
    return receipts


def register_calls(
    tx: Transaction, cipher: FieldCipher, masking_keys: MaskingKeys, calls: Sequence[Call]
) -> list[TicketRegisteredReply | Refused]:
    """For each call its receipt, or what is wrong with it. The calls may come from several centers.

    The centers are handled in one order, so that replicas cannot wait for each other's numbers crosswise.
    """
    results: dict[int, TicketRegisteredReply | Refused] = {}
    for code in sorted({call.actor.center for call in calls}):
        good = {}
        for place, call in enumerate(calls):
            if call.actor.center == code:
                try:
                    ticket = checked_registration(call.body, centers.current(tx, code), actor=call.actor.staff)
                    good[place] = ticket, call.actor.staff
                except Refused as error:
                    results[place] = error
        if good:
            receipts = register(tx, cipher, masking_keys, centers.current(tx, code), list(good.values()))
            results.update(zip(good, receipts, strict=True))
    return [results[place] for place in range(len(calls))]


def register_each(
    tx: Transaction, cipher: FieldCipher, masking_keys: MaskingKeys, center: Center, items: Sequence[Any], actor: str
) -> tuple[BatchResult, ...]:
    """The result for each ticket of a feed: the good ones are stored together, whether or not others are bad."""
    judged = [_judged(index, item, center, actor) for index, item in enumerate(TimeSlice().between(items))]
    good = [ticket for ticket in judged if isinstance(ticket, RegisterTicket)]
    receipts = iter(register(tx, cipher, masking_keys, center, [(ticket, actor) for ticket in good]))
    return tuple(
        _accepted(index, next(receipts)) if isinstance(result, RegisterTicket) else result
        for index, result in enumerate(judged)
    )


def _judged(index: int, item: Any, center: Center, actor: str) -> RegisterTicket | BatchResult:
    """The ticket, or why it was refused, worded as for a request with one ticket."""
    try:
        return checked_registration(RegisterTicket.load(item), center, actor=actor)
    except marshmallow.ValidationError as error:
        errors = error.normalized_messages()
        return BatchResult(index=index, status=422, detail="Some fields are not as expected.", errors=errors)
    except Invalid as error:
        return BatchResult(index=index, status=422, detail=error.detail, errors={error.field: [error.detail]})
    except Refused as error:
        return BatchResult(index=index, status=error.status, detail=error.detail)


def _accepted(index: int, receipt: TicketRegisteredReply) -> BatchResult:
    return BatchResult(
        index=index,
        status=201,
        id=receipt.id,
        number=receipt.number,
        query_code=receipt.query_code,
        repeat_of=receipt.repeat_of,
    )


def _draft(
    ticket: RegisterTicket, staff: str, cipher: FieldCipher, masking_keys: MaskingKeys, pause: TimeSlice
) -> Draft:
    applicant, ticket_id = ticket.applicant, new_id()
    return Draft(
        id=ticket_id,
        ticket=ticket,
        registered_by=staff,
        query_code=new_query_code(secrets.choice),
        title=mask_letter(ticket.title, applicant, pause),
        text=mask_letter(ticket.text, applicant, pause),
        refused_before=tuple(
            EarlierRefusal(where=mask_letter(each.where, applicant, pause), times=each.times)
            for each in ticket.refused_before
        ),
        missing_materials=tuple(mask_letter(each, applicant, pause) for each in ticket.missing_materials),
        phone_fingerprints=phone_fingerprints(cipher, applicant.phone),
        id_number_fingerprints=cipher.fingerprints(applicant.id_number) if applicant.id_number else (),
        applicant_fingerprints=masking_keys.fingerprints(ticket_id, applicant),
    )


def _repeats(tx: Transaction, center: Center, drafts: Sequence[Draft], time_slice: TimeSlice) -> dict[UUID, UUID]:
    """Maps each repeat to its original, which may be in the same batch."""
    earlier = store.registration.earlier_of(tx, center.code, drafts)
    repeats = {}
    for draft in time_slice.between(drafts):
        compared = [ticket for fingerprint in draft.fingerprints for ticket in earlier[fingerprint][-COMPARED_TICKETS:]]
        this = Earlier(draft.id, draft.text, tx.now)
        repeated = repeat_of(this.pairs, compared, tx.now) if compared else None
        if repeated is not None:
            repeats[draft.id] = repeated
        for fingerprint in draft.fingerprints:
            earlier[fingerprint].append(this)
    return repeats


def _leave_unlinked(tx: Transaction, center: Center, drafts: Sequence[Draft], repeats: dict[UUID, UUID]) -> None:
    """Remove the link to the original from a person's repeats beyond as many tickets an hour as searches by phone.

    Otherwise somebody who sees a masked phone could register the same text with one candidate number after the other,
    until a repeat is found. Systems that feed tickets in see no ticket, so they are left out. Call it after the numbers
    are taken: then no other replica registers meanwhile.
    """
    most = center.phone_searches_per_hour
    for staff in {draft.registered_by for draft in drafts if draft.id in repeats} - center.channels.keys():
        lately = store.registration.registered_since(tx, center.code, staff, tx.now - timedelta(hours=1), most=most)
        own = [draft.id for draft in drafts if draft.registered_by == staff]
        for ticket_id in own[most - lately :]:
            repeats.pop(ticket_id, None)


def _registered(tx: Transaction, center: Center, number: str, draft: Draft, repeated: UUID | None) -> TicketRegistered:
    ticket = draft.ticket
    assert ticket.first_responsible is not None
    return TicketRegistered(
        center=center.code,
        ticket_id=draft.id,
        number=number,
        title=draft.title,
        text=draft.text,
        matter=ticket.matter,
        cause=ticket.cause,
        channel=ticket.channel,
        applicant_kind=ticket.applicant.kind,
        first_responsible=ticket.first_responsible,
        registered_by=draft.registered_by,
        registered_at=tx.now,
        repeat_of=repeated,
        refused_before=draft.refused_before,
        missing_materials=draft.missing_materials,
        applicant_fingerprints=draft.applicant_fingerprints,
    )
