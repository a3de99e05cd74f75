from typing import Any
from uuid import uuid4

import pytest

from schemas.center.center import ExtensionRule
from schemas.enums import Complexity, DeadlineKind, DeadlineState, Mark, TicketState
from schemas.errors import Conflict, Invalid
from schemas.events.deadlines import MarkVoided
from services.calendar.calendar import work_calendar
from services.routing.rules.deadlines import ensure_may_extend, ensure_may_reclassify, update_of
from services.routing.rules.ticket import Promise, Ticket
from tests.builders import a_calendar
from tests.routing_builders import a_promise, a_ticket, at, extends

CALENDAR = work_calendar(a_calendar())


def test_an_extension_is_asked_for_a_working_day_before_the_due_time() -> None:
    extends("2025-01-27T09:00")
    with pytest.raises(Conflict, match="until 2025-01-27 09:00"):
        extends("2025-01-27T09:01")


def test_what_was_requested_in_time_is_granted_while_the_promise_runs() -> None:
    extends("2025-01-27T17:00", requested="2025-01-27T09:00")
    with pytest.raises(Conflict, match="granted until 2025-01-27 17:00"):
        extends("2025-01-27T17:01", requested="2025-01-27T09:00")


def test_a_broken_promise_is_not_extended() -> None:
    with pytest.raises(Conflict, match="until 2025-01-27 09:00"):
        extends("2025-01-28T09:00", a_promise(state=DeadlineState.BREACHED))


def test_no_more_working_days_are_granted_than_the_center_allows() -> None:
    with pytest.raises(Invalid, match="At most 5"):
        extends("2025-01-24T10:00", working_days=6)


def test_a_promise_is_extended_once() -> None:
    with pytest.raises(Conflict, match="1 times already"):
        extends("2025-01-24T10:00", granted=1)


def test_a_deadline_that_waits_for_the_applicant_is_not_extended() -> None:
    with pytest.raises(Conflict, match="waits for the applicant"):
        extends("2025-01-24T10:00", a_promise(state=DeadlineState.PAUSED))


def test_a_promise_that_was_kept_is_not_extended() -> None:
    with pytest.raises(Conflict, match="kept already"):
        extends("2025-01-24T10:00", a_promise(state=DeadlineState.MET))


def test_before_the_deadline_is_known_nothing_is_extended() -> None:
    now = at("2025-01-24T10:00")
    with pytest.raises(Conflict, match="not known yet"):
        ensure_may_extend(ExtensionRule(), CALENDAR, None, working_days=1, granted=0, requested_at=now, now=now)


def reclassifies(
    when: str = "2025-01-27T17:00",
    *,
    ticket: Ticket | None = None,
    to: Complexity = Complexity.COMPLEX,
    promise: Promise | None = None,
) -> None:
    ensure_may_reclassify(ticket or a_ticket(), to, promise or a_promise(), CALENDAR, at(when))


def test_a_ticket_becomes_complex_until_its_promise_is_due() -> None:
    reclassifies("2025-01-27T17:00")
    with pytest.raises(Conflict, match="until 2025-01-27 17:00"):
        reclassifies("2025-01-27T17:01")


def test_while_the_deadline_waits_a_ticket_can_become_complex() -> None:
    reclassifies("2025-01-28T17:01", promise=a_promise(state=DeadlineState.PAUSED))


def test_no_ticket_becomes_ordinary() -> None:
    with pytest.raises(Invalid) as refusal:
        reclassifies(to=Complexity.ORDINARY)
    assert refusal.value.field == "complexity"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"complexity": Complexity.COMPLEX}, "complex already"),
        ({"complexity": None, "state": TicketState.IN_ARBITRATION}, "nobody has decided"),
        ({"state": TicketState.ANSWERED}, "answered already"),
    ],
)
def test_only_an_open_ordinary_ticket_becomes_complex(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(Conflict, match=why):
        reclassifies(ticket=a_ticket(**changes))


def test_what_is_void_does_not_say_which_department_has_the_deadline() -> None:
    void = MarkVoided(
        center="BC",
        ticket_id=uuid4(),
        deadline_id=uuid4(),
        kind=DeadlineKind.ANSWER,
        round=1,
        mark=Mark.BREACHED,
        level=2,
        mark_at=at("2025-01-27T17:00"),
        revision=1,
        sequence=5,
        state=DeadlineState.MET,
        department="SWJ",
    )
    assert update_of(void).department is None, "it names the department that was told of the mark"
