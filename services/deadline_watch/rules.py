"""What each event does to the promise of a ticket. Pure: a ticket and an event in, the ticket as it then is out.

Events of different services come in any order. One whose cause is unknown raises TooEarly; one that is outdated, or was
heard before, changes nothing.
"""

from dataclasses import replace
from datetime import datetime

from schemas.tickets import (
    ExtensionGranted,
    MaterialsRequested,
    MaterialsSupplied,
    ReportFiled,
    TicketAnswered,
    TicketDeclined,
    TicketReclassified,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from schemas.words import PROMISES, Complexity, DeadlineKind, DeadlineState
from services.deadline_watch import pausing, turns
from services.deadline_watch.clocks import Decision, Policy, Ticket


class TooEarly(Exception):
    """The event overtook its cause, which will come."""


def registered(ticket: Ticket, event: TicketRegistered, policy: Policy) -> Decision:
    """The promise runs from registration, so that a stuck router cannot hide a breach."""
    return _promised(ticket, DeadlineKind.ANSWER, 1, event.registered_at, policy)


def reopened(ticket: Ticket, event: TicketReopened, policy: Policy) -> Decision:
    """A new round has a new promise, of the kind that the last one had."""
    if ticket.ended_at is not None or ticket.promise(event.round):
        return Decision(ticket)
    last = ticket.promise(event.round - 1)
    if last is None:
        raise TooEarly("the round before it is not known")
    return _promised(ticket, last.kind, event.round, event.reopened_at, policy)


def _promised(ticket: Ticket, kind: DeadlineKind, round: int, at: datetime, policy: Policy) -> Decision:
    return Decision(ticket).then(
        turns.start(kind, ticket, policy, about=ticket.ticket_id, round=round, department=ticket.lead, at=at)
    )


def routed(ticket: Ticket, event: TicketRouted, policy: Policy) -> Decision:
    """The lead department answers for the promise; a complex ticket is promised a report instead of an answer."""
    if ticket.ended_at is not None:
        return Decision(ticket)
    if ticket.promise(event.round) is None:
        raise TooEarly("the promise of this round is not known")
    if ticket.routed_at is None or event.routed_at >= ticket.routed_at:
        ticket = _led(ticket, event)
    if event.complexity is Complexity.COMPLEX:
        return _reclassified(ticket, event.round, event.routed_at, policy)
    return Decision(ticket)


def _led(ticket: Ticket, event: TicketRouted) -> Ticket:
    led = tuple(
        replace(clock, department=event.lead) if clock.kind in PROMISES and clock.ended_at is None else clock
        for clock in ticket.clocks
    )
    return replace(ticket, lead=event.lead, routed_at=event.routed_at, clocks=led)


def reclassified(ticket: Ticket, event: TicketReclassified, policy: Policy) -> Decision:
    """An ordinary ticket became complex: the time already spent counts."""
    if ticket.ended_at is not None or event.complexity is not Complexity.COMPLEX:
        return Decision(ticket)
    if ticket.promise(event.round) is None:
        raise TooEarly("the promise of this round is not known")
    return _reclassified(ticket, event.round, event.reclassified_at, policy)


def _reclassified(ticket: Ticket, round: int, at: datetime, policy: Policy) -> Decision:
    """What is broken stays so, and what was met before this was heard too; a report is owed all the same."""
    answer = ticket.promise(round, DeadlineKind.ANSWER)
    if answer is None or ticket.promise(round, DeadlineKind.REPORT):
        return Decision(ticket)
    caught_up = pausing.catch_up(answer, at, policy)
    report = turns.report_instead(caught_up.clock, ticket, at, policy)
    decision = Decision(ticket).then(caught_up)
    if caught_up.clock.state is not DeadlineState.BREACHED or at <= caught_up.clock.due_at:
        decision = decision.then(turns.cancel(caught_up.clock, at, "complex", policy))
    return decision.then(report)


def materials_requested(ticket: Ticket, event: MaterialsRequested, policy: Policy) -> Decision:
    """The promise waits for the applicant; what departments and leaders owe does not."""
    clock = ticket.promise_at(event.requested_at)
    if clock is None or (clock.asked_at is not None and event.requested_at <= clock.asked_at):
        return Decision(ticket)
    if clock.pause_ends_at is not None and event.requested_at < clock.pause_ends_at:
        raise TooEarly("the materials asked for before have not been supplied")
    return Decision(ticket).then(pausing.pause(clock, event.requested_at, event.working_days_left, policy))


def materials_supplied(ticket: Ticket, event: MaterialsSupplied, policy: Policy) -> Decision:
    """The promise goes on."""
    clock = ticket.promise_at(event.supplied_at)
    if clock is None:
        return Decision(ticket)
    if clock.asked_at is None and clock.ended_at is None:
        raise TooEarly("the request for materials is not known")
    return Decision(ticket).then(pausing.supply(clock, event.supplied_at, policy))


def extension_granted(ticket: Ticket, event: ExtensionGranted, policy: Policy) -> Decision:
    """The promise is due later."""
    clock = ticket.promise(event.round)
    if clock is None:
        return _unknown(ticket, "the promise of this round is not known")
    return Decision(ticket).then(turns.extend(clock, event.working_days, event.granted_at, policy))


def answered(ticket: Ticket, event: TicketAnswered, policy: Policy) -> Decision:
    """The solution was fed back. What is owed as a report is not stopped by it."""
    if ticket.promise(event.round) is None:
        return _unknown(ticket, "the promise of this round is not known")
    clock = ticket.promise(event.round, DeadlineKind.ANSWER)
    return Decision(ticket).then(turns.stop(clock, event.answered_at, policy)) if clock else Decision(ticket)


def report_filed(ticket: Ticket, event: ReportFiled, policy: Policy) -> Decision:
    """The special-topic report was filed."""
    clock = ticket.promise(event.round, DeadlineKind.REPORT)
    if clock is None:
        return _unknown(ticket, "the clock of the report is not known")
    return Decision(ticket).then(turns.stop(clock, event.filed_at, policy))


def declined(ticket: Ticket, event: TicketDeclined, policy: Policy) -> Decision:
    """Nothing is owed any more."""
    return _ended(ticket, event.declined_at, "declined", policy)


def withdrawn(ticket: Ticket, event: TicketWithdrawn, policy: Policy) -> Decision:
    """Nothing is owed any more."""
    return _ended(ticket, event.withdrawn_at, "withdrawn", policy)


def _ended(ticket: Ticket, at: datetime, why: str, policy: Policy) -> Decision:
    decision = Decision(replace(ticket, ended_at=ticket.ended_at or at))
    for clock in ticket.clocks:
        decision = decision.then(turns.cancel(clock, at, why, policy))
    return decision


def _unknown(ticket: Ticket, what: str) -> Decision:
    """Of a ticket that has ended there may be clocks that never were set; of any other the cause will come."""
    if ticket.ended_at is None:
        raise TooEarly(what)
    return Decision(ticket)
