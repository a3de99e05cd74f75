"""What each fact does to the promise of a ticket. Pure: a ticket and a fact in, the ticket as it then is out.

Facts come in the order in which they happened (`history`). One whose cause is not known yet, or that is true already,
changes nothing; when the cause is heard of, the whole history is gone through again.
"""

from dataclasses import replace
from datetime import datetime

from schemas.enums import PROMISES, Complexity, DeadlineKind, DeadlineState
from services.deadline_watch.rules import pausing, transitions
from services.deadline_watch.rules.deadline import Deadline, Decision, Policy, Ticket
from services.deadline_watch.rules.facts import Fact


def registered(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The promise runs from registration, so that a stuck router cannot hide a breach."""
    return Decision(ticket) if ticket.promise(1) else _promised(ticket, DeadlineKind.ANSWER, 1, fact.at, policy)


def reopened(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """A new round has a new promise, of the kind that the last one had."""
    round = fact.round or 1
    last = ticket.promise(round - 1)
    if ticket.ended_at is not None or ticket.promise(round) or last is None:
        return Decision(ticket)
    return _promised(ticket, last.kind, round, fact.at, policy)


def _promised(ticket: Ticket, kind: DeadlineKind, round: int, at: datetime, policy: Policy) -> Decision:
    return Decision(ticket).then(
        transitions.start(kind, ticket, policy, about=ticket.ticket_id, round=round, department=ticket.lead, at=at)
    )


def routed(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The lead department answers for the promise; a complex ticket is promised a report instead of an answer."""
    if ticket.ended_at is not None:
        return Decision(ticket)
    led = tuple(
        replace(deadline, department=fact.department)
        if deadline.kind in PROMISES and deadline.ended_at is None
        else deadline
        for deadline in ticket.deadlines
    )
    return reclassified(replace(ticket, lead=fact.department, deadlines=led), fact, policy)


def reclassified(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """A complex ticket is owed a report, and the time already spent counts. What is broken stays so, and what was met
    before stays met.
    """
    round = fact.round or 1
    answer = ticket.promise(round, DeadlineKind.ANSWER)
    is_owed = ticket.ended_at is None and fact.complexity is Complexity.COMPLEX
    if not is_owed or answer is None or ticket.promise(round, DeadlineKind.REPORT):
        return Decision(ticket)
    caught_up = pausing.catch_up(answer, fact.at, policy)
    report = transitions.report_instead(caught_up.deadline, ticket, fact.at, policy)
    decision = Decision(ticket).then(caught_up)
    if caught_up.deadline.state is not DeadlineState.BREACHED:
        decision = decision.then(transitions.cancel(caught_up.deadline, fact.at, "complex", policy))
    return decision.then(report)


def materials_requested(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The promise waits for the applicant; what departments and leaders owe does not."""
    deadline = ticket.promise(ticket.last_round)
    if deadline is None:
        return Decision(ticket)
    return Decision(ticket).then(pausing.pause(deadline, fact.at, fact.working_days or 1, policy))


def materials_supplied(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The promise goes on."""
    deadline = ticket.promise(ticket.last_round)
    return Decision(ticket).then(pausing.supply(deadline, fact.at, policy)) if deadline else Decision(ticket)


def extension_granted(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The promise is due later."""
    deadline = ticket.promise(fact.round or 1)
    if deadline is None:
        return Decision(ticket)
    return Decision(ticket).then(transitions.extend(deadline, fact.working_days or 0, fact.at, policy))


def answered(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The solution was fed back. What is owed as a report is not stopped by it."""
    return _stopped(ticket, ticket.promise(fact.round or 1, DeadlineKind.ANSWER), fact, policy)


def report_filed(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The special-topic report was filed."""
    return _stopped(ticket, ticket.promise(fact.round or 1, DeadlineKind.REPORT), fact, policy)


def ended(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The ticket was declined or withdrawn: nothing is owed any more."""
    decision = Decision(replace(ticket, ended_at=ticket.ended_at or fact.at))
    why = fact.what.rpartition(".")[2]
    for deadline in ticket.deadlines:
        decision = decision.then(transitions.cancel(deadline, fact.at, why, policy))
    return decision


def recounted(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """Another calendar holds: what lay beyond the announced days is counted anew by it."""
    decision = Decision(ticket)
    for deadline in ticket.deadlines:
        if deadline.provisional and deadline.ended_at is None:
            decision = decision.then(transitions.recount(deadline, fact.at, policy))
    return decision


# Duties inside the house: to sign for an assignment, to arbitrate. They never wait for the applicant.


def assigned(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """A department has to sign for its assignment."""
    return _duty(DeadlineKind.ACKNOWLEDGE, ticket, fact, policy)


def arbitration_requested(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The duty leader has to say who is responsible."""
    return _duty(DeadlineKind.ARBITRATE, ticket, fact, policy)


def duty_done(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The department has signed or has sent its assignment back, which settles it too; or the leader has decided."""
    return _stopped(ticket, ticket.about(fact.about) if fact.about else None, fact, policy)


def replaced(ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    """The department need not sign any more."""
    deadline = ticket.about(fact.about) if fact.about else None
    return (
        Decision(ticket).then(transitions.cancel(deadline, fact.at, "replaced", policy))
        if deadline
        else Decision(ticket)
    )


def _duty(kind: DeadlineKind, ticket: Ticket, fact: Fact, policy: Policy) -> Decision:
    if ticket.ended_at is not None or fact.about is None or ticket.about(fact.about):
        return Decision(ticket)
    turn = transitions.start(
        kind,
        ticket,
        policy,
        about=fact.about,
        round=fact.round or 1,
        department=fact.department,
        at=fact.at,
    )
    return Decision(ticket).then(turn)


def _stopped(ticket: Ticket, deadline: Deadline | None, fact: Fact, policy: Policy) -> Decision:
    return Decision(ticket).then(transitions.stop(deadline, fact.at, policy)) if deadline else Decision(ticket)
