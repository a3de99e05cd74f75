"""What intake decides: whether a registration is valid, the number of a ticket, what may be done to it in which state.

                        registered  in arbitration  assigned  awaiting materials  answered  closed
    decline                  x            x            x              x                              first round only
    withdraw                 x            x            x              x
    request materials        x            x            x
    supply materials                                                  x
    give files               x            x            x              x
    tolerate missing papers  x            x            x              x
    rate                                                                              x        x     once a round

A bad rating opens a new round: the ticket is registered again, with a new promise.
"""

import dataclasses
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from schemas.center.center import Center
from schemas.enums import BAD_RATINGS, ApplicantKind, Rating, TicketState
from schemas.errors import Conflict, Invalid
from schemas.identity import plain, plain_phone
from schemas.requests.applicants import Applicant
from schemas.requests.intake import RegisterTicket

QUERY_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I and L, which are confused when a code is read out."""

QUERY_CODE_LENGTH = 8


def number_of(center: str, day: date, sequence: int) -> str:
    """What people call a ticket: ``BC-20250124-0007``, the seventh of the center's local ``day``."""
    return number_read(center, int(f"{day:%Y%m%d}"), sequence)


def number_read(center: str, day: int, sequence: int) -> str:
    """The number made of its parts, as they stand in an address: the day as ``20250124``."""
    return f"{center}-{day:08d}-{sequence:04d}"


def new_query_code(choose: Callable[[str], str]) -> str:
    """A code for the citizen; ``choose`` picks a character and must be unpredictable (``secrets.choice``)."""
    return "".join(choose(QUERY_CODE_ALPHABET) for _ in range(QUERY_CODE_LENGTH))


def checked_registration(ticket: RegisterTicket, center: Center, *, actor: str) -> RegisterTicket:
    """The ticket as it will be stored: numbers in plain form, ``first_responsible`` filled in. Raises Invalid."""
    applicant = ticket.applicant
    if applicant.kind is ApplicantKind.ORGANISATION and applicant.organisation is None:
        raise Invalid("applicant.organisation", "An organisation must be named.")
    if applicant.kind is ApplicantKind.PERSON and (applicant.organisation or applicant.credit_code):
        raise Invalid("applicant.kind", "A person has no organisation or credit code here; choose organisation.")
    if ticket.first_responsible is not None:
        check_staff("first_responsible", ticket.first_responsible, center)
    return dataclasses.replace(
        ticket, applicant=_in_plain_form(applicant), first_responsible=ticket.first_responsible or actor
    )


def check_staff(field: str, staff: str, center: Center) -> None:
    """Make sure that ``staff`` is a person of the center. Raises Invalid, naming the field."""
    if staff not in center.staff:
        raise Invalid(field, "Nobody of the center has this staff id.")


def _in_plain_form(applicant: Applicant) -> Applicant:
    phone = plain_phone(applicant.phone)
    if phone is None:
        raise Invalid("applicant.phone", "This is no phone that can be called.")
    return dataclasses.replace(
        applicant,
        name=applicant.name.strip(),
        phone=phone,
        id_number=plain(applicant.id_number) if applicant.id_number else None,
        organisation=applicant.organisation.strip() if applicant.organisation else None,
        credit_code=plain(applicant.credit_code) if applicant.credit_code else None,
    )


class Act(StrEnum):
    """What can be done to a ticket at the window; the word completes "it cannot be ..."."""

    DECLINE = "declined"
    WITHDRAW = "withdrawn"
    REQUEST_MATERIALS = "paused for materials"
    SUPPLY_MATERIALS = "given materials"
    RATE = "rated"
    ATTACH = "given files"
    TOLERATE = "taken without papers"


_UNANSWERED = frozenset({TicketState.REGISTERED, TicketState.IN_ARBITRATION, TicketState.ASSIGNED})
_WAITING = frozenset({TicketState.AWAITING_MATERIALS})

ALLOWED: dict[Act, frozenset[TicketState]] = {
    Act.DECLINE: _UNANSWERED | _WAITING,
    Act.WITHDRAW: _UNANSWERED | _WAITING,
    Act.REQUEST_MATERIALS: _UNANSWERED,
    Act.SUPPLY_MATERIALS: _WAITING,
    Act.ATTACH: _UNANSWERED | _WAITING,
    Act.TOLERATE: _UNANSWERED | _WAITING,
    Act.RATE: frozenset({TicketState.ANSWERED, TicketState.CLOSED}),
}

_PROGRESS = {
    TicketState.REGISTERED: 0,
    TicketState.IN_ARBITRATION: 1,
    TicketState.ASSIGNED: 1,
    TicketState.ANSWERED: 2,
    TicketState.CLOSED: 3,
}


@dataclass(frozen=True)
class RoundState:
    """The state of a ticket in a round.

    While materials are awaited, ``resume_state`` is the state to go on from. ``since`` is when the state (or
    ``resume_state``) was reached: an event from before that is outdated.
    """

    state: TicketState
    round: int
    since: datetime
    resume_state: TicketState | None = None


def registered(now: datetime, round: int = 1) -> RoundState:
    """A ticket at the beginning of a round."""
    return RoundState(TicketState.REGISTERED, round, now)


def declined(current: RoundState, now: datetime) -> RoundState:
    """The ticket is not accepted. After the first round that is too late: it was accepted. Raises Conflict."""
    check(Act.DECLINE, current)
    if current.round > 1:
        raise Conflict("This ticket was accepted and answered before: it cannot be declined.")
    return RoundState(TicketState.DECLINED, current.round, now)


def withdrawn(current: RoundState, now: datetime) -> RoundState:
    """The citizen withdraws the ticket. Raises Conflict."""
    check(Act.WITHDRAW, current)
    return RoundState(TicketState.WITHDRAWN, current.round, now)


def awaiting_materials(current: RoundState) -> RoundState:
    """The citizen has to bring papers first. Raises Conflict."""
    check(Act.REQUEST_MATERIALS, current)
    return dataclasses.replace(current, state=TicketState.AWAITING_MATERIALS, resume_state=current.state)


def supplied(current: RoundState) -> RoundState:
    """The papers are here; the ticket goes on from the state that it has reached meanwhile. Raises Conflict."""
    check(Act.SUPPLY_MATERIALS, current)
    return dataclasses.replace(current, state=current.resume_state or TicketState.REGISTERED, resume_state=None)


def may_be_rated(current: RoundState, rated_rounds: Collection[int]) -> bool:
    """Whether the citizen can rate now."""
    return current.state in ALLOWED[Act.RATE] and current.round not in rated_rounds


def rated(current: RoundState, rating: Rating, rated_rounds: Collection[int], now: datetime) -> RoundState:
    """After the rating: a bad one opens the next round. Raises Conflict when this round cannot be rated (again)."""
    check(Act.RATE, current)
    if current.round in rated_rounds:
        raise Conflict("This round of the ticket has been rated already.")
    return registered(now, current.round + 1) if rating in BAD_RATINGS else current


def advanced(current: RoundState, reached: TicketState, round: int, at: datetime) -> RoundState:
    """The state after another service announced that ``round`` reached a state; an outdated event changes nothing.

    A ticket goes forward only, except between arbitration and assignment, where the later event counts.
    """
    if current.state in (TicketState.DECLINED, TicketState.WITHDRAWN) or round != current.round:
        return current
    present = current.resume_state or current.state
    is_newer = _PROGRESS[reached] > _PROGRESS[present] or (
        _PROGRESS[reached] == _PROGRESS[present] and at > current.since
    )
    if not is_newer:
        return current
    if current.state is TicketState.AWAITING_MATERIALS and reached not in ALLOWED[Act.RATE]:
        return dataclasses.replace(current, resume_state=reached, since=at)
    return RoundState(reached, round, at)


def check(act: Act, current: RoundState) -> None:
    """Raises Conflict where this cannot be done to a ticket in its state."""
    if current.state not in ALLOWED[act]:
        state = current.state.replace("_", " ")
        raise Conflict(f"This ticket is {state}: it cannot be {act}.")
