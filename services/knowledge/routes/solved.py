"""Solved tickets like one that is being typed or that is there, and the departments that they speak for."""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import Any
from uuid import UUID

from schemas.center.center import Center
from schemas.enums import Role
from schemas.errors import NotFound
from schemas.requests.knowledge import (
    FindSolved,
    SolvedQuery,
    SolvedTicket,
    SolvedTickets,
    SuggestedDepartment,
    Suggestions,
)
from services.access import centers
from services.access.admission import route
from services.access.tokens import Actor
from services.calendar.calendar import work_calendar
from services.knowledge import store
from services.knowledge.actions.offering import offer
from services.knowledge.actions.suggesting import Question, SolvedCase, similar
from services.knowledge.rules.suggesting import LEAST_LIKENESS
from services.knowledge.rules.ticket import KnownTicket
from services.plumbing.http.group_commit import Call

SHOWN = 5
CENTER = {Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR}
ANYBODY = CENTER | {Role.LIAISON, Role.DEPARTMENT_HEAD}


@route("POST", "/similar", body=FindSolved, reply=SolvedTickets, roles=ANYBODY, keyed=False)
def find_similar(service: Any, call: Call) -> SolvedTickets:
    """Find solved tickets like one that is being typed; a liaison finds those that the own department had part in."""
    question = Question(call.body.title, call.body.text)
    return SolvedTickets(items=_similar(call, question))


@route("GET", "/similar", query=SolvedQuery, reply=SolvedTickets, roles=ANYBODY)
def show_similar(service: Any, call: Call) -> SolvedTickets:
    """Solved tickets like one that is there, as `POST /similar` finds them."""
    ticket = _ticket(call, call.query.ticket)
    return SolvedTickets(items=_similar(call, Question(ticket.title, ticket.text), but=ticket.id))


@route("GET", "/suggestions/<uuid:ticket_id>", reply=Suggestions, roles=CENTER)
def show_suggestions(service: Any, call: Call, ticket_id: UUID) -> Suggestions:
    """The three likeliest departments for a ticket, with the solved tickets that speak for each; none that returned it,
    and nothing where the first is not ahead by the margin of the center file. Nobody is routed by it.
    """
    ticket, center = _ticket(call, ticket_id), centers.current(call.tx, call.actor.center)
    offered = offer(call.tx, center, ticket)
    if not offered.is_clear:
        return Suggestions(items=())
    shown = _shown(call, center, [case for _, cases in offered.departments for case in cases])
    return Suggestions(
        items=tuple(
            SuggestedDepartment(
                department=each.department,
                likelihood=round(each.likelihood, 3),
                cases=tuple(shown[case.ticket_id] for case in cases if case.ticket_id in shown),
            )
            for each, cases in offered.departments
        )
    )


def _similar(call: Call, question: Question, but: UUID | None = None) -> tuple[SolvedTicket, ...]:
    near = similar(call.tx, call.actor.center, question)
    near = [case for case in near if case.likeness >= LEAST_LIKENESS and case.ticket_id != but]
    if not near:
        return ()
    return tuple(_shown(call, centers.current(call.tx, call.actor.center), near).values())[:SHOWN]


def _shown(call: Call, center: Center, cases: Sequence[SolvedCase]) -> dict[UUID, SolvedTicket]:
    """Those of the cases that the actor may see, in their order."""
    zone: tzinfo = work_calendar(center.calendar).zone or UTC
    ids = [case.ticket_id for case in cases]
    found = store.tickets.shown(call.tx, center.code, scope_of(call.actor), ids, zone)
    return {
        case.ticket_id: SolvedTicket(**found[case.ticket_id], likeness=round(case.likeness, 2))
        for case in cases
        if case.ticket_id in found
    }


def _ticket(call: Call, ticket_id: UUID) -> KnownTicket:
    ticket = store.tickets.find(call.tx, call.actor.center, scope_of(call.actor), ticket_id)
    if ticket is None:
        raise NotFound("no such ticket is known")
    return ticket


def scope_of(actor: Actor) -> str | None:
    """The department whose tickets the actor may see; None for all of the center."""
    return None if actor.has(*CENTER) else actor.department or ""
