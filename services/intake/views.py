"""A stored ticket as it is shown: to the citizen who has its code, to clerks, and for a reason unmasked."""

from schemas.center.center import Center
from schemas.enums import Cause, Channel, Complexity, DeadlineKind, Rating, TicketState
from schemas.reasons import DeclineReason
from schemas.requests.applicants import RevealedTicket
from schemas.requests.citizen import CitizenStatus, CitizenView, RatingView
from schemas.requests.intake import StaffPage, StaffView, TicketStateReply
from schemas.requests.papers import RefusedBeforeView, TicketPapers, ToleratedView
from services.calendar.calendar import work_calendar
from services.intake import store
from services.intake.actions import attachments
from services.intake.actions.applicants import applicant_of, decrypted, masked_view, true_view
from services.intake.rules.promises import days_of_promise, ends_at
from services.intake.rules.tickets import ALLOWED, Act, RoundState, may_be_rated
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row, Transaction


def citizen_view(row: Row, center: Center) -> CitizenView:
    """What the citizen may see."""
    current = store.tickets.round_state_of(row)
    lead = center.departments.get(row.lead) if row.lead else None
    is_waiting = current.state is TicketState.AWAITING_MATERIALS
    return CitizenView(
        number=row.number,
        state=current.state,
        round=current.round,
        title=row.title,
        registered_at=row.registered_at,
        complexity=Complexity(row.complexity) if row.complexity else None,
        lead_department=lead.name if lead else row.lead,
        due_at=store.tickets.now_due(row),
        answer=row.answer,
        answered_at=row.answered_at,
        decline_reason=DeclineReason(row.decline_reason) if row.decline_reason else None,
        remedy=row.remedy,
        materials=tuple(row.materials) if is_waiting else (),
        may_rate=row.forgotten_at is None and may_be_rated(current, row.rated_rounds),
    )


def citizen_status(tx: Transaction, row: Row, center: Center) -> CitizenStatus:
    """All that the citizen follows of a ticket."""
    shown, calendar = citizen_view(row, center), work_calendar(center.calendar)
    ratings = tuple(
        RatingView(round=each.round, rating=Rating(each.rating), rated_at=each.rated_at)
        for each in store.tickets.ratings_of(tx, row.id)
    )
    # A round begins with the bad rating of the one before.
    started_at = next((each.rated_at for each in ratings if each.round == shown.round - 1), row.registered_at)
    requests = store.materials.requests_of(tx, row.id, shown.round)
    pauses = store.materials.pauses_in(requests)
    is_waiting = shown.state is TicketState.AWAITING_MATERIALS
    due_at = None if is_waiting else shown.due_at
    limit = center.limits[DeadlineKind.REPORT if row.due_is_report else DeadlineKind.ANSWER]
    return CitizenStatus(
        **vars(shown),
        started_at=started_at,
        accepted_at=store.projections.accepted_at(tx, row.id, row.lead, started_at) if row.lead else None,
        limit_working_days=limit.working_days,
        days=tuple(days_of_promise(calendar, started_at, due_at, pauses)) if due_at else (),
        provisional=due_at is not None and calendar.local(due_at).date() > calendar.announced_through,
        materials_due_on=requests[-1].due_on if is_waiting else None,
        waits_until=ends_at(pauses[-1], calendar) if is_waiting else None,
        ratings=ratings,
        tolerated=tolerated(tx, row),
        attachments=attachments.listed(tx, row.id),
        may_attach=shown.state in ALLOWED[Act.ATTACH],
    )


def staff_view(row: Row, center: Center, cipher: FieldCipher) -> StaffView:
    """What the citizen may see and what clerks need besides, masked. Raises ciphers.Undecryptable."""
    return StaffView(
        **vars(citizen_view(row, center)),
        id=row.id,
        text=row.text,
        matter=row.matter,
        cause=Cause(row.cause) if row.cause else None,
        channel=Channel(row.channel),
        applicant=masked_view(applicant_of(cipher, row)),
        first_responsible=row.first_responsible,
        repeat_of=row.repeat_of,
        refused_before=tuple(RefusedBeforeView(**each) for each in row.refused_before),
        missing_materials=tuple(row.missing_materials),
        forgotten_at=row.forgotten_at,
    )


def papers(tx: Transaction, row: Row) -> TicketPapers:
    """What those who work on the ticket may know of its papers."""
    is_waiting = row.state == TicketState.AWAITING_MATERIALS
    requests = store.materials.requests_of(tx, row.id, row.round) if is_waiting else []
    return TicketPapers(
        refused_before=tuple(RefusedBeforeView(**each) for each in row.refused_before),
        missing_materials=tuple(row.missing_materials),
        materials=tuple(row.materials) if is_waiting else (),
        materials_due_on=requests[-1].due_on if requests else None,
        tolerated=tolerated(tx, row),
        attachments=attachments.listed(tx, row.id),
    )


def tolerated(tx: Transaction, row: Row) -> tuple[ToleratedView, ...]:
    """The papers that may come later."""
    return tuple(
        ToleratedView(
            items=tuple(each.items),
            promised_on=each.promised_on,
            attachment_id=each.attachment_id,
            tolerated_at=each.tolerated_at,
            supplied_at=each.supplied_at,
            lapsed_at=each.lapsed_at,
        )
        for each in store.materials.tolerated_of(tx, row.id)
    )


def staff_page(rows: list[Row], limit: int, center: Center, cipher: FieldCipher) -> StaffPage:
    """A page of at most ``limit`` out of ``rows``, which hold one more when there is a next page."""
    shown = rows[:limit]
    return StaffPage(
        items=tuple(staff_view(row, center, cipher) for row in shown),
        next=str(shown[-1].id) if len(rows) > limit else None,
    )


def revealed(row: Row, cipher: FieldCipher) -> RevealedTicket:
    """The ticket and the applicant as they were given, unmasked. Raises ciphers.Undecryptable."""
    return RevealedTicket(
        id=row.id,
        number=row.number,
        title=decrypted(cipher, row, "title"),
        text=decrypted(cipher, row, "text"),
        applicant=true_view(applicant_of(cipher, row)),
    )


def state_reply(row: Row, current: RoundState) -> TicketStateReply:
    """The state of a ticket after something was done to it."""
    return TicketStateReply(id=row.id, number=row.number, state=current.state, round=current.round)
