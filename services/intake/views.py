"""A stored ticket as it is shown: to the citizen who has its code, to clerks, and for a reason unmasked."""

from schemas.center.center import Center
from schemas.enums import Cause, Channel, Complexity, TicketState
from schemas.reasons import DeclineReason
from schemas.requests.applicants import RevealedTicket
from schemas.requests.intake import CitizenView, StaffPage, StaffView, TicketStateReply
from services.intake import store
from services.intake.actions.applicants import applicant_of, decrypted, masked_view, true_view
from services.intake.ciphers import FieldCipher
from services.intake.rules.tickets import RoundState, may_be_rated
from services.plumbing.database.transaction import Row


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
        may_rate=may_be_rated(current, row.rated_rounds),
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
