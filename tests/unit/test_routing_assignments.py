from collections.abc import Callable

import pytest

from schemas.center.center import ReturnRule
from schemas.enums import AssignmentState, Complexity, DepartmentRole, TicketState
from schemas.errors import Conflict
from services.calendar.calendar import work_calendar
from services.routing.rules.assignments import (
    ensure_may_accept,
    ensure_may_answer,
    ensure_may_close,
    ensure_may_complete,
    ensure_may_report,
    ensure_may_return,
    redistribute,
)
from services.routing.rules.ticket import Assignment, Ticket
from tests.builders import a_calendar
from tests.routing_builders import a_ticket, an_assignment, at

LEAD, ASSISTING = DepartmentRole.LEAD, DepartmentRole.ASSISTING
MADE, ACCEPTED, RETURNED, COMPLETED, REPLACED = AssignmentState


def returns(assignment: Assignment, when: str) -> None:
    ensure_may_return(assignment, ReturnRule(), work_calendar(a_calendar()), at(when))


def test_an_assignment_is_signed_for_once() -> None:
    ensure_may_accept(an_assignment(state=MADE))
    for state in (ACCEPTED, RETURNED, COMPLETED, REPLACED):
        with pytest.raises(Conflict, match=state):
            ensure_may_accept(an_assignment(state=state))


def test_what_was_not_signed_for_cannot_be_completed() -> None:
    ensure_may_complete(an_assignment())
    with pytest.raises(Conflict, match="sign for"):
        ensure_may_complete(an_assignment(state=MADE))


@pytest.mark.parametrize("state", [RETURNED, COMPLETED, REPLACED])
@pytest.mark.parametrize("act", [ensure_may_complete, lambda each: returns(each, "2025-01-24T11:00")])
def test_what_has_ended_can_neither_be_completed_nor_returned(
    state: AssignmentState, act: Callable[[Assignment], None]
) -> None:
    with pytest.raises(Conflict, match=state):
        act(an_assignment(state=state))


@pytest.mark.parametrize("state", [MADE, ACCEPTED])
def test_a_return_is_in_time_until_the_close_of_the_next_working_day(state: AssignmentState) -> None:
    made_on_friday_before_a_make_up_sunday = an_assignment(state=state)
    returns(made_on_friday_before_a_make_up_sunday, "2025-01-26T17:00")
    with pytest.raises(Conflict, match="2025-01-26 17:00"):
        returns(made_on_friday_before_a_make_up_sunday, "2025-01-26T17:01")


def test_the_duty_leaders_decision_cannot_be_returned() -> None:
    with pytest.raises(Conflict, match="final"):
        returns(an_assignment(final=True), "2025-01-24T11:00")


def test_routed_anew_those_who_stay_keep_what_they_have() -> None:
    lead, helper = an_assignment(), an_assignment(department="ZJJ", role=ASSISTING, state=COMPLETED)
    change = redistribute([lead, helper], "SWJ", ["ZJJ", "GAJ"])
    assert (change.kept, change.replaced, change.made) == ((lead, helper), (), (("GAJ", ASSISTING),))


def test_routed_anew_an_open_part_of_somebody_else_is_replaced() -> None:
    lead, helper = an_assignment(), an_assignment(department="ZJJ", role=ASSISTING)
    change = redistribute([lead, helper], "SWJ", [])
    assert (change.kept, change.replaced, change.made) == ((lead,), (helper,), ())


def test_another_role_is_another_part() -> None:
    helper = an_assignment(department="ZJJ", role=ASSISTING, state=COMPLETED)
    change = redistribute([helper], "ZJJ", [])
    assert (change.replaced, change.made) == ((helper,), (("ZJJ", LEAD),))


def test_work_that_was_done_stays_done_when_it_is_not_asked_for_any_more() -> None:
    change = redistribute([an_assignment(state=COMPLETED)], "ZJJ", [])
    assert (change.kept, change.replaced, change.made) == ((), (), (("ZJJ", LEAD),))


def test_whoever_returned_it_can_be_given_it_again() -> None:
    assert redistribute([an_assignment(state=RETURNED)], "SWJ", []).made == (("SWJ", LEAD),)


def a_complex_ticket(**changes: object) -> Ticket:
    return a_ticket(**({"complexity": Complexity.COMPLEX, "reported_at": at("2025-01-26T10:00")} | changes))


def test_an_ordinary_ticket_is_answered_once_the_lead_has_signed() -> None:
    ensure_may_answer(a_ticket(), [an_assignment()])
    with pytest.raises(Conflict, match="not signed"):
        ensure_may_answer(a_ticket(), [an_assignment(state=MADE)])
    with pytest.raises(Conflict, match="not signed"):
        ensure_may_answer(a_ticket(), [an_assignment(state=REPLACED)])


def test_a_part_of_a_former_lead_signs_for_nobody() -> None:
    former = an_assignment(department="ZJJ", state=COMPLETED)
    with pytest.raises(Conflict, match="not signed"):
        ensure_may_answer(a_ticket(), [former, an_assignment(state=MADE)])


def test_a_complex_ticket_is_not_answered_before_its_report() -> None:
    with pytest.raises(Conflict, match="report"):
        ensure_may_answer(a_complex_ticket(reported_at=None), [an_assignment()])


def test_a_complex_ticket_is_answered_after_every_department_is_done() -> None:
    lead, helper = an_assignment(state=COMPLETED), an_assignment(department="ZJJ", role=ASSISTING)
    with pytest.raises(Conflict, match="ZJJ"):
        ensure_may_answer(a_complex_ticket(), [lead, helper])
    ensure_may_answer(a_complex_ticket(), [lead, helper._replace(state=COMPLETED)])


def test_nothing_is_answered_while_the_duty_leader_has_to_decide() -> None:
    with pytest.raises(Conflict, match="duty leader"):
        ensure_may_answer(a_ticket(state=TicketState.IN_ARBITRATION), [an_assignment()])


@pytest.mark.parametrize("state", ["answered", "closed", "declined", "withdrawn"])
def test_what_has_ended_is_not_answered_or_reported_on_again(state: str) -> None:
    for act in (ensure_may_answer, ensure_may_report):
        with pytest.raises(Conflict, match=state):
            act(a_complex_ticket(state=TicketState(state)), [an_assignment()])


def test_only_a_complex_ticket_gets_a_report_and_only_one() -> None:
    ensure_may_report(a_complex_ticket(reported_at=None), [an_assignment()])
    with pytest.raises(Conflict, match="ordinary"):
        ensure_may_report(a_ticket(), [an_assignment()])
    with pytest.raises(Conflict, match="already"):
        ensure_may_report(a_complex_ticket(), [an_assignment()])


def test_only_what_was_answered_is_closed() -> None:
    ensure_may_close(a_ticket(state=TicketState.ANSWERED))
    with pytest.raises(Conflict, match="assigned"):
        ensure_may_close(a_ticket())
