"""Papers that may come later (容缺受理), to their end: what is tolerated, brought, and what follows where it is not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from schemas.center.thresholds import MatterRule
from schemas.events.materials import ToleranceGranted, ToleranceLapsed, ToleranceSupplied
from services.intake.actions import tolerance
from tests.builders import a_center
from tests.integration.intake_desk import CLERK, LEADER, LIAISON, NOW, Desk, an_applicant, opened_desk_of

MATTERS = {"licence": MatterRule(name="营业执照", tolerable=("租赁合同", "授权委托书"), limit_working_days=5)}
PROMISE: dict[str, Any] = {"items": ["租赁合同"], "promised_on": "2025-01-27", "signed": True}


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk_of(a_center(matters=MATTERS), amqp_uri, database_url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _morning(desk: Desk) -> None:
    desk.house.step(NOW)


def path_of(desk: Desk, **fields: Any) -> str:
    return f"/tickets/{desk.registers(**{'matter': 'licence'} | fields)['id']}/materials/tolerate"


def lapse(desk: Desk) -> int:
    """What the service does every half minute."""
    with desk.house.database.transaction() as tx:
        return tolerance.lapse(tx)


def test_only_what_the_matter_marks_as_tolerable_may_come_later(desk: Desk) -> None:
    wrong = PROMISE | {"items": ["租赁合同", "身份证"]}
    assert desk.refuses(422, "POST", path_of(desk), CLERK, wrong) == {
        "items": ["Not tolerable for this matter: 身份证."]
    }
    for matter in (None, "another"):
        assert "does not say" in desk.refuses(409, "POST", path_of(desk, matter=matter), CLERK, PROMISE)


def test_they_come_within_the_limit_of_the_matter(desk: Desk) -> None:
    late = PROMISE | {"promised_on": "2025-02-14"}
    assert "limit of the matter" in desk.refuses(422, "POST", path_of(desk), CLERK, late)["promised_on"][0]


def test_the_list_is_complete_and_what_came_is_announced(desk: Desk) -> None:
    path = path_of(desk)
    desk.does(path, **PROMISE)
    assert "complete" in desk.refuses(409, "POST", path, LEADER, PROMISE | {"items": ["授权委托书"]})
    desk.refuses(403, "POST", f"{path}/supply", LIAISON)
    (seen,) = desk.does(f"{path}/supply", LEADER)["tolerated"]
    assert seen["supplied_at"]
    assert "to come later" in desk.refuses(409, "POST", f"{path}/supply")
    ticket = path.split("/")[2]
    (granted,) = desk.tap.wait_for(ToleranceGranted, ticket)
    assert (granted.items, str(granted.due_on), granted.granted_by) == (("租赁合同",), "2025-01-27", "fang")
    (supplied,) = desk.tap.wait_for(ToleranceSupplied, ticket)
    assert (supplied.late, supplied.supplied_by) == (False, "gu")
    desk.house.step(NOW + timedelta(days=9))
    lapse(desk)
    assert desk.tap.of(ToleranceLapsed, ticket) == [], "they are there"


def test_who_broke_a_promise_is_believed_again_once_it_is_mended(desk: Desk) -> None:
    applicant = an_applicant()
    first, ended = path_of(desk, applicant=applicant), path_of(desk)
    for each in (first, ended):
        desk.does(each, **PROMISE)
    desk.does(f"/tickets/{ended.split('/')[2]}/withdraw")
    desk.house.step(NOW + timedelta(days=3, hours=13))
    lapse(desk)
    assert desk.tap.of(ToleranceLapsed, first.split("/")[2]) == [], "the day is not over"
    desk.house.step(NOW + timedelta(days=4))
    lapse(desk)
    assert lapse(desk) == 0
    (lapsed,) = desk.tap.wait_for(ToleranceLapsed, first.split("/")[2])
    assert str(lapsed.due_on) == "2025-01-27"
    assert desk.tap.of(ToleranceLapsed, ended.split("/")[2]) == [], "nobody waits for papers of what has ended"
    again = PROMISE | {"promised_on": "2025-01-28"}
    path = path_of(desk, applicant=applicant | {"name": "周"})
    assert "brought first" in desk.refuses(409, "POST", path, CLERK, again)
    desk.does(path_of(desk), **again)
    desk.does(f"{first}/supply")
    (supplied,) = desk.tap.wait_for(ToleranceSupplied, first.split("/")[2])
    assert supplied.late
    assert desk.does(path, **again)["tolerated"]
